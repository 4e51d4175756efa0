"""A heat map as people send it: a grey picture in one of many guises, or something that only looks like a map."""

from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from sidelight.data.format.fingerprint import MapArray

_WORD = ("I;16", "I;16B", "I;16L", "I")
_TINT = 2  # levels between channels that a colour JPEG of a grey picture may have


def read_heat_map(path: Path, picture: tuple[int, int], *, stretch: bool = False) -> MapArray:
    """Read a heat map, whatever the file that holds it.

    Grey with 1, 8 or 16 bits, a palette of greys, and RGB or RGBA whose channels agree are the same thing. Colours are
    refused: the colours of a drawn heat map have no order that could be guessed.

    Args:
        path: PNG, JPEG, TIFF, BMP or WebP.
        picture: (width, height) of its picture.
        stretch: accept a map of another shape than its picture, and lay it over the picture from edge to edge.

    Returns:
        [h, w] uint8 or uint16.

    Raises:
        ValueError: saying in one line what is wrong: no such file, not grey, transparent, the same everywhere, or of
            another shape than the picture.
    """
    try:
        with Image.open(path) as image:
            levels = _grey(image)
    except FileNotFoundError:
        raise ValueError("there is no such file") from None
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise ValueError("it is no picture that can be read") from None
    except OSError as error:
        raise ValueError(f"it is damaged: {error}") from None
    if levels.min() == levels.max():
        raise ValueError(f"every pixel is {levels.min()}: it does not say where anybody looked")
    height, width = levels.shape
    if not stretch and not _same_shape((width, height), picture):
        size = f"{width}x{height}, its picture {picture[0]}x{picture[1]}"
        raise ValueError(f"it is {size}: another shape; if both were squashed alike, pass --stretch-maps")
    return levels


def _grey(image: Image.Image) -> MapArray:
    if image.mode in _WORD:
        levels = np.asarray(image)
        if levels.min() < 0 or levels.max() > 65535:
            raise ValueError(f"its levels reach from {levels.min()} to {levels.max()}; 0 to 65535 are allowed")
        return levels.astype(np.uint16)
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    if image.mode not in ("LA", "P", "PA", "RGB", "RGBA"):
        raise ValueError(f"it has mode {image.mode}; a grey picture with 8 or 16 bits is allowed")
    colours = np.asarray(image.convert("RGBA"))
    if (alpha := int(colours[..., 3].min())) < 255:
        raise ValueError(f"it has transparent pixels (alpha down to {alpha}); an opaque grey picture is allowed")
    tint = int(np.ptp(colours[..., :3], axis=2).max())
    if tint > _TINT:
        raise ValueError(f"it is in colours (channels differ by up to {tint} levels); a grey picture is allowed")
    return colours[..., 1].copy()


def _same_shape(size: tuple[int, int], picture: tuple[int, int]) -> bool:
    """Whether one is the other enlarged or shrunk, up to the rounding of a side to whole pixels."""
    (width, height), (wide, high) = size, picture
    return abs(width * high / wide - height) < 1 or abs(height * wide / high - width) < 1
