"""What a set of annotations looks like, number by number, beside the numbers published for the public data.

Every function takes whole columns and gives rows. Nothing here knows about files, tables or printing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.records.annotation import PointPolicy
from sidelight.signal.placing import Boxes

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

PAPER = "han2023luab"
REANALYSIS = "aldakata2024byproducts"

DWELL_QUANTILES = {
    0.05: 172.0,
    0.10: 231.0,
    0.25: 339.0,
    0.50: 515.0,
    0.75: 825.0,
    0.90: 1290.0,
    0.95: 1694.0,
    0.99: 2825.0,
}
"""Published quantiles of the dwell on a selected picture in ms, read off a histogram with bins of 100 ms."""

DWELL_BANDS = ((0.0, 200.0, 0.06), (200.0, 1e3, 0.77), (1e3, 2e3, 0.139), (2e3, 3e3, 0.023), (3e3, np.inf, 0.008))
"""(from, below, published share) in ms."""

INTERVAL_QUANTILES = {0.05: 20.0, 0.25: 29.0, 0.50: 33.0, 0.75: 47.0, 0.90: 93.0, 0.95: 152.0, 0.99: 290.0}
"""Published quantiles of the time between two pointer samples in ms, of intervals above 0 and below 350 ms."""

LONGEST_INTERVAL_MS = 350.0

TOO_FAST_MS = 300.0
"""An annotator whose mean dwell is shorter can hardly have looked."""

Unit = Literal["share", "ms", "count", "index"]


@dataclass(frozen=True)
class Statistic:
    """One number about a dataset.

    Attributes:
        name: what it is.
        value: in `unit`; None when there was nothing to compute it from.
        unit: "share" in [0, 1], "ms", "count", or "index" (without unit).
        n: how many things are behind it.
        published: the same number in the public data; None when none is published.
        source: key in the bibliography of `published`.
    """

    name: str
    value: float | None
    unit: Unit
    n: int
    published: float | None = None
    source: str = ""


def share(name: str, true: npt.ArrayLike, published: float | None = None, source: str = "") -> Statistic:
    """The share of true values.

    >>> share("selected", [True, True, False, True]).value
    0.75
    """
    values = np.asarray(true)
    mean = float(values.mean()) if values.size else None
    return Statistic(name, mean, "share", int(values.size), published, source if published is not None else "")


def without_published(rows: Iterable[Statistic]) -> tuple[Statistic, ...]:
    """The same numbers with nothing beside them: the published dwells, intervals and people are those of browsing.

    >>> without_published([share("selected", [True], 0.867, "han2023luab")])[0].published is None
    True
    """
    return tuple(replace(row, published=None, source="") for row in rows)


def dwell_statistics(dwell_ms: FloatArray) -> tuple[Statistic, ...]:
    """Quantiles of the dwell, and its share in each published band.

    Args:
        dwell_ms: [n] of selected pictures, without unknown ones.

    Source: aldakata2024byproducts, computed from ImageNet-AB (han2023luab).
    """
    quantiles = _quantiles("dwell", dwell_ms, DWELL_QUANTILES)
    bands = [
        share(f"dwell {_band(low, high)}", (dwell_ms >= low) & (dwell_ms < high), published, REANALYSIS)
        for low, high, published in DWELL_BANDS
    ]
    return *quantiles, *bands


def interval_statistics(interval_ms: FloatArray) -> tuple[Statistic, ...]:
    """Mean, spread and quantiles of the time between two pointer samples, longer than 0 and shorter than 350 ms.

    Longer ones are pauses, and equal time stamps occur in browsers: the published numbers leave both out.

    Args:
        interval_ms: [n] differences of successive `move` events of one visit to a picture.

    Source: aldakata2024byproducts.
    """
    kept = interval_ms[(interval_ms > 0) & (interval_ms < LONGEST_INTERVAL_MS)]
    n = len(kept)
    mean, spread = (float(kept.mean()), float(kept.std())) if n else (None, None)
    return (
        Statistic("interval, mean", mean, "ms", n, 47.4, REANALYSIS),
        Statistic("interval, standard deviation", spread, "ms", n, 44.3, REANALYSIS),
        *_quantiles("interval", kept, INTERVAL_QUANTILES),
    )


def annotator_statistics(annotators: Sequence[str], dwell_ms: FloatArray) -> tuple[Statistic, ...]:
    """How many people there were, how unequally they shared the work, how fast they were.

    Args:
        annotators: [n] pseudonyms, of the annotations with a dwell; "" (unknown) is left out.
        dwell_ms: [n] of the same annotations.

    Source: aldakata2024byproducts.
    """
    names = np.asarray(annotators, dtype=np.str_)
    known = names != ""
    _, person, counts = np.unique(names[known], return_inverse=True, return_counts=True)
    n = len(counts)
    if not n:
        return (Statistic("annotators", 0.0, "count", 0, 1705.0, REANALYSIS),)
    means = np.bincount(person, weights=dwell_ms[known]) / counts
    busiest = np.sort(counts)[::-1][: max(1, round(0.1 * n))]
    return (
        Statistic("annotators", float(n), "count", n, 1705.0, REANALYSIS),
        Statistic("annotations each, median", float(np.median(counts)), "count", n, 199.0, REANALYSIS),
        Statistic("annotations each, Gini index", gini(counts), "index", n, 0.678, REANALYSIS),
        Statistic(
            "annotations by the busiest tenth", float(busiest.sum() / counts.sum()), "share", n, 0.55, REANALYSIS
        ),
        Statistic("mean dwell each, median", float(np.median(means)), "ms", n, 815.0, REANALYSIS),
        share("annotators with a mean dwell below 300 ms", means < TOO_FAST_MS, 40 / 1705, REANALYSIS),
    )


def gini(counts: npt.NDArray[np.integer] | FloatArray) -> float:
    """How unequal counts are: 0 when all are equal, near 1 when one has everything.

        G = sum_i (2 i - n - 1) c_i / (n sum c),   c sorted upwards, i = 1 .. n

    >>> gini(np.array([5, 5, 5])), gini(np.array([0, 0, 0, 4]))
    (0.0, 0.75)
    """
    ordered = np.sort(counts)
    n = len(ordered)
    return float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum()))


def box_statistics(boxes: Boxes) -> tuple[Statistic, ...]:
    """How much of the pictures the boxes cover, and what pointing without looking would hit.

    For the pictures with a box, and those whose boxes cover at most 50 % and 25 %: the share whose centre lies in a box
    (a constant guess), and the probability that a uniform-random point does, which is the mean covered area, exactly.
    A click says something about the object only if it is in the box more often than the centre is.

    Args:
        boxes: of all pictures.
    """
    area = boxes.area_of_union()
    boxed = boxes.per_picture > 0
    centre = boxes.contain(np.full((len(boxed), 2), 0.5))
    rows = [share("pictures with a box", boxed)]
    for limit, suffix in ((1.0, ""), (0.5, ", boxes <= 50 %"), (0.25, ", boxes <= 25 %")):
        kept = boxed & (area <= limit)
        if limit < 1.0:
            rows.append(share(f"boxes cover <= {100 * limit:.0f} %", area[boxed] <= limit))
        rows.append(share(f"picture centre in a box{suffix}", centre[kept]))
        rows.append(share(f"uniform-random point in a box{suffix}", area[kept]))
    rows.append(share("boxes cover >= 95 %", area[boxed] >= 0.95))
    return tuple(rows)


def click_statistics(clicks: FloatArray, boxes: Boxes, *, policy: PointPolicy) -> tuple[Statistic, ...]:
    """How many clicks lie in a box of their class, where there is one.

    Args:
        clicks: [n, 2] (x, y) in [0, 1].
        boxes: of the n clicks: those that each should hit.
        policy: which click stands for a record.

    Source: han2023luab: 82.9 % in the box (browsing).
    """
    hit, area, boxed = boxes.contain(clicks), boxes.area_of_union(), boxes.per_picture > 0
    published = 0.829 if policy in ("first", "final") else None
    return (
        share(f"clicks in a box ({policy})", hit[boxed], published, PAPER),
        share(f"clicks in a box ({policy}), boxes <= 50 %", hit[boxed & (area <= 0.5)]),
        share(f"clicks in a box ({policy}), boxes <= 25 %", hit[boxed & (area <= 0.25)]),
    )


def mask_statistic(on_mask: BoolArray, *, policy: PointPolicy) -> Statistic:
    """How many clicks lie on the mask of their class.

    Args:
        on_mask: [n] of the clicks on pictures whose mask holds their class.
        policy: which click stands for a record.

    Source: han2023luab: 92.3 % of the icons (tagging).
    """
    published = 0.923 if policy in ("last_add", "final_position") else None
    return share(f"clicks on the mask ({policy})", on_mask, published, PAPER)


def map_statistics(halves: FloatArray, middles: FloatArray) -> tuple[Statistic, ...]:
    """How narrow heat maps are, and how far from the middle of their pictures: what a constant map could know of them.

    Args:
        halves: [n] smallest share of the picture that holds half of a map, in [0, 0.5]; see `heat_map.half_area`.
        middles: [n, 2] centre of mass of each map, (x, y) in [0, 1].
    """
    n, away = len(halves), np.hypot(*(middles - 0.5).T)
    return (
        Statistic("pictures with a heat map", float(n), "count", n),
        Statistic("smallest area that holds half of a map, median", float(np.median(halves)), "share", n),
        Statistic("centre of a map to the middle of its picture, median, in sides", float(np.median(away)), "index", n),
    )


def _quantiles(name: str, values: FloatArray, published: dict[float, float]) -> list[Statistic]:
    found = np.quantile(values, list(published)).tolist() if len(values) else [None] * len(published)
    return [
        Statistic(f"{name}, {q:.0%} quantile", value, "ms", len(values), expected, REANALYSIS)
        for (q, expected), value in zip(published.items(), found, strict=True)
    ]


def _band(low: float, high: float) -> str:
    if not low:
        return f"below {high:.0f} ms"
    return f"{low:.0f} ms or more" if np.isinf(high) else f"{low:.0f} to {high:.0f} ms"
