"""Masks and heat maps as PNG files: what goes into `maps/` comes out again, pixel for pixel."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from sidelight.data.format.fingerprint import MapArray

_MODES = ("L", "I;16", "I")


def map_pixels(saliency: npt.NDArray[np.generic]) -> MapArray:
    """The grey levels that stand for a heat map.

    Args:
        saliency: [h, w]; floats in [0, 1] become 16-bit levels `round(65535 s)`; uint8 and uint16 are levels already.

    Raises:
        ValueError: if it is not two-dimensional, is empty, of another type, or leaves [0, 1].

    >>> map_pixels(np.array([[0.0, 1.0]])).tolist()
    [[0, 65535]]
    """
    if saliency.ndim != 2 or 0 in saliency.shape:
        raise ValueError(f"a map has the shape [h, w], not {saliency.shape}")
    if saliency.dtype in (np.uint8, np.uint16):
        return saliency  # type: ignore[return-value]
    if not np.issubdtype(saliency.dtype, np.floating):
        raise ValueError(f"a map is of floats, uint8 or uint16, not {saliency.dtype}")
    levels = saliency.astype(np.float64)
    if not (np.isfinite(levels).all() and levels.min() >= 0 and levels.max() <= 1):
        raise ValueError(f"a map's values lie in [0, 1], not [{levels.min()}, {levels.max()}]")
    return np.round(levels * 65535).astype(np.uint16)


def write_map(pixels: MapArray, path: Path) -> None:
    """Write grey levels as an 8- or 16-bit PNG, making its folder if needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(pixels)).save(path, format="PNG")


def read_map(path: Path) -> MapArray:
    """Read a grey PNG's levels, [h, w] uint8 or uint16.

    Raises:
        OSError: if there is no such picture, or it is damaged.
        ValueError: if it is not grey with 8 or 16 bits.
    """
    with Image.open(path) as image:
        if image.mode not in _MODES:
            raise ValueError(f"the picture has mode {image.mode}; a grey one with 8 or 16 bits is allowed")
        image.load()
        levels = np.asarray(image)
        return levels.astype(np.uint8) if image.mode == "L" else levels.astype(np.uint16)
