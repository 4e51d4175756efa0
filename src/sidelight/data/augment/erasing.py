"""Random erasing: a rectangle of the photo is overwritten."""

import math

import numpy as np

from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.crop import Window
from sidelight.data.augment.photometric import Image

_TRIES = 10
_AREA = (0.02, 1 / 3)
_RATIO = (0.3, 1 / 0.3)
_NOISE = 58.0  # levels: the standard deviation of ImageNet's pixels, 0.226 x 255, which is 1 after normalisation


def draw_rectangle(height: int, width: int, rng: np.random.Generator) -> Window | None:
    """Draw a rectangle of 2 to 33 % of the area, its height / width log-uniform in 0.3 to 3.3.

    Returns:
        The first of ten that is smaller than the photo, placed uniformly; None if none was.

    Source: [@zhong2020erasing], algorithm 1; ranges and tries of timm's `RandomErasing`.
    """
    for _ in range(_TRIES):
        area = height * width * rng.uniform(*_AREA)
        ratio = math.exp(rng.uniform(math.log(_RATIO[0]), math.log(_RATIO[1])))
        h, w = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < h < height and 0 < w < width:
            return Window(int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1)), h, w)
    return None


def erase(image: Image, config: Augmentation, rng: np.random.Generator) -> Image:
    """Overwrite a random rectangle with probability `erasing`.

    The object is still there behind it: points, boxes and maps stay as they are, with all their weight.

    Differs from timm, which overwrites the normalised tensor: noise is normal around the fill colour with the standard
    deviation of ImageNet's pixels, and cut off at black and white.

    Args:
        image: [H, W, 3] uint8; left as it is.
        config: gives `erasing`, `erasing_mode` and `fill`.
        rng: the only source of chance.
    """
    height, width = image.shape[:2]
    rectangle = draw_rectangle(height, width, rng) if rng.random() < config.erasing else None
    if rectangle is None:
        return image
    erased = image.copy()
    patch = erased[rectangle.top : rectangle.top + rectangle.height, rectangle.left : rectangle.left + rectangle.width]
    if config.erasing_mode == "constant":
        patch[:] = config.fill
    else:
        noise = rng.standard_normal(patch.shape, np.float32)
        patch[:] = np.rint(config.fill + _NOISE * noise).clip(0, 255)
    return erased
