"""Does the model look at the object? Its maps against people's boxes, beside what knowing nothing would score.

Objects sit in the middle of photos, so a map is worth what it adds to a point, a box and a Gaussian in the centre; all
three are measured on the same photos and reported in the same row.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from sidelight.evaluate.accuracy import refuse_nan
from sidelight.evaluate.point_head import Boxes, points_in_boxes
from sidelight.records.errors import UserFault

Maps = npt.NDArray[np.floating]
GridBoxes = npt.NDArray[np.int64]

THRESHOLDS = np.arange(0, 1, 0.01)
GRID = 224
CENTRE_SIDE = float(np.sqrt(0.5))
"""Side of the centre box: it covers half of the photo. Chosen beforehand; the Gaussian is the tuned one."""


def pointing_game(maps: Maps, boxes: Sequence[Boxes], *, grid: int = GRID) -> float:
    """Share of photos whose map is highest inside a box.

    The map is enlarged to grid x grid (bicubic); the centre of its first highest pixel, row by row, is the point. A
    constant map points nowhere: a miss.

    Args:
        maps: [n, h, w], one a photo, for the class whose boxes are given. Classes of a multi-label photo are given as
            so many photos.
        boxes: n arrays [Q, 4] (x0, y0, x1, y1) in [0, 1]; photos with Q = 0 are left out.
        grid: side of the evaluation grid in pixels.

    Returns:
        In [0, 1].

    Raises:
        UserFault: if no photo has a box, or a map holds something that is not a number.

    Source:
        zhang2018pointing, section 4.1; without their tolerance of 15 pixels around the object.

    >>> pointing_game(np.array([[[0.0, 0.0], [0.0, 1.0]]]), [np.array([[0.5, 0.5, 1.0, 1.0]])])
    1.0
    """
    maps, boxes = _with_boxes(maps, boxes)
    points = np.full((len(maps), 2), np.nan)
    for row, found in enumerate(maps):
        large = _enlarged(found, grid)
        if large.any():
            y, x = divmod(int(large.argmax()), grid)
            points[row] = (x + 0.5) / grid, (y + 0.5) / grid
    return float(points_in_boxes(points, boxes).mean())


def max_box_accuracy(maps: Maps, boxes: Sequence[Boxes], *, iou: float = 0.5, grid: int = GRID) -> float:
    """MaxBoxAcc: share of photos whose thresholded map makes the right box, at the one threshold that suits all best.

    `max_tau mean_n [max_q IoU(box of {map_n > tau}, truth_nq) >= iou]`

    Args:
        maps: [n, h, w], one a photo, for the class whose boxes are given.
        boxes: n arrays [Q, 4] in [0, 1]; photos with Q = 0 are left out.
        iou: how much the two boxes must overlap, in (0, 1].
        grid: side of the evaluation grid in pixels.

    Returns:
        In [0, 1].

    Raises:
        UserFault: as in `pointing_game`.

    Source:
        choe2020wsol, section 4.1 (MaxBoxAcc, one contour). The law of their evaluator is kept to the pixel by
        `boxes_of_map` and `grid_boxes`.
    """
    maps, boxes = _with_boxes(maps, boxes)
    predicted = np.stack([boxes_of_map(found, grid=grid) for found in maps])
    return _best_share(predicted, boxes, iou=iou, grid=grid)


def boxes_of_map(found: npt.NDArray[np.floating], *, grid: int = GRID) -> GridBoxes:
    """The box that a map makes at every threshold.

    Enlarge to the grid (bicubic), stretch to [0, 1], quantise to `q = floor(255 m)`; at threshold tau keep
    `q > int(tau max q)` and take the upright rectangle around the contour with the largest area.

    Args:
        found: [h, w] any finite values; a constant map makes no box.
        grid: side of the evaluation grid in pixels.

    Returns:
        [thresholds, 4] (x0, y0, x1, y1) on the grid, x1 = min(x0 + width, grid - 1); zeros where nothing is left.
    """
    large = _enlarged(found, grid)
    low, high = large.min(), large.max()
    quantised = ((large - low) / (high - low) * 255).astype(np.uint8) if high > low else np.zeros_like(large, np.uint8)
    levels = (THRESHOLDS * quantised.max()).astype(np.int64)
    # Two thresholds with no pixel value between them keep the same pixels: each set is traced once.
    _, first, same = np.unique(
        np.searchsorted(np.unique(quantised), levels, side="right"), return_index=True, return_inverse=True
    )
    return np.array([_box_above(quantised, level) for level in levels[first].tolist()], np.int64)[same]


def grid_boxes(boxes: Boxes, *, grid: int = GRID) -> GridBoxes:
    """People's boxes on the grid, under the same law as those of maps: corners cut to whole pixels, ends <= grid - 1.

    Their code starts from boxes whose last pixel is included, ours end where the last pixel ends: up to one pixel of
    the photo more at the right and at the bottom.

    >>> grid_boxes(np.array([[0.25, 0.0, 0.75, 1.0]]), grid=8)
    array([[2, 0, 6, 7]])
    """
    # A box that came from whole pixels must not lose one to rounding.
    return np.minimum(np.floor(np.reshape(boxes, (-1, 4)) * grid + 1e-6), grid - 1).astype(np.int64)


def box_iou(first: GridBoxes, second: GridBoxes) -> npt.NDArray[np.float64]:
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
    shared = np.clip(sides, 0, None).prod(axis=-1)
    areas = (a[..., 2:] - a[..., :2] + 1).prod(axis=-1) + (b[..., 2:] - b[..., :2] + 1).prod(axis=-1)
    return shared / (areas - shared)


def centre_gaussian(grid: int = GRID) -> npt.NDArray[np.float64]:
    """A map that knows only that objects are in the middle: an isotropic Gaussian, sigma = a quarter of the side.

    Its level sets are discs around the centre, so the shared threshold of `max_box_accuracy` picks the best centred
    square; sigma only decides which sides the thresholds reach (here about .07 to 1).

    Source:
        choe2020wsol (the centre-Gaussian baseline); sigma is our choice.
    """
    axis = ((np.arange(grid) + 0.5) / grid - 0.5) / 0.25
    return np.exp(-0.5 * (axis[:, None] ** 2 + axis[None, :] ** 2))


def localisation(maps: Maps, boxes: Sequence[Boxes], *, grid: int = GRID) -> dict[str, float]:
    """The benchmark "localisation": the model's maps, and three baselines that have seen no photo.

    Args:
        maps: [n, h, w], one a photo, for the class whose boxes are given.
        boxes: n arrays [Q, 4] in [0, 1]; photos with Q = 0 are left out.
        grid: side of the evaluation grid in pixels.

    Returns:
        `pointing` beside `centre_point` (the photo's centre lies in a box); `max_box_accuracy` beside
        `centre_gaussian` (its threshold tuned on the same photos, as for the model) and `centre_box` (fixed: half the
        photo). All in [0, 1].

    Raises:
        UserFault: as in `pointing_game`.
    """
    maps, boxes = _with_boxes(maps, boxes)
    centre = np.full((len(boxes), 2), 0.5)
    gaussian = boxes_of_map(centre_gaussian(grid), grid=grid)
    box = grid_boxes(np.array([[0.5, 0.5, 0.5, 0.5]]) + np.array([-1, -1, 1, 1]) * CENTRE_SIDE / 2, grid=grid)
    return {
        "pointing": pointing_game(maps, boxes, grid=grid),
        "max_box_accuracy": max_box_accuracy(maps, boxes, grid=grid),
        "centre_point": float(points_in_boxes(centre, boxes).mean()),
        "centre_gaussian": _best_share(_for_all(gaussian, boxes), boxes, iou=0.5, grid=grid),
        "centre_box": _best_share(_for_all(box, boxes), boxes, iou=0.5, grid=grid),
    }


def _for_all(predicted: GridBoxes, boxes: Sequence[Boxes]) -> GridBoxes:
    return np.broadcast_to(predicted, (len(boxes), *predicted.shape))


def _best_share(predicted: GridBoxes, boxes: Sequence[Boxes], *, iou: float, grid: int) -> float:
    """The best over thresholds of the share of photos with IoU >= `iou`; predicted [n, thresholds, 4]."""
    pairs = zip(predicted, boxes, strict=True)
    right = [box_iou(found, grid_boxes(truth, grid=grid)).max(axis=1) >= iou for found, truth in pairs]
    return float(np.mean(right, axis=0).max())


def _box_above(quantised: npt.NDArray[np.uint8], level: int) -> tuple[int, int, int, int]:
    _, binary = cv2.threshold(quantised, level, 255, cv2.THRESH_BINARY)
    contours = cv2.findContours(binary, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)[0]
    if not contours:
        return 0, 0, 0, 0
    x, y, width, height = cv2.boundingRect(max(contours, key=cv2.contourArea))
    return x, y, min(x + width, quantised.shape[1] - 1), min(y + height, quantised.shape[0] - 1)


def _enlarged(found: npt.NDArray[np.floating], grid: int) -> npt.NDArray[np.float32]:
    if found.min() == found.max():  # bicubic weights do not add up to exactly 1: a constant would get a texture
        return np.zeros((grid, grid), np.float32)
    return np.asarray(cv2.resize(found.astype(np.float32), (grid, grid), interpolation=cv2.INTER_CUBIC), np.float32)


def _with_boxes(maps: Maps, boxes: Sequence[Boxes]) -> tuple[Maps, list[Boxes]]:
    if len(maps) != len(boxes):
        raise ValueError(f"{len(maps)} maps but boxes of {len(boxes)} photos")
    rows = [row for row, found in enumerate(boxes) if len(found)]
    if not rows:
        raise UserFault(
            "localisation",
            seen="no photo has a box",
            allowed=">= 1 photo with one",
            remedy="Measure on photos with boxes",
        )
    refuse_nan(maps, what="map")
    return maps[rows], [boxes[row] for row in rows]
