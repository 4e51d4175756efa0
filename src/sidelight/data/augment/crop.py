"""Which part of a photo is shown: a window of whole pixels."""

import math
from dataclasses import dataclass

import numpy as np

from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.geometry import Matrix, affine

_TRIES = 10


@dataclass(frozen=True)
class Window:
    """A rectangle of whole pixels of a photo: rows top to top + height, columns left to left + width."""

    top: int
    left: int
    height: int
    width: int

    def matrix(self, height: int, width: int) -> Matrix:
        """From a photo of `height` x `width` to the window: x' = (x - left/W) W/w, and likewise y.

        The integers are used directly. The public COCO-AB loader stores fractions and makes integers of them again,
        which is off by one in a third of the mirrored crops.

        >>> Window(0, 100, 200, 250).matrix(375, 500)[0].tolist()
        [2.0, 0.0, -0.4]
        """
        return affine(
            (width / self.width, 0.0, -self.left / self.width), (0.0, height / self.height, -self.top / self.height)
        )


def draw_window(height: int, width: int, config: Augmentation, rng: np.random.Generator) -> Window:
    """Draw a random resized crop.

    Up to ten times an area share uniform in `crop_scale` and a ratio of width to height, uniform in its logarithm, in
    `crop_ratio` are drawn; the first window that fits is placed uniformly. If none fits: the central window as large as
    the photo and `crop_ratio` allow.

    Args:
        height: of the photo, pixels.
        width: of the photo, pixels.
        config: gives `crop_scale` and `crop_ratio`.
        rng: the only source of chance.

    Source: [@szegedy2015going], section 6; the law is torchvision's `RandomResizedCrop.get_params`, with our generator.
    """
    (low, high), (narrow, wide) = config.crop_scale, config.crop_ratio
    for _ in range(_TRIES):
        area = height * width * (low + (high - low) * rng.random())
        ratio = narrow * (wide / narrow) ** rng.random()
        w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < w <= width and 0 < h <= height:
            return Window(int(rng.integers(height - h + 1)), int(rng.integers(width - w + 1)), h, w)
    return central_window(height, width, config)


def central_window(height: int, width: int, config: Augmentation) -> Window:
    """The largest central window whose width / height lies in `crop_ratio`: the whole photo, if its own does."""
    narrow, wide = config.crop_ratio
    if width / height < narrow:
        w, h = width, max(1, min(height, round(width / narrow)))
    elif width / height > wide:
        w, h = max(1, min(width, round(height * wide))), height
    else:
        w, h = width, height
    return Window((height - h) // 2, (width - w) // 2, h, w)


def evaluation_window(height: int, width: int, config: Augmentation) -> Window:
    """What is shown of a photo when nothing is random.

    `eval_fit` "squash": all of it. "crop": the central square whose side is `size / eval_resize` of the photo's shorter
    one, to the nearest pixel. That is what "resize the shorter side to `eval_resize`, cut the central `size`" shows.

    >>> evaluation_window(375, 500, Augmentation(size=224, eval_resize=256))
    Window(top=23, left=86, height=328, width=328)
    """
    if config.eval_fit == "squash":
        return Window(0, 0, height, width)
    shorter = min(height, width)
    side = max(1, round(shorter * config.size / (config.eval_resize or config.size)))
    return Window((height - side) // 2, (width - side) // 2, side, side)
