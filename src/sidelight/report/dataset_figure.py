"""What people did on a dataset, in one figure: how long, where, and how many they were."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from sidelight.report.figure import BLUE, INK, MUTED, PAPER, VERMILION, style


@dataclass(frozen=True)
class Behaviour:
    """What the figure draws; every array may be empty.

    Attributes:
        dwell_ms: [n] time before the decision, in ms.
        clicks: [n, 2] points Z, (x, y) in [0, 1] of the image.
        annotator_counts: [people] number of annotations of each.
        published_dwell_ms: probability -> quantile of the published law to compare with; {} to leave it out.
    """

    dwell_ms: npt.NDArray[np.floating]
    clicks: npt.NDArray[np.floating]
    annotator_counts: npt.NDArray[np.integer]
    published_dwell_ms: Mapping[float, float]


def stats_figure(behaviour: Behaviour, *, title: str) -> Figure:
    """Dwell times against the published quantiles, where clicks fell, and the number of annotations a person.

    Args:
        behaviour: of a dataset's annotators.
        title: name of the dataset; "(simulated)" belongs in it where that is so.
    """
    with style():
        figure = Figure(figsize=(10.4, 3.5), layout="constrained")
        figure.suptitle(title, x=0.01, ha="left", fontsize=12, fontweight="bold")
        dwell, clicks, people = figure.subplots(1, 3, width_ratios=(1.35, 1, 1.15))
        _draw_dwell(dwell, behaviour)
        _draw_clicks(clicks, behaviour.clicks)
        _draw_people(people, behaviour.annotator_counts)
    return figure


def _draw_dwell(axes: Axes, behaviour: Behaviour) -> None:
    axes.set(title="Dwell time", xlabel="ms, logarithmic", ylabel="annotations")
    axes.grid(visible=False, axis="x")
    positive = behaviour.dwell_ms[behaviour.dwell_ms > 0]
    if not positive.size:
        _say_none(axes)
        return
    low, high = np.percentile(positive, (0.1, 99.9))
    counts, *_ = axes.hist(positive, np.geomspace(low * 0.9, high * 1.1, 41).tolist(), color=BLUE, alpha=0.75)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylim(0, 1.5 * float(np.max(counts)))
    published = behaviour.published_dwell_ms
    probabilities = sorted(published) or [0.05, 0.25, 0.5, 0.75, 0.95]
    here = dict(zip(probabilities, np.quantile(positive, probabilities).tolist(), strict=True))
    _draw_quantiles(axes, here, "here", height=0.79, colour=BLUE)
    if published:
        _draw_quantiles(axes, published, "published", height=0.91, colour=VERMILION)


def _draw_quantiles(axes: Axes, quantiles: Mapping[float, float], whose: str, *, height: float, colour: str) -> None:
    """A row of ticks above the histogram, with a disc at the median."""
    place = axes.get_xaxis_transform()
    values = list(quantiles.values())
    axes.plot(values, [height] * len(values), "|", color=colour, markersize=7, markeredgewidth=1.6, transform=place)
    said = whose
    if 0.5 in quantiles:
        axes.plot(quantiles[0.5], height, "o", color=colour, markersize=6, transform=place)
        said = f"{whose}: median {quantiles[0.5]:,.0f}"
    axes.annotate(said, (0.01, height + 0.055), xycoords="axes fraction", color=colour, fontsize=8, va="center")


def _draw_clicks(axes: Axes, clicks: npt.NDArray[np.floating]) -> None:
    axes.set(title="Where people clicked", xlim=(0, 1), ylim=(1, 0), aspect="equal")
    axes.set_xticks((0, 0.5, 1), ("left", "middle", "right"))
    axes.set_yticks((0, 0.5, 1), ("top", "middle", "bottom"))
    axes.grid(visible=False)
    if not len(clicks):
        _say_none(axes)
        return
    counts, _, _ = np.histogram2d(clicks[:, 1], clicks[:, 0], bins=24, range=((0, 1), (0, 1)))
    shades = LinearSegmentedColormap.from_list("ink", (PAPER, BLUE, INK))
    axes.imshow(counts, extent=(0, 1, 1, 0), cmap=shades, interpolation="nearest")


def _draw_people(axes: Axes, counts: npt.NDArray[np.integer]) -> None:
    axes.set(title="Annotations a person", xlabel="people, the busiest first", ylabel="annotations")
    axes.grid(visible=False, axis="x")
    if not counts.size:
        _say_none(axes)
        return
    ranked = np.sort(counts)[::-1]
    axes.fill_between(
        np.arange(len(ranked) + 1), np.append(ranked, 0), step="post", color=BLUE, alpha=0.75, linewidth=0
    )
    axes.set(xlim=(0, len(ranked)), ylim=(0, None))
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.annotate(
        f"{len(ranked):,} people, median {np.median(ranked):,.0f}",
        (0.98, 0.95),
        xycoords="axes fraction",
        ha="right",
        va="top",
        color=INK,
        fontsize=8,
    )


def _say_none(axes: Axes) -> None:
    axes.annotate("none recorded", (0.5, 0.5), xycoords="axes fraction", ha="center", va="center", color=MUTED)
