"""Does a class's map mark the object's pixels? Precision over pixels, and the share of relevance on the object."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.accuracy import refuse_nan
from sidelight.evaluate.contour_boxes import BoxLaw, Map, enlarged, stretched
from sidelight.records.errors import UserFault

Mask = npt.NDArray[np.bool_]


@dataclass
class PixelCounts:
    """Pixels of all photos by class, by whether they are on the object, and by the score that a map gives them.

    Memory does not grow with the number of photos.

    Attributes:
        classes: number of classes; 1 where all photos are pooled.
        law: how a map is enlarged and stretched to [0, 1]; the steps of its thresholds.
        counts: [classes, 2, T + 2] pixels off and on the object between one threshold and the next; 1 is the last.
    """

    classes: int
    law: BoxLaw
    counts: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros((self.classes, 2, len(self.law.thresholds) + 2), np.int64)

    def add(self, found: Map, mask: Mask, *, label: int = 0, ignore: Mask | None = None) -> None:
        """Count one map's pixels.

        Args:
            found: [h, w] any finite values; a constant map scores 0 everywhere.
            mask: [grid, grid] True on the object.
            label: class of the map, in [0, classes).
            ignore: [grid, grid] True where pixels do not count, unless they are on the object.
        """
        borders = np.append(self.law.thresholds, 1.0)
        step = np.searchsorted(borders, stretched(found, self.law).ravel(), side="right")
        counted = np.ones(mask.size, bool) if ignore is None else ~(ignore & ~mask).ravel()
        place = (mask.ravel().astype(np.intp) * self.counts.shape[2] + step)[counted]
        self.counts[label] += np.bincount(place, minlength=self.counts[0].size).reshape(2, -1)

    def average_precisions(self) -> npt.NDArray[np.float64]:
        """PxAP of each class: `sum_l P(tau_l) (R(tau_l) - R(tau_{l-1}))` over thresholds from high to low.

        P and R are precision and recall of the pixels that score at least tau_l, over all photos together; nothing is
        interpolated.

        Returns:
            [classes] in [0, 1]; NaN for a class with no pixel on an object.

        Source:
            choe2020wsol, section 4.2 (PxAP).
        """
        off, on = self.counts[:, :, ::-1].cumsum(axis=2).transpose(1, 0, 2)
        precision = np.divide(on, on + off, out=np.zeros(on.shape), where=on + off > 0)
        total = on[:, -1]
        area = (precision * np.diff(on, axis=1, prepend=0)).sum(axis=1)
        return np.divide(area, total, out=np.full(len(total), np.nan), where=total > 0)


def mass_accuracy(relevance: npt.NDArray[np.floating], mask: Mask) -> float:
    """Share of a map's positive part that lies on the object: `sum over the mask of relu(R) / sum of relu(R)`.

    Args:
        relevance: [h, w].
        mask: [h, w] True on the object.

    Returns:
        In [0, 1]. A map without a positive part counts as 0.

    Source:
        arras2022clevr (relevance mass accuracy).

    >>> mass_accuracy(np.array([[3.0, -1.0], [1.0, 0.0]]), np.array([[True, True], [False, False]]))
    0.75
    """
    positive = np.maximum(relevance, 0)
    return float(positive[mask].sum() / positive.sum()) if positive.any() else 0.0


def rank_accuracy(relevance: npt.NDArray[np.floating], mask: Mask) -> float:
    """Of the K most relevant pixels, the share that lies on the object, whose size is K.

    Where equal values straddle the K-th place, as many of them count as a random choice would find on average.

    Args:
        relevance: [h, w].
        mask: [h, w] True on the object, somewhere.

    Returns:
        In [0, 1].

    Source:
        arras2022clevr (relevance rank accuracy).

    >>> rank_accuracy(np.array([[3.0, 2.0], [1.0, 0.0]]), np.array([[True, False], [True, False]]))
    0.5
    """
    k = int(mask.sum())
    last = np.partition(relevance, -k, axis=None)[-k]
    above, level = relevance > last, relevance == last
    drawn = (k - int(above.sum())) * float(mask[level].mean())
    return (int(mask[above].sum()) + drawn) / k


@dataclass
class PixelTally:
    """The benchmark "pixel_ap", a photo and class at a time.

    Attributes:
        classes: number of classes.
        pooled: whether all photos count as of one class (one label a photo), or each class by itself (several).
        law: how a map is enlarged and stretched.
    """

    classes: int
    pooled: bool
    law: BoxLaw
    mass: list[float] = field(default_factory=list)
    rank: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counts = PixelCounts(1 if self.pooled else self.classes, self.law)

    def add(self, found: Map, mask: Mask, *, label: int, ignore: Mask | None = None) -> None:
        """Count one map; see `PixelCounts.add`. Mass and rank leave out ignored pixels too.

        Raises:
            UserFault: if the map is not of numbers (the training diverged).
        """
        refuse_nan(found[None], what="map")
        self.counts.add(found, mask, label=0 if self.pooled else label, ignore=ignore)
        if not mask.any():
            return
        relevance = enlarged(found, self.law.grid)
        kept = slice(None) if ignore is None else ~(ignore & ~mask)
        self.mass.append(mass_accuracy(relevance[kept], mask[kept]))
        self.rank.append(rank_accuracy(relevance[kept], mask[kept]))

    def numbers(self) -> dict[str, float]:
        """`pxap` of all photos together, or `mpxap` over the classes that have a pixel and how many of them have none.

        Returns:
            All in [0, 1] but `classes_without_pixels`; `mass_accuracy` and `rank_accuracy` are means over maps.

        Raises:
            UserFault: if no mask had a pixel.
        """
        each = self.counts.average_precisions()
        absent = int(np.isnan(each).sum())
        if absent == len(each):
            raise UserFault(
                "pixel_ap",
                seen="no pixel on an object",
                allowed=">= 1 mask of a class on its photo",
                remedy="Measure on photos with masks",
            )
        mean = float(np.nanmean(each))
        found = {"pxap": mean} if self.pooled else {"mpxap": mean, "classes_without_pixels": float(absent)}
        return found | {"mass_accuracy": float(np.mean(self.mass)), "rank_accuracy": float(np.mean(self.rank))}
