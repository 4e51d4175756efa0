"""Results of many runs, put in rows and columns, with the differences that they allow one to speak of."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidelight.records.result import Result
from sidelight.report.content import Condition, Content, Measured
from sidelight.report.statistics import (
    NULL_MARGIN,
    PairedDifference,
    Spread,
    Verdict,
    holm,
    paired_difference,
    spread,
    verdict,
)

SEEDS_FOR_A_CLAIM = 5
"""Fewer seeds than this, and a table is headed "not a claim"."""


@dataclass(frozen=True)
class Column:
    """One metric of one benchmark.

    Attributes:
        key: "benchmark/metric", unique.
        label: heading.
        definition: one sentence on what was computed.
        higher_is_better: which way is good; None when neither is.
        share: whether it is printed in percent.
        n: number of pictures behind each number.
    """

    key: str
    label: str
    definition: str
    higher_is_better: bool | None
    share: bool
    n: int

    @property
    def benchmark(self) -> str:
        """Name of the benchmark that the metric belongs to."""
        return self.key.split("/", 1)[0]


@dataclass(frozen=True)
class Comparison:
    """One condition against another in one metric.

    Attributes:
        treated: name of the condition of interest.
        control: name of the condition it is compared with.
        key: of the column.
        difference: treated minus control, paired by seed.
        adjusted_p: after Holm's correction over the columns of this table for this pair of conditions.
        verdict: what may be said.
    """

    treated: str
    control: str
    key: str
    difference: PairedDifference
    adjusted_p: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Standing:
    """Whether the numbers may be read as a claim, and why not.

    Attributes:
        claim: True with at least one control and 5 seeds of every condition.
        heading: put above every table.
    """

    claim: bool
    heading: str


@dataclass(frozen=True)
class StudyTable:
    """All numbers of one group of conditions on one part of the data.

    Attributes:
        group: of the conditions; "" for the main question.
        standing: whether the table may be read as a claim.
        split: which part of the dataset.
        subset: which of its pictures.
        columns: one a metric, grouped by benchmark.
        conditions: the rows; those of the group that were not run at all stand among them.
        values: (condition, column key) -> seed -> number; absent where a condition was not measured.
        comparisons: each treated condition against the baseline and every control, each control against the baseline.
    """

    group: str
    standing: Standing
    split: str
    subset: str
    columns: tuple[Column, ...]
    conditions: tuple[Condition, ...]
    values: Mapping[tuple[str, str], Mapping[int, float]]
    comparisons: tuple[Comparison, ...]

    def spread(self, condition: str, key: str) -> Spread | None:
        """Mean and spread over seeds of one cell; None where nothing was measured."""
        seen = self.values.get((condition, key))
        return spread(list(seen.values())) if seen else None

    def seeds(self, condition: str) -> tuple[int, ...]:
        """Seeds that a condition was measured on, in order."""
        return tuple(sorted({seed for (name, _), seen in self.values.items() if name == condition for seed in seen}))

    def comparison(self, pair: tuple[str, str], key: str) -> Comparison | None:
        """The comparison of (treated, control) in one column; None where one of them was not measured."""
        return next((c for c in self.comparisons if (c.treated, c.control, c.key) == (*pair, key)), None)

    def groups(self) -> tuple[tuple[str, tuple[Column, ...]], ...]:
        """Columns by benchmark."""
        grouped = itertools.groupby(self.columns, key=lambda column: column.benchmark)
        return tuple((benchmark, tuple(columns)) for benchmark, columns in grouped)

    def pairs(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Title -> the (treated, control) shown together: one group a treated condition, one for all controls."""
        treated = [condition.name for condition in self.conditions if condition.role == "treated"]
        groups: dict[str, dict[tuple[str, str], None]] = {}
        for c in self.comparisons:
            title = f"{c.treated} against the others" if c.treated in treated else f"controls against {c.control}"
            groups.setdefault(title, {})[c.treated, c.control] = None
        return {title: tuple(pairs) for title, pairs in groups.items()}


def standing(conditions: Sequence[Condition], results: Sequence[Measured]) -> Standing:
    """Decide whether conditions that are compared have what a claim needs: controls and seeds.

    Args:
        conditions: of one group.
        results: of any conditions; those of others are not counted.

    >>> standing((Condition("plain", "No guidance.", "baseline"),), []).heading
    'not a claim: no controls, 0 seeds'
    """
    run = {name for name, _, _ in results}
    controls = [c.name for c in conditions if c.role == "control" and (c.name in run or not run)]
    seeds_of = {
        condition.name: {seed for name, seed, _ in results if name == condition.name}
        for condition in conditions
        if condition.name in run
    }
    seeds = min(map(len, seeds_of.values()), default=0)
    counted = f"{seeds} seed{'' if seeds == 1 else 's'}"
    if not controls:
        return Standing(False, f"not a claim: no controls, {counted}")
    if seeds < SEEDS_FOR_A_CLAIM:
        return Standing(False, f"not a claim: {counted}, {SEEDS_FOR_A_CLAIM} are needed")
    return Standing(True, f"{counted}, control{'s' if len(controls) > 1 else ''}: {', '.join(controls)}")


