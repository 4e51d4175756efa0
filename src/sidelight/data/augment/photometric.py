"""Recolouring: every operation keeps each pixel where it is, so points, boxes and maps stay as they are.

All take and give [H, W, 3] uint8 RGB and round to the nearest level. Pillow and torchvision cut off the fraction, so
they may differ from us by a level or two of 255.
"""

import cv2
import numpy as np
from jaxtyping import UInt8

Image = UInt8[np.ndarray, "height width 3"]

_LEVELS = np.arange(256.0)
_LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R 601, as Pillow and torchvision
_SMOOTH = np.array([[1, 1, 1], [1, 5, 1], [1, 1, 1]], np.float32) / 13  # Pillow's ImageFilter.SMOOTH


def _by_table(image: Image, table: np.ndarray) -> Image:
    """Replace every level by its entry: [256] for all channels, or [256, 3]."""
    return cv2.LUT(image, np.rint(table).clip(0, 255).astype(np.uint8))


def brightness(image: Image, factor: float) -> Image:
    """Multiply every level by `factor` >= 0: 0 is black, 1 changes nothing.

    >>> brightness(np.full((1, 1, 3), 100, np.uint8), 1.5).tolist()
    [[[150, 150, 150]]]
    """
    return _by_table(image, _LEVELS * factor)


def contrast(image: Image, factor: float) -> Image:
    """Move levels away from the mean grey of the photo: 0 is that grey everywhere, 1 changes nothing."""
    grey = round(float(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).mean()))
    return _by_table(image, grey + factor * (_LEVELS - grey))


def saturation(image: Image, factor: float) -> Image:
    """Move each pixel away from its own grey: 0 is a grey photo, 1 changes nothing."""
    blend = factor * np.eye(3) + (1 - factor) * _LUMA
    return cv2.transform(image, blend)


def hue(image: Image, turns: float) -> Image:
    """Turn the colour circle by `turns`, in [-0.5, 0.5] of a whole turn; saturation and value (HSV) stay."""
    hsv = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + 360 * turns) % 360
    return np.rint(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB) * 255).clip(0, 255).astype(np.uint8)


def sharpness(image: Image, factor: float) -> Image:
    """Move each pixel away from a slightly smoothed photo: 0 is that photo, 1 changes nothing, 2 sharpens."""
    smooth = image.copy()
    smooth[1:-1, 1:-1] = cv2.filter2D(image, -1, _SMOOTH)[1:-1, 1:-1]  # the outermost pixels stay, as in Pillow
    return cv2.addWeighted(image, factor, smooth, 1 - factor, 0)


def autocontrast(image: Image) -> Image:
    """Stretch each channel until it reaches from 0 to 255; a channel of one level stays."""
    low, high = image.min(axis=(0, 1)).astype(float), image.max(axis=(0, 1)).astype(float)
    flat = high == low
    scale = np.where(flat, 1.0, 255 / np.where(flat, 1.0, high - low))
    # The fraction is cut off here, as in Pillow, so that the two agree to the level.
    return _by_table(image, np.floor(_LEVELS[:, None] * scale - np.where(flat, 0.0, low) * scale)[:, None])


def equalize(image: Image) -> Image:
    """Give each channel levels in equal shares, as far as its histogram allows.

    Level i becomes (n/2 + number of pixels below i) / n, with n = (pixels - those of the highest level) / 255; all
    divisions are whole.

    Source: Pillow's `ImageOps.equalize`, with which it agrees to the level.
    """
    tables = [_equal_shares(np.bincount(image[..., c].ravel(), minlength=256)) for c in range(3)]
    return _by_table(image, np.stack(tables, axis=1)[:, None])


def _equal_shares(counts: np.ndarray) -> np.ndarray:
    present = counts[counts > 0]
    step = int(present[:-1].sum()) // 255
    if not step:
        return _LEVELS
    below = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return (step // 2 + below) // step


def invert(image: Image) -> Image:
    """Turn every level v into 255 - v."""
    return 255 - image


def posterize(image: Image, bits: int) -> Image:
    """Keep the `bits` highest bits of every level, 1 to 8.

    >>> posterize(np.full((1, 1, 3), 200, np.uint8), 1).tolist()
    [[[128, 128, 128]]]
    """
    return image & np.uint8(256 - (1 << (8 - bits)))


def solarize(image: Image, threshold: int) -> Image:
    """Invert the levels that are at least `threshold`, in [0, 256]; 256 changes nothing."""
    return _by_table(image, np.where(threshold <= _LEVELS, 255 - _LEVELS, _LEVELS))


def solarize_add(image: Image, amount: int) -> Image:
    """Add `amount` >= 0 to the darker half of the levels (below 128)."""
    return _by_table(image, np.where(_LEVELS < 128, _LEVELS + amount, _LEVELS))
