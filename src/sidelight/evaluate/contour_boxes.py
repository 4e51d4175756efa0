"""From a map to boxes, as the evaluator of weakly supervised localisation draws them, at every threshold.

The law, pixel by pixel: enlarge to the grid (bicubic), stretch to [0, 1], quantise to `q = floor(255 m)`; at threshold
tau keep `q > int(tau max q)`, follow all contours, those of holes too, and take the upright rectangle around each, as
(x, y, min(x + width, grid - 1), min(y + height, grid - 1)).
"""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from sidelight.evaluate.level_sets import LEVELS, Pieces, pieces
from sidelight.records.errors import UserFault

Map = npt.NDArray[np.floating]
Boxes = npt.NDArray[np.floating]
GridBoxes = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BoxLaw:
    """What the evaluator leaves open.

    Raises:
        UserFault: for a step out of (0, 1), or a grid that is too small or too large.
    """

    grid: int = 224
    """Pixels a side that maps are enlarged to and boxes are drawn on."""
    step: float = 0.001
    """Between thresholds: 0, step, 2 step ... below 1. The authors' training code takes 0.001, their command line
    0.01."""
    stretch: Literal["after", "before"] = "after"
    """When a map is stretched to [0, 1]: after enlarging, as the authors do, or before (what enlarging overshoots is
    cut off)."""

    def __post_init__(self) -> None:
        if not 0 < self.step < 1:
            raise UserFault("step of the thresholds", seen=f"{self.step:g}", allowed="(0, 1)", remedy="Take 0.001")
        if not 2 <= self.grid <= 1024:
            raise UserFault("grid of the maps", seen=str(self.grid), allowed="2 to 1024 pixels", remedy="Take 224")

    @property
    def thresholds(self) -> Shares:
        """[T] from 0 to below 1."""
        return np.arange(0, 1, self.step)


@dataclass(frozen=True)
class LevelBoxes:
    """The boxes of one map at every level that a threshold can have.

    Attributes:
        largest: [256, 4] around the contour with the largest area; zeros where nothing is above the level.
        every: [m, 4] around each contour at each level.
        level: [m] of these.
        highest: the largest value of q.
    """

    largest: GridBoxes
    every: GridBoxes
    level: npt.NDArray[np.int64]
    highest: int

    def overlaps(self, truth: GridBoxes, law: BoxLaw) -> tuple[Shares, Shares]:
        """How well the boxes fit any of the true ones, [T] each: the largest contour's, and the best of all contours.

        Args:
            truth: [Q, 4] on the grid, Q >= 1.
            law: that the boxes were made by.
        """
        one = box_iou(self.largest, truth).max(axis=1)
        best = one.copy()
        np.maximum.at(best, self.level, box_iou(self.every, truth).max(axis=1))
        levels = self.levels(law)
        return one[levels], best[levels]

    def levels(self, law: BoxLaw) -> npt.NDArray[np.int64]:
        """[T] the level of each threshold."""
        return (law.thresholds * self.highest).astype(np.int64)


def level_boxes(found: Map, law: BoxLaw) -> LevelBoxes:
    """Draw the boxes of a map.

    Args:
        found: [h, w] any finite values; a constant map makes no box.
        law: how.

    Source:
        choe2020wsol, section 4.1; the boxes of all contours are those of their later MaxBoxAccV2.
    """
    heights = stretched(found, law)
    heights *= np.float32(255)
    highest = int(heights.max())
    if not highest:
        none = np.zeros((0, 4), np.int64)
        return LevelBoxes(np.zeros((LEVELS, 4), np.int64), none, none[:, 0], 0)
    found_pieces = pieces(heights)
    areas = np.where(found_pieces.there, found_pieces.area, np.int32(-1))
    known = _known(found_pieces, areas)
    largest = _largest(found_pieces, areas, law.grid)
    boxes, levels = _boxes(found_pieces, known, law.grid)
    rest = np.flatnonzero(~known[:highest])
    if len(rest):
        largest[rest], further, at = _followed(heights.astype(np.uint8), rest.tolist())
        boxes, levels = np.concatenate([boxes, further]), np.concatenate([levels, at])
    return LevelBoxes(largest, boxes, levels, highest)


