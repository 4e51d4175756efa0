"""Where things go: one 3x3 matrix in normalised image coordinates moves photos, points, boxes and maps.

A matrix takes a place (x, y, 1) of the old picture to the new one, both in [0, 1] of their picture (pixel i of W covers
[i/W, (i+1)/W]). It knows nothing of pixels: the same matrix serves a photo of 500x375 and its map of 14x14.
"""

import math

import numpy as np
from jaxtyping import Bool, Float64

Matrix = Float64[np.ndarray, "3 3"]
Row = tuple[float, float, float]
Points = Float64[np.ndarray, "points 2"]
Boxes = Float64[np.ndarray, "boxes 4"]

_ROUNDING = 1e-9  # a point on a crop's border may come out as -1e-17: far below any click's precision of 1e-3


def affine(x_row: Row, y_row: Row) -> Matrix:
    """The matrix of x' = a x + b y + c and y' = d x + e y + f, from (a, b, c) and (d, e, f)."""
    return np.array([x_row, y_row, (0.0, 0.0, 1.0)])


def flip_matrix() -> Matrix:
    """Mirror left and right: x' = 1 - x."""
    return affine((-1.0, 0.0, 1.0), (0.0, 1.0, 0.0))


def rotate_matrix(degrees: float) -> Matrix:
    """Turn a *square* picture about its centre, counter-clockwise as seen for positive angles."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return affine((cos, sin, 0.5 - 0.5 * (cos + sin)), (-sin, cos, 0.5 - 0.5 * (cos - sin)))


def transform_points(points: Points, matrix: Matrix) -> Points:
    """Take points along, exactly.

    Args:
        points: [P, 2], (x, y) in [0, 1] of the old picture.
        matrix: [3, 3], old to new.

    Returns:
        [P, 2] in [0, 1] of the new picture, or outside when they have left it.

    >>> transform_points(np.array([[0.25, 0.5]]), flip_matrix()).tolist()
    [[0.75, 0.5]]
    """
    return points @ matrix[:2, :2].T + matrix[:2, 2]


def inside(points: Points) -> Bool[np.ndarray, " points"]:
    """Which points lie on the picture. The border is inside; so is what rounding puts 1e-9 beyond it.

    >>> inside(np.array([[0.0, 1.0], [0.5, 1.1]])).tolist()
    [True, False]
    """
    return np.all((points >= -_ROUNDING) & (points <= 1 + _ROUNDING), axis=1)


def transform_boxes(boxes: Boxes, matrix: Matrix) -> Boxes:
    """Take boxes along: the upright hull of the four moved corners, clipped to the picture.

    Under a rotation the hull is larger than the moved object. A box that has left the picture has no area.

    Args:
        boxes: [Q, 4], (x0, y0, x1, y1) in [0, 1] of the old picture.
        matrix: [3, 3], old to new.

    Returns:
        [Q, 4] in [0, 1] of the new picture.

    >>> transform_boxes(np.array([[0.0, 0.0, 0.5, 1.0]]), affine((2.0, 0.0, -0.5), (0.0, 1.0, 0.0))).tolist()
    [[0.0, 0.0, 0.5, 1.0]]
    """
    corners = boxes[:, [0, 1, 2, 1, 0, 3, 2, 3]].reshape(-1, 2)
    moved = transform_points(corners, matrix).reshape(-1, 4, 2)
    return np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1).clip(0.0, 1.0)
