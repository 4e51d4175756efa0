"""Soft shapes and noise on a square of pixels: what the decoy's pictures are drawn with."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Ellipse:
    """A place on a picture, in [0, 1] of its side.

    Attributes:
        x: of the centre, to the right.
        y: of the centre, down.
        rx: half of the width, before it is turned.
        ry: half of the height.
        angle: by which it is turned clockwise, in radians.
    """

    x: float
    y: float
    rx: float
    ry: float
    angle: float = 0.0

    def grown(self, factor: float) -> "Ellipse":
        """The same place, larger or smaller."""
        return Ellipse(self.x, self.y, self.rx * factor, self.ry * factor, self.angle)

    def at_least(self, radius: float) -> "Ellipse":
        """The same place, with neither half shorter than this."""
        return Ellipse(self.x, self.y, max(self.rx, radius), max(self.ry, radius), self.angle)

    def radius(self, side: int) -> Floats:
        """How far every pixel is from the centre: 1 on the border, [side, side]."""
        u, v = self.turned(side)
        return np.hypot(u / self.rx, v / self.ry)

    def turned(self, side: int) -> tuple[Floats, Floats]:
        """Every pixel's place along the two axes of the ellipse, from its centre, in sides."""
        x, y = grid(side)
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        return cos * (x - self.x) + sin * (y - self.y), cos * (y - self.y) - sin * (x - self.x)

    def cover(self, side: int) -> Floats:
        """Share of every pixel that it covers, with a border one pixel wide; [side, side] in [0, 1].

        >>> Ellipse(0.5, 0.5, 0.25, 0.25).cover(4)[:, 1].round(2).tolist()
        [0.0, 0.79, 0.79, 0.0]
        """
        return np.clip((1 - self.radius(side)) * min(self.rx, self.ry) * side + 0.5, 0, 1)


def grid(side: int) -> tuple[Floats, Floats]:
    """(x, y) of the pixels' centres, each [side, side]."""
    middle = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(middle, middle)
    return x, y


def paint(picture: Floats, colour: Colour | Floats, cover: Floats) -> None:
    """Lay a colour (or a picture) over a picture [side, side, 3], in place, where `cover` is not 0."""
    picture += cover[..., None] * (np.asarray(colour) - picture)


def blurred(picture: Floats, sigma: float | tuple[float, float]) -> Floats:
    """A Gaussian blur, the picture mirrored at its borders.

    Args:
        picture: [side, side] or [side, side, 3].
        sigma: in pixels; or one down and one to the right.
    """
    down, right = (sigma, sigma) if isinstance(sigma, float | int) else sigma
    once = _along(picture, down)
    return _along(once.swapaxes(0, 1), right).swapaxes(0, 1)


def noise(rng: np.random.Generator, side: int, sigma: float | tuple[float, float]) -> Floats:
    """Smooth noise [side, side] with mean 0 and standard deviation 1."""
    field = blurred(rng.standard_normal((side, side)), sigma)
    return (field - field.mean()) / max(float(field.std()), 1e-9)


def _along(picture: Floats, sigma: float) -> Floats:
    """Blur down the columns."""
    if sigma <= 0:
        return picture
    side = len(picture)
    reach = min(int(np.ceil(3 * sigma)), side)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    widths = [(reach, reach)] + [(0, 0)] * (picture.ndim - 1)
    padded = np.pad(picture, widths, mode="symmetric")
    out = np.zeros_like(picture)
    for place, weight in enumerate(kernel):
        out += weight * padded[place : place + side]
    return out
