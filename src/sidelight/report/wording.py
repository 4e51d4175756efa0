"""Numbers and verdicts in the words that every rendering of a table shares."""

from sidelight.report.statistics import PairedDifference, Spread
from sidelight.report.table import Column, Comparison, StudyTable

ABSENT = "–"
"""Printed where nothing was measured."""
NOT_RUN = "not run"
"""Printed in the row of a condition that no run was made of."""

FAMILY = (
    "Differences are paired by seed: mean and 95 % t interval over seeds. p values are of two-sided paired t tests, "
    "adjusted by Holm’s method over the metrics of one table for one pair of conditions. “Detectable” is the smallest "
    "true difference that would have been found with power .8 at .05. “Null” is said only of an interval that lies "
    "within ±0.5 points. Bold marks an adjusted p below .05, nothing else."
)
"""How the numbers of a comparison are to be read."""


def digits(column: Column) -> int:
    """Decimals that the number of pictures can carry: 1 of a percentage, 2 from 10,000 on; 3 of a plain number."""
    return 3 if not column.share else 2 if column.n >= 10_000 else 1


def number(value: float, column: Column, *, sign: bool = False) -> str:
    """A value in percent (or as it is, for a plain number), with a true minus sign.

    >>> number(-0.0123, Column("a/gap", "gap", "", None, True, 900), sign=True)
    '−1.2'
    """
    places = digits(column)
    shown = round(100 * value if column.share else value, places) + 0.0  # + 0.0 makes -0.0 a plain zero
    return f"{shown:{'+' if sign and shown else ''}.{places}f}".replace("-", "−")


def mean_and_std(seen: Spread | None, column: Column) -> str:
    """`63.4 ± 0.5`; no ± for one seed."""
    if seen is None:
        return ABSENT
    mean = number(seen.mean, column)
    return mean if seen.std is None else f"{mean} ± {number(seen.std, column)}"


def cell(table: StudyTable, condition: str, column: Column) -> str:
    """What a table prints for a condition in a column."""
    if not table.seeds(condition):
        return NOT_RUN
    return mean_and_std(table.spread(condition, column.key), column)


def difference_and_interval(difference: PairedDifference, column: Column) -> str:
    """`+0.4 [−0.2, +1.0]`; no brackets where there is no interval."""
    mean = number(difference.mean, column, sign=True)
    return mean if difference.interval is None else f"{mean} {interval(difference.interval, column)}"


def interval(ends: tuple[float, float], column: Column) -> str:
    """`[−0.2, +1.0]`."""
    low, high = (number(end, column, sign=True) for end in ends)
    return f"[{low}, {high}]"


def p_value(p: float | None) -> str:
    """`p = .031`, `p < .001`, or nothing where no test was made."""
    if p is None:
        return ""
    if p < 0.001:
        return "p < .001"
    return f"p = {p:.3f}".replace("0.", ".", 1)


def detectable(comparison: Comparison, column: Column) -> str:
    """`detectable 0.9`, or nothing where there is no interval."""
    smallest = comparison.difference.detectable
    return "" if smallest is None else f"detectable {number(smallest, column)}"


def unit(column: Column) -> str:
    """What a difference in this column is counted in."""
    return " points" if column.share else ""


def direction(column: Column) -> str:
    """An arrow the way that is good, kept on the line of the word before it; or nothing."""
    return {True: "\u00a0↑", False: "\u00a0↓", None: ""}[column.higher_is_better]


def verdict_in_words(comparison: Comparison, column: Column) -> str:
    """What may be said of a difference, in a few words."""
    said = comparison.verdict
    if said.bound is None:
        return "one seed: no interval" if comparison.difference.n == 1 else "the same on every seed: no interval"
    bound = f"{number(said.bound, column)}{unit(column)}"
    return {
        "higher": "higher",
        "lower": "lower",
        "null": f"null: within ±{bound}",
        "inconclusive": f"no effect larger than {bound}",
        "no interval": "",
    }[said.kind]


def is_significant(comparison: Comparison) -> bool:
    """Whether the adjusted p is below .05: the only reason for bold type."""
    return comparison.adjusted_p is not None and comparison.adjusted_p < 0.05


def subset(name: str) -> str:
    """Which pictures a table is about."""
    return "all pictures" if name == "all" else name.replace("<=", " ≤ ")


def title(table: StudyTable) -> str:
    """What a table is about: its group, the split and the pictures."""
    group = f"{table.group}: " if table.group else ""
    words = f"{group}{table.split}, {subset(table.subset)}"
    return words[:1].upper() + words[1:]


def pair(names: tuple[str, str]) -> str:
    """What is subtracted from what."""
    return f"{names[0]} minus {names[1]}"


def pictures(n: int) -> str:
    """`900 pictures`, with thousands set apart."""
    return f"{n:,} picture{'' if n == 1 else 's'}"
