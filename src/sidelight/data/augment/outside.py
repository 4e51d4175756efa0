"""Blurring what people did not look at: guidance that works with any network, because it acts on the picture."""

import cv2
import numpy as np
from jaxtyping import Float32

from sidelight.data.augment.photometric import Image

Maps = Float32[np.ndarray, "maps h w"]


def blur_outside(image: Image, maps: Maps, weight: Maps, *, sigma: float) -> Image:
    """Keep a picture sharp where a map says that people looked, and blur the rest, gradually in between.

    `m image + (1 - m) blurred`, m being the largest of the picture's maps at each place, each divided by its own
    largest value. What no map knows stays sharp. The model is never shown a blurred picture when it is evaluated.

    Args:
        image: [H, W, 3] uint8.
        maps: [M, h, w] in [0, 1], of the same part of the photo.
        weight: [M, h, w]; 0 = unknown there.
        sigma: standard deviation of the blur, in pixels.

    Returns:
        [H, W, 3] uint8; the very `image` if no map says anything.

    Source: boyd2021humanaided, which blurs the training pictures of an iris classifier outside what people marked; how
        it goes from map to blur is ours.
    """
    peak = (maps * (weight > 0)).max(axis=(1, 2), initial=0.0, keepdims=True)
    telling = peak[:, 0, 0] > 0
    if not telling.any():
        return image
    looked = (maps[telling] / peak[telling]).max(axis=0)
    looked[~(weight[telling] > 0).any(axis=0)] = 1.0
    size = (image.shape[1], image.shape[0])
    sharp = cv2.resize(looked, size, interpolation=cv2.INTER_LINEAR)[..., None]
    blurred = cv2.GaussianBlur(image, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    mixed = sharp * image + (1 - sharp) * blurred
    return np.rint(mixed).clip(0, 255).astype(np.uint8)
