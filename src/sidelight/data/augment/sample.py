"""One picture with everything that must move when it moves, and the last step from pixels to a model's input."""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32, Float64, UInt8


def _no_points() -> np.ndarray:
    return np.empty((0, 2))


def _no_boxes() -> np.ndarray:
    return np.empty((0, 4))


def _no_maps() -> np.ndarray:
    return np.empty((0, 1, 1), np.float32)


@dataclass(frozen=True)
class Sample:
    """A photo and what is known about places on it, all in [0, 1] of the photo (pixel i of W covers [i/W, (i+1)/W]).

    Attributes:
        image: [H, W, 3] uint8, RGB.
        points: [P, 2] float64, (x, y). After an augmentation they may lie outside [0, 1]: they have left the picture
            (`geometry.inside` tells). Rows keep their number and order, so a caller knows whose is which.
        boxes: [Q, 4] float64, (x0, y0, x1, y1). An augmentation clips them to the picture: one of no area has left.
        maps: [M, h, w] float32, any resolution of their own; they cover the photo from edge to edge.
        map_weight: [M, h, w] float32 in [0, 1]; 0 = unknown there.

    Raises:
        ValueError: if the image is not [H, W, 3] or the maps and their weights differ in shape.

    >>> Sample(np.zeros((4, 6, 3), np.uint8), points=np.array([[0.5, 0.5]])).boxes.shape
    (0, 4)
    """

    image: UInt8[np.ndarray, "height width 3"]
    points: Float64[np.ndarray, "points 2"] = field(default_factory=_no_points)
    boxes: Float64[np.ndarray, "boxes 4"] = field(default_factory=_no_boxes)
    maps: Float32[np.ndarray, "maps h w"] = field(default_factory=_no_maps)
    map_weight: Float32[np.ndarray, "maps h w"] = field(default_factory=_no_maps)

    def __post_init__(self) -> None:
        if self.image.ndim != 3 or self.image.shape[2] != 3:
            raise ValueError(f"an image must be [H, W, 3], got {self.image.shape}")
        if self.maps.shape != self.map_weight.shape:
            raise ValueError(f"maps are {self.maps.shape} but their weights {self.map_weight.shape}")


def to_tensor(
    image: UInt8[np.ndarray, "height width 3"],
    mean: tuple[float, float, float],
    std: tuple[float, float, float],
) -> Float32[np.ndarray, "3 height width"]:
    """What a model takes in: (image / 255 - mean) / std, channels first.

    Args:
        image: [H, W, 3] uint8.
        mean: per channel, of pixels scaled to [0, 1]; the model's own.
        std: likewise, > 0.

    Returns:
        [3, H, W] float32, contiguous.

    >>> to_tensor(np.full((1, 2, 3), 255, np.uint8), (0.5, 0.5, 0.5), (0.25, 0.25, 0.25)).tolist()
    [[[2.0, 2.0]], [[2.0, 2.0]], [[2.0, 2.0]]]
    """
    # One multiplication and one addition a pixel: x / (255 std) - mean / std.
    scale = np.array([[[1 / (255 * s)]] for s in std], np.float32)
    shift = np.array([[[-m / s]] for m, s in zip(mean, std, strict=True)], np.float32)
    planes = np.empty((3, *image.shape[:2]), np.float32)
    np.multiply(image.transpose(2, 0, 1), scale, out=planes)
    planes += shift
    return planes
