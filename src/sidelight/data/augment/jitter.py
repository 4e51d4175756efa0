"""Colour jitter: brightness, contrast, saturation and hue, each changed by chance, in an order drawn by chance."""

from collections.abc import Callable

import numpy as np

from sidelight.data.augment.photometric import Image, brightness, contrast, hue, saturation

_FACTORS: tuple[Callable[[Image, float], Image], ...] = (brightness, contrast, saturation)


def jitter_colours(image: Image, rng: np.random.Generator, *, amount: float, hue_turns: float) -> Image:
    """Change the colours of a photo a little.

    Args:
        image: [H, W, 3] uint8 RGB.
        rng: the only source of chance.
        amount: brightness, contrast and saturation get factors uniform in [max(0, 1 - amount), 1 + amount].
        hue_turns: the hue turns by a uniform share of the colour circle in [-hue_turns, hue_turns].

    Returns:
        [H, W, 3] uint8; the very `image` if both are 0.

    Source: torchvision's `ColorJitter`, with our own generator.
    """
    for which in rng.permutation(4):
        if which < 3 and amount:
            image = _FACTORS[which](image, rng.uniform(max(0.0, 1 - amount), 1 + amount))
        elif which == 3 and hue_turns:
            image = hue(image, rng.uniform(-hue_turns, hue_turns))
    return image