def study_tables(content: Content) -> tuple[StudyTable, ...]:
    """One table for each group and part of the data: group after group, the parts as the results name them.

    Raises:
        UserFault: if two conditions that are compared do not have the same seeds.
        ValueError: if a number is measured twice, of an unknown condition, or called a share and outside [-1, 1].
    """
    group_of = {condition.name: condition.group for condition in content.conditions}
    parts: dict[tuple[str, str, str], list[Measured]] = {}
    for measured in content.results:
        name, _, result = measured
        if name not in group_of:
            raise ValueError(f"result of the condition {name!r}, known are {sorted(group_of)}")
        parts.setdefault((group_of[name], result.split, result.subset), []).append(measured)
    groups = list(dict.fromkeys(group_of.values()))
    return tuple(_table(content, *part, rows=parts[part]) for part in sorted(parts, key=lambda p: groups.index(p[0])))


def _table(content: Content, group: str, split: str, subset: str, *, rows: Sequence[Measured]) -> StudyTable:
    members = [condition for condition in content.conditions if condition.group == group]
    columns = _columns(content, rows)
    values: dict[tuple[str, str], dict[int, float]] = {}
    for name, seed, result in rows:
        cell = values.setdefault((name, _key(result)), {})
        if seed in cell:
            raise ValueError(f"{_key(result)} of {name!r}, seed {seed}, {split}, {subset} is measured twice")
        cell[seed] = result.value
    seen = {name for name, _ in values}
    run = {name for name, _, _ in content.results}
    conditions = tuple(c for c in members if c.name in seen or c.name not in run)
    compared = [column for column in columns if not _is_yardstick(column, values)]
    measured = [condition for condition in conditions if condition.name in seen]
    comparisons = tuple(
        comparison for pair in _pairs(measured) for comparison in _compare(*pair, compared, values=values)
    )
    claim = standing(members, content.results)
    return StudyTable(group, claim, split, subset, columns, conditions, values, comparisons)


def _key(result: Result) -> str:
    return f"{result.benchmark}/{result.metric}"


def _columns(content: Content, rows: Sequence[Measured]) -> tuple[Column, ...]:
    columns: dict[str, Column] = {}
    for _, _, result in rows:
        key = _key(result)
        share = key not in content.plain_numbers
        if share and math.isfinite(result.value) and abs(result.value) > 1:
            raise ValueError(f"{key} is {result.value}: no share; name it in `plain_numbers`")
        label = content.labels.get(key, result.metric.replace("_", " "))
        columns.setdefault(key, Column(key, label, result.definition, result.higher_is_better, share, result.n))
    benchmarks = list(dict.fromkeys(column.benchmark for column in columns.values()))
    return tuple(sorted(columns.values(), key=lambda column: benchmarks.index(column.benchmark)))


def _is_yardstick(column: Column, values: Mapping[tuple[str, str], Mapping[int, float]]) -> bool:
    """Whether a column is the same number in every row (what the photo's centre scores, say): shown, not compared."""
    seen = {value for (_, key), cell in values.items() if key == column.key for value in cell.values()}
    return column.higher_is_better is None and len(seen) == 1


def _pairs(conditions: Sequence[Condition]) -> list[tuple[str, str]]:
    """Treated against baseline and controls, then controls against the baseline."""

    def named(role: str) -> list[str]:
        return [condition.name for condition in conditions if condition.role == role]

    against = named("baseline") + named("control")
    return [(a, b) for a in named("treated") for b in against] + [
        (a, b) for a in named("control") for b in named("baseline")
    ]


def _compare(
    treated: str,
    control: str,
    columns: Sequence[Column],
    *,
    values: Mapping[tuple[str, str], Mapping[int, float]],
) -> list[Comparison]:
    shared = [column for column in columns if (treated, column.key) in values and (control, column.key) in values]
    differences = [
        paired_difference(
            values[treated, column.key], values[control, column.key], thing=f"{column.key} of {treated} and {control}"
        )
        for column in shared
    ]
    adjusted = holm([difference.p for difference in differences])
    return [
        Comparison(
            treated, control, column.key, difference, p, verdict(difference, p, null_margin=NULL_MARGIN * column.share)
        )
        for column, difference, p in zip(shared, differences, adjusted, strict=True)
    ]
