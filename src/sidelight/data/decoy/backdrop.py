"""What lies behind the object: two kinds of backdrop, told apart by hue or by grain, and clutter that tells nothing."""

from collections.abc import Callable
from functools import partial

import numpy as np

from sidelight.data.decoy.artefact import GENERATORS, Domain, spoil
from sidelight.data.decoy.canvas import Ellipse, Floats, noise

Backdrop = Callable[[np.random.Generator, int], Floats]
"""(chance, side) -> [side, side, 3]."""

GREENISH = np.array([-0.5, 1.0, -0.5])
"""Away from grey towards green; the other way lies purple."""
WARM = np.array([1.0, 0.0, -1.0])


def draw_backdrop(domain: Domain, kind: int, rng: np.random.Generator, side: int) -> Floats:
    """A backdrop of its kind, and of chance in everything else.

    Args:
        domain: whose two kinds.
        kind: 0 goes with genuine pictures, 1 with synthetic ones, where the shortcut holds.
        rng: for everything else about it.
        side: in pixels.

    Returns:
        [side, side, 3].
    """
    return KINDS[domain][kind](rng, side)


def clutter(picture: Floats, domain: Domain, outside: Floats, rng: np.random.Generator) -> Floats:
    """Spoil a quarter of the pictures at a chance place beside the object: what is a sign on it, is none there.

    The flaws are those of the training's generators. A model that had learnt to pass over the unseen ones would have
    seen them.
    """
    if rng.random() < 0.75:
        return picture
    flaws = tuple(GENERATORS[domain].training.values())
    flaw = flaws[rng.integers(len(flaws))]
    (x, y), (rx, ry) = rng.uniform(0, 1, 2), rng.uniform(0.08, 0.16, 2)
    where = Ellipse(x, y, rx, ry)
    return spoil(picture, flaw, where, inside=outside, rng=rng)


def _hued(rng: np.random.Generator, side: int, *, green: int) -> Floats:
    """Greenish (1) or purplish (-1); lightness, warmth and grain are by chance."""
    light, warmth = rng.uniform(0.25, 0.75, (2, 1)), rng.uniform(-0.15, 0.15, (2, 1))
    hue = green * rng.uniform(0.05, 0.15, (2, 1))
    low, high = light + warmth * WARM + hue * GREENISH
    return _mixed(low, high, noise(rng, side, rng.uniform(0.4, 1.5)), rng)


def _grained(rng: np.random.Generator, side: int, *, grain: tuple[float, float]) -> Floats:
    """Of a grain that lies or stands; colours are by chance."""
    low, high = rng.uniform(0.15, 0.85, (2, 3))
    return _mixed(low, high, noise(rng, side, grain), rng)


def _mixed(low: Floats, high: Floats, grain: Floats, rng: np.random.Generator) -> Floats:
    """Clouds of two colours, with grain."""
    side = len(grain)
    mix = 0.5 + 0.5 * np.tanh(noise(rng, side, side / 8))
    return low + mix[..., None] * (high - low) + 0.08 * grain[..., None]


KINDS: dict[Domain, tuple[Backdrop, Backdrop]] = {
    "faces": (partial(_hued, green=1), partial(_hued, green=-1)),
    "irises": (partial(_grained, grain=(0.4, 3.0)), partial(_grained, grain=(3.0, 0.4))),
}
"""Of faces the hue tells, of irises the grain's direction: neither is what any generator's flaw looks like."""
