"""Photos with what people did on them and where models looked, as small pictures."""

import base64
import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from PIL import Image, ImageDraw

from sidelight.records.annotation import Point
from sidelight.records.example import Box

SIDE = 288
"""Pixels of a tile's longer side; photos are shrunk or enlarged to it."""

_WHITE, _SHADOW, _CLICK, _GUESS = (255, 255, 255), (16, 22, 30), (240, 30, 120), (64, 200, 255)


def photo_tile(image: npt.NDArray[np.uint8], *, boxes: Sequence[Box] = (), clicks: Sequence[Point] = ()) -> Image.Image:
    """A photo with its boxes (white outline) and clicks (pink dots).

    Args:
        image: [H, W, 3] uint8.
        boxes: of the objects.
        clicks: (x, y) in [0, 1]; those outside are not seen.
    """
    return _marked(_resized(image), boxes, dots=clicks)


def cam_tile(
    image: npt.NDArray[np.uint8],
    cam: npt.NDArray[np.floating],
    *,
    boxes: Sequence[Box] = (),
    guess: Point | None = None,
) -> Image.Image:
    """A photo in grey under a heat map of where a model looked, with the boxes and the click that it predicted.

    The map is scaled to [0, 1] (a constant map shows nothing), enlarged bilinearly, and laid over the photo the more
    opaquely the hotter it is.

    Args:
        image: [H, W, 3] uint8.
        cam: [h, w] of any scale and size.
        boxes: of the objects.
        guess: where the point head thinks people clicked: a sky-blue ring.
    """
    photo = _resized(image)
    grey = np.asarray(photo.convert("L"), dtype=np.float64)[..., None] * 0.85
    heat = np.asarray(_heat(cam).resize(photo.size, Image.Resampling.BILINEAR), dtype=np.float64)[..., None].clip(0, 1)
    colour = 255 * colormaps["inferno"](0.4 + 0.58 * heat[..., 0])[..., :3]
    blended = grey + 0.85 * heat**1.3 * (colour - grey)
    return _marked(Image.fromarray(blended.round().astype(np.uint8)), boxes, ring=guess)


def data_uri(tile: Image.Image) -> str:
    """A picture as `data:` address: JPEG, since photos as PNG would be five times the size."""
    stream = io.BytesIO()
    tile.save(stream, "JPEG", quality=86, subsampling=0, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _resized(image: npt.NDArray[np.uint8]) -> Image.Image:
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f"a photo is [H, W, 3] uint8, got {image.shape} {image.dtype}")
    height, width = image.shape[:2]
    scale = SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return Image.fromarray(image).resize(size, Image.Resampling.LANCZOS)


def _heat(cam: npt.NDArray[np.floating]) -> Image.Image:
    low, high = float(cam.min()), float(cam.max())
    scaled = (cam - low) / (high - low) if high > low else np.zeros_like(cam)
    return Image.fromarray(np.asarray(scaled, dtype=np.float32))


def _marked(
    photo: Image.Image, boxes: Sequence[Box], *, dots: Sequence[Point] = (), ring: Point | None = None
) -> Image.Image:
    """Marks are drawn at three times the size and shrunk, for smooth edges; a dark rim lets them stand on any photo."""
    fine = 3
    width, height = photo.width * fine, photo.height * fine
    layer = Image.new("RGBA", (width, height))
    pen = ImageDraw.Draw(layer)
    for box in boxes:
        left, top = box.x0 * width, box.y0 * height
        for inset, colour, thickness in ((0, _SHADOW, 4 * fine), (fine, _WHITE, 2 * fine)):
            right, bottom = box.x1 * width - 1 - inset, box.y1 * height - 1 - inset
            if right > left + inset and bottom > top + inset:
                pen.rectangle((left + inset, top + inset, right, bottom), outline=colour, width=thickness)
    for dot in dots:
        for radius, colour in ((10, _SHADOW), (9, _WHITE), (6.5, _CLICK)):
            pen.ellipse(_around(dot, photo.size, radius, fine), fill=colour)
    if ring is not None:
        pen.ellipse(_around(ring, photo.size, 12, fine), outline=_SHADOW, width=6 * fine)
        pen.ellipse(_around(ring, photo.size, 11, fine), outline=_GUESS, width=4 * fine)
    marks = layer.resize(photo.size, Image.Resampling.LANCZOS)
    return Image.alpha_composite(photo.convert("RGBA"), marks).convert("RGB")


def _around(point: Point, size: tuple[int, int], radius: float, fine: int) -> tuple[float, float, float, float]:
    """The square around a point of a photo of this size, in the fine pixels of the layer of marks."""
    x, y = point[0] * size[0], point[1] * size[1]
    return (x - radius) * fine, (y - radius) * fine, (x + radius) * fine, (y + radius) * fine
