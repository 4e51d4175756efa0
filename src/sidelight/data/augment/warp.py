"""Moving pixels and maps by a matrix: sampled at pixel centres, averaged by area where they shrink."""

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from sidelight.data.augment.config import Interpolation
from sidelight.data.augment.crop import Window
from sidelight.data.augment.geometry import Matrix, affine, inside, transform_points

Image = UInt8[np.ndarray, "height width 3"]
NewImage = UInt8[np.ndarray, "new_height new_width 3"]
Maps = Float32[np.ndarray, "maps h w"]
NewMaps = Float32[np.ndarray, "maps new_h new_w"]
Size = tuple[int, int]
"""Height and width, in pixels."""

_METHODS = {"bilinear": cv2.INTER_LINEAR, "bicubic": cv2.INTER_CUBIC}
_EXACT = 1e-9  # a step of 2.0000000001 old pixels is one of 2
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
    if not _overlaps(matrix):
        return np.full((*size, 3), fill, np.uint8)
    warped = _resample(image, matrix, size, method=_METHODS[interpolation])
    if not _covers(matrix):
        warped[~_on_photo(matrix, size)] = fill
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
    if not len(maps) or not _overlaps(matrix):
        return moved, known
    share = _share_on_photo(matrix, size)
    for i, (values, weights) in enumerate(zip(maps, weight, strict=True)):
        mass = _resample(values * weights, matrix, size, method=cv2.INTER_LINEAR)
        mean_weight = _resample(weights, matrix, size, method=cv2.INTER_LINEAR)
        known[i] = mean_weight * share
        np.divide(mass, mean_weight, out=moved[i], where=known[i] > 0)
    return moved, known


def _resample(array: np.ndarray, matrix: Matrix, size: Size, *, method: int) -> np.ndarray:
    """Sample where each new pixel comes from; one that spans several old pixels is the mean of as many samples.

    Beyond the array's border its outer pixels are repeated.
    """
    height, width = array.shape[:2]
    backward = np.diag([width, height, 1.0]) @ np.linalg.inv(matrix)
    steps = np.hypot(backward[0, :2], backward[1, :2]) / (size[1], size[0])  # old pixels to a new one, along x and y
    across, down = np.ceil(steps - _EXACT).clip(1).astype(int).tolist()
    fine = (size[1] * across, size[0] * down)
    # OpenCV counts pixel centres from 0, we count pixel borders from 0.
    backward = affine((1.0, 0.0, -0.5), (0.0, 1.0, -0.5)) @ backward
    backward = backward @ affine((1 / fine[0], 0.0, 0.5 / fine[0]), (0.0, 1 / fine[1], 0.5 / fine[1]))
    flags = method | cv2.WARP_INVERSE_MAP
    sampled = cv2.warpAffine(array, backward[:2], fine, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    if across == down == 1:
        return sampled
    return cv2.resize(sampled, (size[1], size[0]), interpolation=cv2.INTER_AREA)


def _corners_on_photo(matrix: Matrix) -> np.ndarray:
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    return transform_points(corners, np.linalg.inv(matrix))


def _covers(matrix: Matrix) -> bool:
    return bool(inside(_corners_on_photo(matrix)).all())


def _overlaps(matrix: Matrix) -> bool:
    corners = _corners_on_photo(matrix)
    return bool((corners.max(axis=0) > 0).all() and (corners.min(axis=0) < 1).all())


def _on_photo(matrix: Matrix, size: Size) -> Bool[np.ndarray, "height width"]:
    """Which pixel centres of the result come from the photo."""
    back = np.linalg.inv(matrix)
    x = (np.arange(size[1]) + 0.5) / size[1]
    y = (np.arange(size[0])[:, None] + 0.5) / size[0]
    u, v = (row[0] * x + row[1] * y + row[2] for row in back[:2])
    return (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)


def _share_on_photo(matrix: Matrix, size: Size) -> Float32[np.ndarray, "height width"]:
    if _covers(matrix):
        return np.ones(size, np.float32)
    fine = _on_photo(matrix, (size[0] * _SUBCELLS, size[1] * _SUBCELLS))
    return fine.reshape(size[0], _SUBCELLS, size[1], _SUBCELLS).mean(axis=(1, 3), dtype=np.float32)