def grid_boxes(boxes: Boxes, *, grid: int) -> GridBoxes:
    """People's boxes on the grid, under the same law as those of maps: corners cut to whole pixels, ends <= grid - 1.

    Their code starts from boxes whose last pixel is included, ours end where the last pixel ends: up to one pixel of
    the photo more at the right and at the bottom.

    >>> grid_boxes(np.array([[0.25, 0.0, 0.75, 1.0]]), grid=8)
    array([[2, 0, 6, 7]])
    """
    # A box that came from whole pixels must not lose one to rounding.
    return np.minimum(np.floor(np.reshape(boxes, (-1, 4)) * grid + 1e-6), grid - 1).astype(np.int64)


def box_iou(first: GridBoxes, second: GridBoxes) -> Shares:
    """Overlap of boxes whose corners are both included: sides are `x1 - x0 + 1`.

    Args:
        first: [..., n, 4].
        second: [..., m, 4].

    Returns:
        [..., n, m] in [0, 1].

    >>> box_iou(np.array([[0, 0, 1, 1]]), np.array([[1, 0, 2, 1]]))
    array([[0.33333333]])
    """
    a, b = first[..., :, None, :], second[..., None, :, :]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]) + 1
    shared = np.maximum(sides[..., 0], 0) * np.maximum(sides[..., 1], 0)
    areas = _area(first)[..., :, None] + _area(second)[..., None, :]
    return shared / (areas - shared)


def enlarged(found: Map, grid: int) -> npt.NDArray[np.float32]:
    """[grid, grid] the map, bicubic; a constant one becomes 0."""
    if found.min() == found.max():  # bicubic weights do not add up to exactly 1: a constant would get a texture
        return np.zeros((grid, grid), np.float32)
    return np.asarray(cv2.resize(found.astype(np.float32), (grid, grid), interpolation=cv2.INTER_CUBIC), np.float32)


def stretched(found: Map, law: BoxLaw) -> npt.NDArray[np.float32]:
    """[grid, grid] the map enlarged and stretched to [0, 1]; 0 for a constant one."""
    if law.stretch == "before":
        return np.clip(enlarged(_to_unit(found.astype(np.float32)), law.grid), 0, 1)
    return _to_unit(enlarged(found, law.grid))


def _to_unit(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """In place."""
    low, high = values.min(), values.max()
    values -= low
    if high > low:
        values /= high - low
    return values


def _area(boxes: GridBoxes) -> npt.NDArray[np.int64]:
    return (boxes[..., 2] - boxes[..., 0] + 1) * (boxes[..., 3] - boxes[..., 1] + 1)


def _known(found: Pieces, areas: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """[256] whether the pieces tell all contours, and which has the largest area.

    Holes have contours of their own, and add to the area of the one around them; of equal areas OpenCV's order decides.
    Such levels are left to OpenCV.
    """
    if len(areas) == 1:
        return found.holes == 0
    second, largest = np.partition(areas, -2, axis=0)[-2:]
    return (found.holes == 0) & (largest > second)


def _boxes(found: Pieces, known: npt.NDArray[np.bool_], grid: int) -> tuple[GridBoxes, npt.NDArray[np.int64]]:
    """All pieces' boxes [m, 4] at the levels that are known, and which level each is of."""
    piece, level = np.nonzero(found.there & known)
    corners = found.corners.transpose(0, 2, 1)[piece, level].astype(np.int64)
    return np.minimum(corners + np.array([0, 0, 1, 1]), grid - 1), level


def _largest(found: Pieces, areas: npt.NDArray[np.int32], grid: int) -> GridBoxes:
    """[256, 4] the box of the piece with the largest area; zeros where there is none."""
    place = areas.argmax(axis=0)
    corners = found.corners[place, :, np.arange(LEVELS)].astype(np.int64)
    boxes = np.minimum(corners + np.array([0, 0, 1, 1]), grid - 1)
    return boxes * np.any(found.there, axis=0, keepdims=True).T


def _followed(q: npt.NDArray[np.uint8], levels: list[int]) -> tuple[GridBoxes, GridBoxes, npt.NDArray[np.int64]]:
    """OpenCV's contours: the largest one's box at each of these levels, all boxes, and which level each is of."""
    largest, every, at = [], [], []
    for level in levels:
        _, binary = cv2.threshold(q, level, 255, cv2.THRESH_BINARY)
        contours = cv2.findContours(binary, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)[0]
        largest.append(cv2.boundingRect(max(contours, key=cv2.contourArea)))
        every += [cv2.boundingRect(contour) for contour in contours]
        at += [level] * len(contours)
    boxes = np.array(largest + every, np.int64)
    boxes[:, 2:] = np.minimum(boxes[:, :2] + boxes[:, 2:], np.array(q.shape[::-1]) - 1)
    return boxes[: len(levels)], boxes[len(levels) :], np.array(at, np.int64)
