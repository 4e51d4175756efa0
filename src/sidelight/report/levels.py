"""What guidance is worth, level by level of one quantity: a table and a figure an axis, and differences of differences.

The tables of `report.table` compare conditions of one group; here the two that are compared may belong to any, and a
row is a level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sidelight.report.content import Axis, Contrast, Level
from sidelight.report.figure import BAND, BLUE, MUTED, PAPER, WIDTH, new_panel, style
from sidelight.report.statistics import NULL_MARGIN, PairedDifference, holm, paired_difference, spread
from sidelight.report.table import SEEDS_FOR_A_CLAIM, Column
from sidelight.report.wording import ABSENT, NOT_RUN, difference_and_interval, direction, mean_and_std, p_value

Values = Mapping[tuple[str, str], Mapping[int, float]]
"""(condition, column key) -> seed -> number; absent where a condition was not measured."""

SECONDS = "training/seconds"
"""Key of the seconds that a run's training took; printed as a ratio."""

FAMILY = (
    "Differences are with minus without guidance, paired by seed: mean and 95 % t interval over seeds. p values are of "
    "two-sided paired t tests, adjusted by Holm’s method over the levels of one table; those of contrasts stand alone. "
    "Bold marks an adjusted p below .05. Seconds: the median over seeds of guided to plain training time."
)
"""How the numbers are to be read."""


@dataclass(frozen=True)
class Worth:
    """A level with what was measured there.

    Attributes:
        level: which.
        column: of the number that is compared.
        treated: seed -> number with guidance, of the seeds that both have.
        control: seed -> number without.
        difference: treated minus control; None where no seed has both.
        p: of the difference, after Holm's correction over the levels of its axis.
    """

    level: Level
    column: Column
    treated: Mapping[int, float]
    control: Mapping[int, float]
    difference: PairedDifference | None
    p: float | None = None


def worths(levels: Sequence[Level], values: Values, column: Column) -> list[Worth]:
    """What guidance is worth in one metric at every level, in their order."""
    both = [_on_shared_seeds(values, (level.treated, level.control), column) for level in levels]
    found = [
        paired_difference(treated, control, thing=f"{column.label}: {level.treated} and {level.control}")
        if treated
        else None
        for level, (treated, control) in zip(levels, both, strict=True)
    ]
    adjusted = holm([None if difference is None else difference.p for difference in found])
    rows = zip(levels, both, found, adjusted, strict=True)
    return [Worth(level, column, treated, control, gain, p) for level, (treated, control), gain, p in rows]


def interaction(contrast: Contrast, values: Values, column: Column) -> PairedDifference | None:
    """`(treated - control) here - (treated - control) there`, paired by seed; None where no seed has all four."""
    here, there = contrast.here, contrast.there
    names = (here.treated, here.control, there.treated, there.control)
    a, b, c, d = _on_shared_seeds(values, names, column)
    if not a:
        return None
    worth_here, worth_there = ({s: x[s] - y[s] for s in x} for x, y in ((a, b), (c, d)))
    return paired_difference(worth_here, worth_there, thing=f"{column.label}: {contrast.sentence}")


def axis_table(axis: Axis, values: Values, column: Column) -> str:
    """A level a row: one metric with and without guidance, and what guidance costs.

    Args:
        axis: quantity and levels.
        values: of every condition.
        column: the metric that counts.

    Returns:
        Markdown. Bold marks an adjusted p below .05.
    """
    rows = _head(
        axis.name, "seeds", "without", "with", f"{column.label}{direction(column)}: with minus without", "seconds"
    )
    for worth in worths(axis.levels, values, column):
        if worth.difference is None:
            rows.append(_row(worth.level.at, "0", NOT_RUN, "", "", ""))
            continue
        sides = [mean_and_std(spread(list(side.values())), column) for side in (worth.control, worth.treated)]
        seeds, seconds = str(worth.difference.n), _seconds(worth.level, values)
        rows.append(_row(worth.level.at, seeds, *sides, _difference(worth), seconds))
    return "\n".join(rows)


def others_table(axis: Axis, values: Values, columns: Sequence[Column]) -> str:
    """A level a row: with minus without guidance in metrics beside the one that counts; arguments as `axis_table`'s."""
    by_column = [worths(axis.levels, values, column) for column in columns]
    rows = _head(axis.name, *(f"{column.label}{direction(column)}" for column in columns))
    for level, *seen in zip(axis.levels, *by_column, strict=True):
        rows.append(_row(level.at, *(_difference(worth) for worth in seen)))
    return "\n".join(rows)


