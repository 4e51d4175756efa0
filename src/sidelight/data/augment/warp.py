"""Moving pixels and maps by a matrix: sampled at pixel centres, averaged by area where they shrink."""

import math

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from sidelight.data.augment.config import Interpolation
from sidelight.data.augment.crop import Window
from sidelight.data.augment.geometry import Matrix, Row

Image = UInt8[np.ndarray, "height width 3"]
NewImage = UInt8[np.ndarray, "new_height new_width 3"]
Maps = Float32[np.ndarray, "maps h w"]
NewMaps = Float32[np.ndarray, "maps new_h new_w"]
Size = tuple[int, int]
"""Height and width, in pixels."""

_METHODS = {"bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC}
_EXACT = 1e-9  # a step of 2.0000000001 old pixels is one of 2
_KEPT = 0.05  # less than this share of a map's sum is no evidence
_SUBCELLS = 4  # a cell of a map is known to the share of its 4 x 4 subcells that lie on the photo


def resize_window(image: Image, window: Window, size: Size, interpolation: Interpolation) -> NewImage:
    """Cut a window of whole pixels and resize it: the fast way for crops that are not turned or sheared.

    An axis that shrinks is averaged by area first; what remains is enlarged by `interpolation`. Beyond the window's
    border its own outer pixels are repeated, as torchvision does; `warp_image` looks at the photo's next pixels there.
    """
    height, width = size
    cut = image[window.top : window.top + window.height, window.left : window.left + window.width]
    shrunk = (min(width, window.width), min(height, window.height))
    if shrunk != (window.width, window.height):
        cut = cv2.resize(cut, shrunk, interpolation=cv2.INTER_AREA)
    if shrunk == (width, height):
        return cut.copy()
    return cv2.resize(cut, (width, height), interpolation=_METHODS[interpolation])


def warp_image(
    image: Image, matrix: Matrix, size: Size, *, interpolation: Interpolation = "bilinear", fill: tuple[int, int, int]
) -> NewImage:
    """Move a photo by a matrix.

    Args:
        image: [H, W, 3] uint8.
        matrix: [3, 3], from [0, 1] of the photo to [0, 1] of the result.
        size: of the result, (height, width) in pixels.
        interpolation: for what is enlarged; what shrinks is averaged by area first.
        fill: colour of pixels whose centre lies outside the photo.

    Returns:
        [height, width, 3] uint8.
    """
    back = _backward(matrix)
    if not _overlaps(back):
        return np.full((*size, 3), fill, np.uint8)
    warped = _resample(image, back, size, method=_METHODS[interpolation])
    if not _covers(back):
        warped[~_on_photo(back, size)] = fill
    return warped


def warp_maps(maps: Maps, weight: Maps, matrix: Matrix, size: Size) -> tuple[NewMaps, NewMaps]:
    """Move attention maps and what is known of them.

    A new cell is the mean of the old map over the cell's area, weighted by what was known there; its weight is the
    mean of the old weights times the share of its area (in sixteenths) that lies on the photo. Where the weight is 0
    the value is 0.

    Args:
        maps: [M, h, w] float32 that cover the photo.
        weight: [M, h, w] float32 in [0, 1].
        matrix: [3, 3], from [0, 1] of the photo to [0, 1] of the result.
        size: of the result, (height, width) in cells.

    Returns:
        maps and weights, each [M, height, width] float32.
    """
    moved, known = np.zeros((len(maps), *size), np.float32), np.zeros((len(maps), *size), np.float32)
    back = _backward(matrix)
    if not len(maps) or not _overlaps(back):
        return moved, known
    share = None if _covers(back) else _share_on_photo(back, size)
    for i, (values, weights) in enumerate(zip(maps, weight, strict=True)):
        if (weights == 1).all():
            moved[i], known[i] = _resample(values, back, size, method=cv2.INTER_LINEAR), 1.0
        else:
            mass = _resample(values * weights, back, size, method=cv2.INTER_LINEAR)
            known[i] = _resample(weights, back, size, method=cv2.INTER_LINEAR)
            np.divide(mass, known[i], out=moved[i], where=known[i] > 0)
        if share is not None:
            known[i] *= share
            moved[i][share == 0] = 0.0
    return moved, known


def forget_lost(maps: Maps, weight: Maps, before: Float32[np.ndarray, " maps"], matrix: Matrix) -> tuple[Maps, Maps]:
    """Take the weight of those maps whose evidence was cut away.

    What is left of a Gaussian's tail would be stretched to full strength by whoever scales maps to their own range. A
    map of which less than a twentieth is still on the picture (of its sum over what was known) says nothing any more.

    Args:
        maps: [M, h, w] after `warp_maps`.
        weight: [M, h, w] after `warp_maps`.
        before: [M] mean of map times weight on the whole photo.
        matrix: [3, 3], from [0, 1] of the photo to [0, 1] of the result.

    Returns:
        maps and weights; both 0 where the evidence is gone.
    """
    (a, b, _), (c, d, _) = _backward(matrix)
    shown = abs(a * d - b * c) / maps[0].size  # area of a cell of the result, in photos
    after = np.einsum("mhw,mhw->m", maps, weight) * shown
    there = (after >= _KEPT * before) & (after > 0)
    if there.all():
        return maps, weight
    return maps * there[:, None, None], weight * there[:, None, None]


_Back = tuple[Row, Row]
"""Rows of a matrix's inverse: from [0, 1] of the result to [0, 1] of the photo. Plain floats are faster here."""


def _backward(matrix: Matrix) -> _Back:
    (a, b, c), (d, e, f) = matrix[:2].tolist()
    area = a * e - b * d
    a, b, d, e = e / area, -b / area, -d / area, a / area
    return (a, b, -(a * c + b * f)), (d, e, -(d * c + e * f))


def _resample(array: np.ndarray, back: _Back, size: Size, *, method: int) -> np.ndarray:
    """Sample where each new pixel comes from; one that spans several old pixels is the mean of as many samples.

    Beyond the array's border its outer pixels are repeated.
    """
    height, width = array.shape[:2]
    (a, b, c), (d, e, f) = back
    # Old pixels to a new one, along x and y.
    across = max(1, math.ceil(math.hypot(width * a, height * d) / size[1] - _EXACT))
    down = max(1, math.ceil(math.hypot(width * b, height * e) / size[0] - _EXACT))
    wide, tall = size[1] * across, size[0] * down
    # OpenCV counts pixel centres from 0, we count pixel borders from 0.
    to_pixel = [
        [n * p / wide, n * q / tall, n * (r + p / (2 * wide) + q / (2 * tall)) - 0.5]
        for n, (p, q, r) in ((width, (a, b, c)), (height, (d, e, f)))
    ]
    flags = method | cv2.WARP_INVERSE_MAP
    sampled = cv2.warpAffine(array, np.array(to_pixel), (wide, tall), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    if across == down == 1:
        return sampled
    return cv2.resize(sampled, (size[1], size[0]), interpolation=cv2.INTER_AREA)


def _reach(row: Row) -> tuple[float, float]:
    """From where to where, along one axis of the photo, the result comes."""
    corners = [row[2], row[2] + row[0], row[2] + row[1], row[2] + row[0] + row[1]]
    return min(corners), max(corners)


def _covers(back: _Back) -> bool:
    return all(low >= -_EXACT and high <= 1 + _EXACT for low, high in map(_reach, back))


def _overlaps(back: _Back) -> bool:
    return all(high > 0 and low < 1 for low, high in map(_reach, back))


def _on_photo(back: _Back, size: Size) -> Bool[np.ndarray, "height width"]:
    """Which pixel centres of the result come from the photo."""
    x = (np.arange(size[1]) + 0.5) / size[1]
    y = (np.arange(size[0])[:, None] + 0.5) / size[0]
    u, v = (row[0] * x + row[1] * y + row[2] for row in back)
    return (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)


def _share_on_photo(back: _Back, size: Size) -> Float32[np.ndarray, "height width"]:
    fine = _on_photo(back, (size[0] * _SUBCELLS, size[1] * _SUBCELLS))
    return fine.reshape(size[0], _SUBCELLS, size[1], _SUBCELLS).mean(axis=(1, 3), dtype=np.float32)
