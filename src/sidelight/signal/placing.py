"""Points and boxes of many pictures at once: which points lie in a box, and how much the boxes cover."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Boxes:
    """The boxes of many pictures, one after the other.

    Attributes:
        corners: [n, 4] float64, x0 y0 x1 y1 in [0, 1].
        first: [pictures + 1] int; picture i has the boxes `first[i]` to `first[i + 1]`, exclusive.

    Raises:
        ValueError: if `first` does not start at 0, end at n and never decrease.
    """

    corners: FloatArray
    first: IndexArray

    def __post_init__(self) -> None:
        """Check that the two columns fit."""
        if self.first[0] != 0 or self.first[-1] != len(self.corners) or (np.diff(self.first) < 0).any():
            raise ValueError(f"{len(self.corners)} boxes do not fit the offsets {self.first}")

    @classmethod
    def of(cls, pictures: Iterable[Iterable[tuple[float, float, float, float]]]) -> "Boxes":
        """Gather boxes picture by picture.

        >>> Boxes.of([[(0.0, 0.0, 0.5, 1.0)], [], [(0.0, 0.0, 1.0, 1.0)]]).per_picture.tolist()
        [1, 0, 1]
        """
        lists = [list(boxes) for boxes in pictures]
        corners = np.array([box for boxes in lists for box in boxes], dtype=np.float64).reshape(-1, 4)
        return cls(corners, np.cumsum([0, *map(len, lists)]).astype(np.intp))

    @property
    def per_picture(self) -> IndexArray:
        """[pictures] number of boxes."""
        return np.diff(self.first)

    def contain(self, points: FloatArray) -> BoolArray:
        """Whether the pixel that each picture's point lies in belongs to any of its boxes.

        A point on a box's right or lower border lies in the next pixel, outside; the picture's own border has no next
        pixel and counts as inside: x0 <= x < x1, or x0 <= x = x1 = 1. On coarse grids this matters: the centre of a
        photo of 64 pixels lies on such a border for one in eighty of the boxes that cover at most half of it.

        Args:
            points: [pictures, 2] float64, (x, y).

        Returns:
            [pictures] bool; False where the picture has no box.

        >>> boxes = Boxes.of([[(0.0, 0.0, 0.5, 1.0)], []])
        >>> boxes.contain(np.array([[0.49, 1.0], [0.49, 1.0]])).tolist()
        [True, False]
        >>> boxes.contain(np.array([[0.5, 0.3], [0.5, 0.3]])).tolist()
        [False, False]
        """
        owner = np.repeat(np.arange(len(self.per_picture)), self.per_picture)
        x, y = points[owner].T
        x0, y0, x1, y1 = self.corners.T
        left_of, above = (x < x1) | ((x == x1) & (x1 >= 1.0)), (y < y1) | ((y == y1) & (y1 >= 1.0))
        hit = (x >= x0) & left_of & (y >= y0) & above
        return np.bincount(owner[hit], minlength=len(points)) > 0

    def area_of_union(self) -> FloatArray:
        """Share of each picture that its boxes cover together, exactly, [pictures] float64 in [0, 1].

        >>> Boxes.of([[(0.0, 0.0, 0.5, 1.0), (0.25, 0.0, 0.75, 1.0)]]).area_of_union().tolist()
        [0.75]
        """
        sides = np.maximum(self.corners[:, 2:] - self.corners[:, :2], 0.0)
        areas = np.zeros(len(self.per_picture))
        np.add.at(areas, np.repeat(np.arange(len(areas)), self.per_picture), sides.prod(axis=1))
        for i in np.flatnonzero(self.per_picture > 1).tolist():
            areas[i] = _union(self.corners[self.first[i] : self.first[i + 1]])
        return areas


def _union(corners: FloatArray) -> float:
    """Area of a union of boxes: the plane is cut along every side, and a cell counts if any box holds its middle."""
    xs, ys = np.unique(corners[:, [0, 2]]), np.unique(corners[:, [1, 3]])
    middle_x, middle_y = (xs[1:] + xs[:-1]) / 2, (ys[1:] + ys[:-1]) / 2
    in_x = (corners[:, :1] < middle_x) & (middle_x < corners[:, 2:3])
    in_y = (corners[:, 1:2] < middle_y) & (middle_y < corners[:, 3:])
    covered = (in_x[:, :, None] & in_y[:, None, :]).any(axis=0)
    return float(np.diff(xs) @ covered @ np.diff(ys))