def _head(*cells: str) -> list[str]:
    return [_row(*cells), "| --- |" + " --: |" * (len(cells) - 1)]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def contrasts_table(contrasts: Sequence[Contrast], values: Values, column: Column) -> str:
    """A contrast a row: guidance's worth here, there, and the difference of the two."""
    rows = _head("question", "worth here", "worth there", "here minus there", "seeds")
    for contrast in contrasts:
        here, there = worths((contrast.here, contrast.there), values, column)
        sides = [f"{side.level.at}: {_bare(side.difference, column)}" for side in (here, there)]
        found = interaction(contrast, values, column)
        both = _bare(found, column) + (f", {p_value(found.p)}" if found and found.p is not None else "")
        rows.append(_row(contrast.sentence, *sides, both, str(found.n if found else 0)))
    return "\n".join(rows)


def standing(axis: Axis, values: Values, column: Column) -> str:
    """How many seeds stand behind the levels that were run, and whether that is enough for a claim."""
    counts = [len(worth.treated) for worth in worths(axis.levels, values, column) if worth.difference]
    if not counts:
        return "Not run."
    fewest = min(counts)
    claim = "" if fewest >= SEEDS_FOR_A_CLAIM else f": not a claim, which needs {SEEDS_FOR_A_CLAIM}"
    return f"{fewest} seeds{claim}." if fewest == max(counts) else f"{fewest} to {max(counts)} seeds{claim}."


def axis_figure(axis: Axis, values: Values, column: Column) -> Figure | None:
    """Guidance's worth in points at every level that was run, with its 95 % interval; None if none was.

    Filled: the adjusted p is below .05. The grey band is the +-0.5 points within which an interval counts as null.
    """
    shown = [worth for worth in worths(axis.levels, values, column) if worth.difference is not None]
    if not shown:
        return None
    with style():
        figure, axes = new_panel(1.6 * WIDTH, 1.1 + 0.26 * len(shown), grid="x")
        axes.axvspan(-100 * NULL_MARGIN, 100 * NULL_MARGIN, color=BAND, linewidth=0, zorder=0)
        axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
        for row, worth in enumerate(shown):
            _draw(axes, row, worth)
        axes.set_yticks(range(len(shown)), [worth.level.at for worth in shown])
        axes.set_ylim(len(shown) - 0.5, -0.5)
        axes.set_xlabel("with minus without, points")
        axes.set_title(f"{column.label},\nby {axis.name}", fontsize=9)
    return figure


def _draw(axes: Axes, row: int, worth: Worth) -> None:
    difference = worth.difference
    assert difference is not None
    if difference.interval is not None:
        axes.plot([100 * end for end in difference.interval], [row, row], color=BLUE, linewidth=1.8)
    fill = BLUE if worth.p is not None and worth.p < 0.05 else PAPER
    axes.plot(100 * difference.mean, row, "o", color=BLUE, markersize=6, markerfacecolor=fill, markeredgewidth=1.4)


def _on_shared_seeds(values: Values, names: Sequence[str], column: Column) -> list[dict[int, float]]:
    """The numbers of several conditions, on the seeds that all of them have."""
    every = [values.get((name, column.key), {}) for name in names]
    seeds = sorted(set.intersection(*(set(each) for each in every)))
    return [{seed: each[seed] for seed in seeds} for each in every]


def _difference(worth: Worth) -> str:
    if worth.difference is None:
        return ABSENT
    shown = difference_and_interval(worth.difference, worth.column)
    strong = f"**{shown}**" if worth.p is not None and worth.p < 0.05 else shown
    return ", ".join(filter(None, (strong, p_value(worth.p))))


def _bare(difference: PairedDifference | None, column: Column) -> str:
    return NOT_RUN if difference is None else difference_and_interval(difference, column)


def _seconds(level: Level, values: Values) -> str:
    """The median over seeds of how many times as long the guided training took."""
    taken, plain = (values.get((name, SECONDS), {}) for name in (level.treated, level.control))
    ratios = [taken[seed] / plain[seed] for seed in sorted(taken.keys() & plain.keys())]
    return f"x {median(ratios):.2f}" if ratios else ABSENT


def levels_page(axes: Sequence[Axis], contrasts: Sequence[Contrast], values: Values, columns: Sequence[Column]) -> str:
    """All axes and contrasts in Markdown; of an axis that was run the figure is asked for as `levels-1.png` and so on.

    Args:
        axes: in order.
        contrasts: likewise; may be empty.
        values: of every condition.
        columns: metrics, the one that counts first.
    """
    first, parts = columns[0], []
    for number, axis in enumerate(axes, start=1):
        parts += [f"### {axis.name[:1].upper()}{axis.name[1:]}", standing(axis, values, first)]
        if any(worth.difference for worth in worths(axis.levels, values, first)):
            parts.append(f"![{first.label}, with minus without guidance, by {axis.name}](levels-{number}.png)")
        parts.append(axis_table(axis, values, first))
        if len(columns) > 1:
            parts += ["With minus without in other measures:", others_table(axis, values, columns[1:])]
    if contrasts:
        parts += ["### Contrasts", contrasts_table(contrasts, values, first)]
    return "\n\n".join([*parts, FAMILY]) + "\n"
