"""Cutting a photo along its boxes: the object here, another photo's background there. numpy only.

Both the benchmark of background reliance and a training set with a planted background are made of these pieces, so
that what is trained on and what is measured are cut in the same way.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Boxes = npt.NDArray[np.floating]

SLACK = 1e-3
"""In pixels: how far a box's side may reach into a pixel without owning it. Covers the rounding of float32 boxes."""


def pixel_boxes(boxes: Boxes, *, height: int, width: int) -> npt.NDArray[np.int64]:
    """The pixels that boxes own: every pixel that a box touches by more than `SLACK`.

    `x0 -> floor(x0 W + SLACK)`, `x1 -> ceil(x1 W - SLACK)`, clipped to the photo; a box that came from whole pixels
    comes back exactly.

    Args:
        boxes: [Q, 4] (x0, y0, x1, y1) in [0, 1] of the photo, half-open.
        height: of the photo, in pixels.
        width: in pixels.

    Returns:
        [Q, 4] (x0, y0, x1, y1) in pixels, half-open: `image[y0:y1, x0:x1]` is the box.

    >>> pixel_boxes(np.array([[3 / 64, 0.0, 62 / 64, 0.51]]), height=64, width=64)
    array([[ 3,  0, 62, 33]])
    """
    scaled = np.asarray(boxes, np.float64).reshape(-1, 4) * (width, height, width, height)
    corners = np.concatenate([np.floor(scaled[:, :2] + SLACK), np.ceil(scaled[:, 2:] - SLACK)], axis=1)
    return np.clip(corners, 0, (width, height, width, height)).astype(np.int64)


def box_mask(boxes: Boxes, *, height: int, width: int) -> npt.NDArray[np.bool_]:
    """The union of the boxes, as pixels.

    Args:
        boxes: [Q, 4] in [0, 1]; Q may be 0.
        height: of the photo, in pixels.
        width: in pixels.

    Returns:
        [height, width] bool, True in a box.
    """
    mask = np.zeros((height, width), bool)
    for x0, y0, x1, y1 in pixel_boxes(boxes, height=height, width=width).tolist():
        mask[y0:y1, x0:x1] = True
    return mask


def coverage(boxes: Boxes, *, height: int, width: int) -> float:
    """Share of the photo's pixels that lie in any of its boxes, in [0, 1].

    >>> coverage(np.array([[0.0, 0.0, 0.5, 1.0], [0.25, 0.0, 0.75, 1.0]]), height=4, width=4)
    0.75
    """
    return float(box_mask(boxes, height=height, width=width).mean())


def composite(foreground: Image, boxes: Boxes, background: Image) -> Image:
    """Paste what lies in the boxes of one photo onto another, at the same place.

    `out = foreground` inside the union of the boxes, `background` elsewhere.

    Args:
        foreground: [H, W, 3] uint8, the photo that gives its object.
        boxes: [Q, 4] in [0, 1], around the object(s); context inside a box comes along.
        background: [H, W, 3] uint8, usually `tile_background` of another photo.

    Returns:
        [H, W, 3] uint8, a new array.

    Raises:
        ValueError: if the two photos differ in shape.

    >>> white, black = np.full((2, 4, 3), 255, np.uint8), np.zeros((2, 4, 3), np.uint8)
    >>> composite(white, np.array([[0.5, 0.0, 1.0, 1.0]]), black)[0, :, 0]
    array([  0,   0, 255, 255], dtype=uint8)
    """
    if foreground.shape != background.shape:
        raise ValueError(f"a foreground of shape {foreground.shape} on a background of shape {background.shape}")
    out = background.copy()
    height, width = out.shape[:2]
    for x0, y0, x1, y1 in pixel_boxes(boxes, height=height, width=width).tolist():
        out[y0:y1, x0:x1] = foreground[y0:y1, x0:x1]
    return out


def largest_free_strip(mask: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """The largest rectangle without a marked pixel, where the marked pixels are a union of boxes.

    For one box this is the largest of the four strips to its left, right, top and bottom. Of equal ones the one whose
    top is highest, then whose bottom is highest, then the leftmost.

    Args:
        mask: [H, W] bool, as from `box_mask`.

    Returns:
        (x0, y0, x1, y1) in pixels, half-open; (0, 0, 0, 0) when every pixel is marked.

    >>> largest_free_strip(box_mask(np.array([[0.25, 0.25, 0.5, 0.75]]), height=8, width=8))
    (4, 0, 8, 8)
    """
    # A largest free rectangle ends at the photo's border or at a box's side, so only those rows and columns matter.
    rows = [0, *(np.flatnonzero((mask[1:] != mask[:-1]).any(axis=1)) + 1).tolist(), mask.shape[0]]
    columns = [0, *(np.flatnonzero((mask[:, 1:] != mask[:, :-1]).any(axis=0)) + 1).tolist(), mask.shape[1]]
    cells = mask[np.ix_(rows[:-1], columns[:-1])]
    best, best_area = (0, 0, 0, 0), 0
    for top, bottom in combinations(range(len(rows)), 2):
        blocked: list[bool] = np.logical_or.reduce(cells[top:bottom]).tolist()
        x0, x1 = _widest_gap(blocked, columns)
        area = (x1 - x0) * (rows[bottom] - rows[top])
        if area > best_area:
            best, best_area = (x0, rows[top], x1, rows[bottom]), area
    return best


def tile_background(image: Image, boxes: Boxes) -> Image:
    """Hide the object: fill its boxes with the photo's own background ("Only-BG-T").

    The largest strip of background (`largest_free_strip`) continues periodically over the boxes: pixel (x, y) of a box
    takes the strip's pixel `(sx + (x - sx) mod w, sy + (y - sy) mod h)`. Everything outside the boxes stays.

    Args:
        image: [H, W, 3] uint8.
        boxes: [Q, 4] in [0, 1]; all of them are hidden.

    Returns:
        [H, W, 3] uint8, a new array.

    Raises:
        ValueError: if the boxes leave no background.

    Source:
        xiao2021noise, section 2 (Only-BG-T). Where the tiles begin, and what happens to several boxes, is our choice.

    >>> row = np.repeat(np.arange(6, dtype=np.uint8)[None, :, None], 3, axis=2)
    >>> tile_background(row, np.array([[2 / 6, 0.0, 5 / 6, 1.0]]))[0, :, 0]
    array([0, 1, 0, 1, 0, 5], dtype=uint8)
    """
    height, width = image.shape[:2]
    x0, y0, x1, y1 = largest_free_strip(box_mask(boxes, height=height, width=width))
    if x0 == x1:
        raise ValueError(f"boxes {np.asarray(boxes).tolist()} leave no background on a {width}x{height} photo")
    rows = y0 + (np.arange(height) - y0) % (y1 - y0)
    columns = x0 + (np.arange(width) - x0) % (x1 - x0)
    out = image.copy()
    for bx0, by0, bx1, by1 in pixel_boxes(boxes, height=height, width=width).tolist():
        out[by0:by1, bx0:bx1] = image[rows[by0:by1, None], columns[None, bx0:bx1]]
    return out


def _widest_gap(blocked: Sequence[bool], edges: Sequence[int]) -> tuple[int, int]:
    best = start = (0, 0)
    for index, stop in enumerate(blocked):
        start = (edges[index + 1],) * 2 if stop else (start[0], edges[index + 1])
        best = start if start[1] - start[0] > best[1] - best[0] else best
    return best
