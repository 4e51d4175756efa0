"""Does the point head find the object? Its predicted clicks against boxes and masks it has never seen.

A head that has only learnt where people click *on average* scores no better than the photo's centre; compare with the
same numbers for a constant point.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.accuracy import refuse_nan
from sidelight.records.errors import UserFault

Points = npt.NDArray[np.floating]
Boxes = npt.NDArray[np.floating]
Weights = npt.NDArray[np.floating] | npt.NDArray[np.bool_]


def points_in_boxes(points: Points, boxes: Sequence[Boxes]) -> npt.NDArray[np.bool_]:
    """Whether each photo's point lies in any of its boxes, borders included.

    Args:
        points: [n, 2] (x, y) in [0, 1] of the image; a prediction may lie outside.
        boxes: n arrays [Q, 4] (x0, y0, x1, y1) in [0, 1]; Q may be 0.

    Returns:
        [n] bool; False for a photo without a box.

    >>> box = np.array([[0.25, 0.25, 0.75, 0.75]])
    >>> points_in_boxes(np.array([[0.75, 0.5], [0.76, 0.5]]), [box, box])
    array([ True, False])
    """
    row, flat = _flatten(boxes, len(points))
    x, y = points[row].T
    inside = (flat[:, 0] <= x) & (x <= flat[:, 2]) & (flat[:, 1] <= y) & (y <= flat[:, 3])
    return np.bincount(row[inside], minlength=len(points)) > 0


def distance_to_centre(points: Points, boxes: Sequence[Boxes]) -> npt.NDArray[np.float64]:
    """Distance from each photo's point to the centre of the nearest of its boxes.

    `min_q sqrt((x - cx_q)^2 + (y - cy_q)^2)`, where x counts in widths and y in heights of the image.

    Args:
        points: [n, 2] (x, y) in [0, 1].
        boxes: n arrays [Q, 4] in [0, 1].

    Returns:
        [n]; NaN for a photo without a box.
    """
    row, flat = _flatten(boxes, len(points))
    centres = (flat[:, :2] + flat[:, 2:]) / 2
    nearest = np.full(len(points), np.inf)
    np.minimum.at(nearest, row, np.hypot(*(points[row] - centres).T))
    return np.where(np.isinf(nearest), np.nan, nearest)


def points_on_masks(points: Points, masks: Sequence[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    """Whether each photo's point lies on its mask: on the pixel (floor(x W), floor(y H)).

    Args:
        points: [n, 2] (x, y) in [0, 1] of the image; a prediction may lie outside, and is then on no mask.
        masks: n arrays [H, W], True on the object.

    Returns:
        [n] bool.

    >>> points_on_masks(np.array([[0.6, 0.1], [1.0, 0.1]]), [np.array([[False, True]])] * 2)
    array([ True, False])
    """
    found = np.zeros(len(points), bool)
    for index, (point, mask) in enumerate(zip(points, masks, strict=True)):
        height, width = mask.shape
        column, line = int(np.floor(point[0] * width)), int(np.floor(point[1] * height))
        found[index] = 0 <= column < width and 0 <= line < height and bool(mask[line, column])
    return found


def smooth_l1(points: Points, targets: Points, has: Weights, *, beta: float = 1.0) -> float:
    """How far predicted clicks are from people's: the regression loss, for a curve over epochs.

    `l(d) = d^2 / (2 beta)` if `|d| < beta` else `|d| - beta / 2`; summed over x and y, then `sum(has l) / sum(has)`.

    Args:
        points: [n, K, 2] predicted (x, y).
        targets: [n, K, 2] people's Z; whatever where `has` is 0.
        has: [n, K] weight in [0, 1]; 0 = no click.
        beta: where the loss turns from quadratic to linear, > 0, in widths (heights) of the image.

    Returns:
        >= 0.

    Raises:
        UserFault: if there is no click at all.

    Source:
        girshick2015fast, eq. 3 (beta = 1).

    >>> smooth_l1(np.array([[[0.5, 0.5]]]), np.array([[[0.5, 1.0]]]), np.array([[1.0]]))
    0.125
    """
    known = np.asarray(has, np.float64)
    if not known.sum() > 0:
        raise _nothing("no photo has a click")
    distance = np.abs(np.where(known[..., None] > 0, points - targets, 0.0))
    loss = np.where(distance < beta, distance**2 / (2 * beta), distance - beta / 2).sum(axis=-1)
    return float((known * loss).sum() / known.sum())


def class_pairs(
    points: Points, boxes: Sequence[Boxes], box_labels: Sequence[npt.NDArray[np.integer]]
) -> tuple[Points, list[Boxes]]:
    """Take a multi-label photo apart into one (point, boxes) pair a class that has a box there.

    The pairs go into `point_head` or `points_in_boxes` like photos: a class's point is held against its own boxes only.

    Args:
        points: [n, classes, 2], a point a class.
        boxes: n arrays [Q, 4].
        box_labels: n arrays [Q], the class of each box.

    Returns:
        ([m, 2], m arrays [Q', 4]), photos in order, classes ascending.
    """
    rows, classes, own = [], [], []
    for row, (photo_boxes, labels) in enumerate(zip(boxes, box_labels, strict=True)):
        for label in np.unique(labels).tolist():
            rows.append(row)
            classes.append(label)
            own.append(photo_boxes[labels == label])
    return points[np.array(rows, np.int64), np.array(classes, np.int64)], own


def point_head(points: Points, boxes: Sequence[Boxes]) -> dict[str, float]:
    """The benchmark "point_head": `in_box` and `distance` over the photos that have a box.

    Args:
        points: [n, 2] predicted (x, y) in [0, 1].
        boxes: n arrays [Q, 4] in [0, 1].

    Returns:
        `in_box`: share of points in a box of their photo. `distance`: mean distance to the nearest box's centre.

    Raises:
        UserFault: if no photo has a box, or a point is not a number (the training diverged).
    """
    refuse_nan(points, what="predicted point")
    boxed = np.array([len(found) > 0 for found in boxes], bool)
    if not boxed.any():
        raise _nothing("no photo has a box")
    inside, distance = points_in_boxes(points, boxes), distance_to_centre(points, boxes)
    return {"in_box": float(inside[boxed].mean()), "distance": float(distance[boxed].mean())}


def _flatten(boxes: Sequence[Boxes], photos: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    if len(boxes) != photos:
        raise ValueError(f"{photos} points but boxes of {len(boxes)} photos")
    row = np.repeat(np.arange(photos), [len(found) for found in boxes])
    flat = np.concatenate([np.zeros((0, 4)), *(np.reshape(found, (-1, 4)) for found in boxes)])
    return row, flat


def _nothing(seen: str) -> UserFault:
    return UserFault("point head", seen=seen, allowed=">= 1 photo with one", remedy="Measure on photos that have them")
