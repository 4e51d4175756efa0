"""Training curves: one number an epoch, a line a condition, a band over seeds."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sidelight.records.errors import UserFault
from sidelight.report.content import Condition, Curve, CurvePanel
from sidelight.report.figure import WIDTH, colours, dashes, new_panel, style


def curve_figure(curves: Sequence[Curve], conditions: Sequence[Condition], panel: CurvePanel) -> Figure | None:
    """Mean over seeds of one metric by epoch, with a band of one standard deviation (ddof 1) to either side.

    Args:
        curves: of all runs; those without the metric (no point head, say) are left out.
        conditions: in the order of the legend; they give the colours.
        panel: which metric.

    Returns:
        The figure; None if no run has the metric.

    Raises:
        UserFault: if the seeds of a condition ran for different numbers of epochs.
    """
    palette = colours(conditions)
    scale = 100 if panel.share else 1
    lines = [(c, runs) for c in conditions if len(runs := _runs(curves, c.name, panel.metric))]
    if not lines:
        return None
    with style():
        figure, axes = new_panel(WIDTH, 2.2, grid="y")
        for condition, runs in lines:
            epochs, mean = np.arange(1, runs.shape[1] + 1), scale * runs.mean(axis=0)
            colour = palette[condition.name]
            if len(runs) > 1:
                std = scale * runs.std(axis=0, ddof=1)
                axes.fill_between(epochs, mean - std, mean + std, color=colour, alpha=0.16, linewidth=0)
            axes.plot(epochs, mean, dashes(condition), color=colour, linewidth=1.7, label=condition.name)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.set_xlabel("epoch")
    return figure


def _runs(curves: Sequence[Curve], condition: str, metric: str) -> npt.NDArray[np.float64]:
    """[seeds, epochs] of one condition; empty if none of its runs has the metric."""
    found = [curve for curve in curves if curve.condition == condition and metric in curve.values]
    lengths = {curve.seed: len(curve.values[metric]) for curve in found}
    if len(set(lengths.values())) > 1:
        raise UserFault(
            f"curves of {metric} under {condition}",
            seen=", ".join(f"{epochs} epochs of seed {seed}" for seed, epochs in lengths.items()),
            allowed="the same number of epochs for every seed",
            remedy="Finish the shorter runs",
        )
    return np.array([curve.values[metric] for curve in found], dtype=np.float64)
