"""Figures of a study's table: every run as a dot, and every paired difference with its interval."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sidelight.report.content import Condition
from sidelight.report.figure import BAND, INK, MUTED, PAPER, WIDTH, colours, marker, new_panel, style
from sidelight.report.statistics import NULL_MARGIN
from sidelight.report.table import Column, Comparison, StudyTable
from sidelight.report.wording import direction, is_significant


def runs_figure(table: StudyTable, column: Column) -> Figure:
    """One dot a run, a row a condition, a bar at the mean over seeds: what lies behind one column.

    Args:
        table: of one part of the data.
        column: of this table.
    """
    rows = [condition for condition in table.conditions if (condition.name, column.key) in table.values]
    palette = colours(table.conditions)
    with style():
        figure, axes = new_panel(WIDTH, 0.6 + 0.26 * len(rows), grid="x")
        for height, condition in enumerate(rows):
            _draw_runs(axes, height, condition, _scaled(table, condition, column), colour=palette[condition.name])
        _name_rows(axes, [condition.name for condition in rows])
        axes.set_xlabel(f"{column.label}{direction(column)}" + (", %" if column.share else ""))
    return figure


def differences_figure(table: StudyTable, pair: tuple[str, str]) -> Figure | None:
    """Paired differences of two conditions with their 95 % intervals, a row a metric; shares only, in points.

    Filled: the adjusted p is below .05. The grey band is the +-0.5 points within which an interval counts as null. All
    pairs of one table share their horizontal scale, so that they can be compared.

    Args:
        table: of one part of the data.
        pair: (treated, control), one of those in `table.pairs()`.

    Returns:
        The figure; None if no share was compared.
    """
    shares = {column.key: column for column in table.columns if column.share}
    rows = [c for c in table.comparisons if (c.treated, c.control) == pair and c.key in shares]
    if not rows:
        return None
    colour = colours(table.conditions)[pair[0]]
    reach = _reach([c for c in table.comparisons if c.key in shares])
    with style():
        figure, axes = new_panel(WIDTH, 0.6 + 0.24 * len(rows), grid="x")
        axes.axvspan(-100 * NULL_MARGIN, 100 * NULL_MARGIN, color=BAND, linewidth=0, zorder=0)
        axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
        for height, comparison in enumerate(rows):
            _draw_difference(axes, height, comparison, colour=colour)
        _name_rows(axes, [shares[c.key].label + direction(shares[c.key]) for c in rows])
        axes.set_xlim(-reach, reach)
        axes.set_xlabel("difference in points")
    return figure


def _scaled(table: StudyTable, condition: Condition, column: Column) -> list[float]:
    scale = 100 if column.share else 1
    return [scale * value for value in table.values[condition.name, column.key].values()]


def _draw_runs(axes: Axes, height: int, condition: Condition, values: Sequence[float], *, colour: str) -> None:
    axes.plot(
        values,
        np.full(len(values), height),
        marker(condition),
        color=colour,
        alpha=0.55,
        markersize=5,
        markeredgewidth=0,
    )
    mean = float(np.mean(values))
    axes.plot([mean, mean], [height - 0.33, height + 0.33], color=INK, linewidth=1.6, solid_capstyle="butt")


def _draw_difference(axes: Axes, height: int, comparison: Comparison, *, colour: str) -> None:
    difference = comparison.difference
    if difference.interval is not None:
        axes.plot([100 * end for end in difference.interval], [height, height], color=colour, linewidth=1.8)
    fill = colour if is_significant(comparison) else PAPER
    axes.plot(100 * difference.mean, height, "o", markersize=6, color=colour, markerfacecolor=fill, markeredgewidth=1.4)


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", labelcolor=INK)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)


def _reach(comparisons: Sequence[Comparison]) -> float:
    """Half-width of the scale in points: everything fits, and the band of null is always seen."""
    ends = [abs(end) for c in comparisons for end in (c.difference.interval or (c.difference.mean,))]
    return 1.08 * max(100 * max(ends), 150 * NULL_MARGIN)
