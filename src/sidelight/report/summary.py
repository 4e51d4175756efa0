"""What was compared and what was found, in plain sentences that are no stronger than the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from sidelight.report import wording
from sidelight.report.content import Content
from sidelight.report.table import Column, Comparison, StudyTable


@dataclass(frozen=True)
class Against:
    """How a condition stands to one other.

    Attributes:
        control: the other's name.
        words: what may be said.
        amount: difference and interval, with their unit.
        shown: whether a difference was shown (adjusted p below .05).
    """

    control: str
    words: str
    amount: str
    shown: bool


@dataclass(frozen=True)
class Finding:
    """One condition in one metric.

    Attributes:
        condition: its name.
        metric: heading of the column, with its arrow, and the part of the pictures where that is not the first table's.
        reached: mean and spread.
        against: every condition that it was compared with.
    """

    condition: str
    metric: str
    reached: str
    against: tuple[Against, ...]


def what_was_compared(content: Content, table: StudyTable) -> str:
    """One sentence on the conditions, the seeds and the pictures of a table."""
    seeds = {seed for condition in table.conditions for seed in table.seeds(condition.name)}
    repeated = f"{len(seeds)} seeds" if len(seeds) > 1 else "one seed"
    where = f"{wording.pictures(max(column.n for column in table.columns))} of the {table.split} split"
    where += f" of {content.dataset}" if content.dataset else ""
    names = [condition.name for condition in table.conditions if table.seeds(condition.name)]
    if len(names) == 1:
        return f"One way of training ({names[0]}, {repeated}) was measured on {where}."
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{len(names)} ways of training ({listed}) were compared, {repeated} each, on {where}."


def findings(content: Content, tables: Sequence[StudyTable]) -> tuple[Finding, ...]:
    """For each treated condition and each metric of the headline: what it reached, and how that compares.

    Where nothing is treated (a single plain run), every condition is spoken of.

    Args:
        content: of the report; `headline` chooses the metrics.
        tables: of one group, one a part of the data. A metric is taken from the first that has it: some are measured
            on photos with small boxes only.
    """
    first = tables[0]
    treated = [c for c in first.conditions if c.role == "treated"] or list(first.conditions)
    return tuple(
        _finding(table, condition.name, column, where="" if table is first else wording.subset(table.subset))
        for condition in treated
        for table, column in _headline(content, tables)
        if (condition.name, column.key) in table.values
    )


def _headline(content: Content, tables: Sequence[StudyTable]) -> list[tuple[StudyTable, Column]]:
    chosen: dict[str, tuple[StudyTable, Column]] = {}
    for table in tables:
        for column in table.columns:
            if column.key in content.headline:
                chosen.setdefault(column.key, (table, column))
    return list(chosen.values()) or [(tables[0], column) for column in tables[0].columns]


def _finding(table: StudyTable, condition: str, column: Column, *, where: str) -> Finding:
    reached = wording.mean_and_std(table.spread(condition, column.key), column) + (" %" if column.share else "")
    against = [_against(c, column) for c in table.comparisons if (c.treated, c.key) == (condition, column.key)]
    metric = column.label + wording.direction(column) + (f", {where}" if where else "")
    return Finding(condition, metric, reached, tuple(against))


def _against(comparison: Comparison, column: Column) -> Against:
    words = wording.verdict_in_words(comparison, column)
    amount = wording.difference_and_interval(comparison.difference, column) + wording.unit(column)
    return Against(comparison.control, words, amount, wording.is_significant(comparison))
