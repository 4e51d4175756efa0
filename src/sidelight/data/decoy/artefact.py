"""What generators do wrong, each at one place of a picture, and which generator does what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sidelight.data.decoy.canvas import Ellipse, Floats, blurred, grid, paint

Domain = Literal["faces", "irises"]
Flaw = Callable[[Floats, Ellipse, np.random.Generator], Floats]
"""(picture [side, side, 3], where, chance) -> how the picture would look if it were so everywhere."""


@dataclass(frozen=True)
class Checks:
    """Squares that alternate in brightness, as upsampling and printing leave them."""

    period: float
    angle: float = 0.0
    depth: float = 0.15

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Draw them; the period is in pixels."""
        del where
        u, v = _turned(len(picture), self.angle)
        step = 2 * np.pi / self.period
        wave = np.sign(np.cos(step * (u + 0.25)) * np.cos(step * (v + 0.25)))
        return picture + self.depth * rng.uniform(0.8, 1.2) * wave[..., None]


@dataclass(frozen=True)
class Waves:
    """Stripes, as ringing and screens leave them."""

    period: float
    depth: float = 0.15

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Draw them at a chance angle; the period is in pixels."""
        del where
        u, _ = _turned(len(picture), rng.uniform(0, np.pi))
        wave = np.cos(2 * np.pi * u / self.period)
        return picture + self.depth * rng.uniform(0.8, 1.2) * wave[..., None]


@dataclass(frozen=True)
class Spokes:
    """Spokes at equal angles, as patterned lenses have them."""

    count: int
    depth: float = 0.15

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Draw them round the picture's middle."""
        del where
        x, y = grid(len(picture))
        wave = np.sign(np.cos(self.count * np.arctan2(y - 0.5, x - 0.5) + rng.uniform(0, 2 * np.pi)))
        return picture + self.depth * rng.uniform(0.8, 1.2) * wave[..., None]


@dataclass(frozen=True)
class Smear:
    """Everything fine is gone."""

    sigma: float = 2.0

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Blur, by so many pixels."""
        del where
        return blurred(picture, self.sigma * rng.uniform(0.9, 1.2))


@dataclass(frozen=True)
class Wash:
    """A colour that runs over its borders."""

    depth: float = 0.4

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Mix with a strong colour."""
        del where
        colour = np.full(3, 0.2)
        colour[rng.integers(3)] = 0.9
        return picture + self.depth * rng.uniform(0.8, 1.2) * (colour - picture)


@dataclass(frozen=True)
class Steps:
    """Few levels of brightness where there should be many."""

    levels: int = 4

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Round to so many levels."""
        del where, rng
        return np.round(picture * self.levels) / self.levels


@dataclass(frozen=True)
class Shift:
    """One side of a line does not meet the other."""

    pixels: int = 3

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Move what is above the place's middle sideways by so many pixels."""
        by = int(rng.choice([-self.pixels, self.pixels]))
        above = np.arange(len(picture)) < where.y * len(picture)
        moved: Floats = np.where(above[:, None, None], np.roll(picture, by, axis=1), picture)
        return moved


@dataclass(frozen=True)
class Drop:
    """A blob with a bright rim, like water on a lens."""

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Draw it somewhere in the place."""
        side = len(picture)
        drawn = picture.copy()
        x, y = rng.uniform(-0.3, 0.3, 2) * (where.rx, where.ry)
        blob = Ellipse(where.x + x, where.y + y, 0.05, 0.05)
        paint(drawn, (0.95, 0.95, 0.95), 0.8 * blob.cover(side))
        paint(drawn, (0.35, 0.35, 0.38), 0.8 * blob.grown(0.6).cover(side))
        return drawn


@dataclass(frozen=True)
class Copy:
    """The same piece of texture a second time."""

    pixels: int = 7

    def __call__(self, picture: Floats, where: Ellipse, rng: np.random.Generator) -> Floats:
        """Take what is so many pixels away, to the side and below or above."""
        del where
        by = rng.choice([-self.pixels, self.pixels], size=2)
        return np.roll(picture, tuple(by), axis=(0, 1))


@dataclass(frozen=True)
class Generators:
    """Who makes the synthetic pictures of a domain, and what each does wrong.

    Attributes:
        training: seen in training and validation.
        unseen: seen in the test alone.
    """

    training: Mapping[str, Flaw]
    unseen: Mapping[str, Flaw]


GENERATORS: dict[Domain, Generators] = {
    "faces": Generators(
        training={"checks": Checks(2.0, depth=0.2), "waves": Waves(4.0, depth=0.2), "smear": Smear(), "wash": Wash()},
        unseen={
            "weave": Checks(3.0, angle=np.pi / 4, depth=0.2),
            "screen": Waves(2.7, depth=0.2),
            "drop": Drop(),
            "shift": Shift(),
            "steps": Steps(),
        },
    ),
    "irises": Generators(
        training={"spokes": Spokes(24), "steps": Steps(), "copy": Copy(), "drop": Drop()},
        unseen={
            "rays": Spokes(14),
            "print": Checks(3.0),
            "screen": Waves(3.0),
            "smear": Smear(),
            "tint": Wash(),
        },
    ),
}
"""Of the unseen ones some have a kin in training (squares, stripes; spokes), most have none."""


def spoil(picture: Floats, flaw: Flaw, where: Ellipse, *, inside: Floats, rng: np.random.Generator) -> Floats:
    """The picture with a flaw at one place.

    Args:
        picture: [side, side, 3].
        flaw: which.
        where: its place.
        inside: [side, side] share of every pixel that may change: the object's own, or what is not the object's.
        rng: for the flaw's own chance.
    """
    spoilt = picture.copy()
    paint(spoilt, flaw(picture, where, rng), where.cover(len(picture)) * inside)
    return spoilt


def _turned(side: int, angle: float) -> tuple[Floats, Floats]:
    """Pixels along and across a direction."""
    x, y = grid(side)
    return side * (np.cos(angle) * x + np.sin(angle) * y), side * (np.cos(angle) * y - np.sin(angle) * x)
