"""Something like an iris seen closely: fibres, a pupil, crypts and a highlight, all of chance."""

import numpy as np

from sidelight.data.decoy.canvas import Ellipse, Floats, noise, paint
from sidelight.data.decoy.scene import Thing

SECTORS = 7


def draw_iris(rng: np.random.Generator, side: int) -> Thing:
    """Draw one.

    Args:
        rng: for everything about it.
        side: of the picture, in pixels.
    """
    radius = rng.uniform(0.28, 0.34)
    x, y = rng.uniform(0.42, 0.58, 2)
    disc = Ellipse(x, y, radius, radius)
    inner = rng.uniform(0.3, 0.45)
    colours = _fibres(rng, disc, side)
    for _ in range(rng.integers(0, 4)):
        crypt = _at(disc, rng.uniform(0, 2 * np.pi), rng.uniform(inner + 0.15, 0.85), 0.1)
        paint(colours, (0.08, 0.06, 0.05), 0.6 * crypt.cover(side))
    paint(colours, (0.02, 0.02, 0.02), disc.grown(inner).cover(side))
    shine = _at(disc, rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.4), 0.12)
    paint(colours, (1.0, 1.0, 1.0), 0.9 * shine.cover(side))
    start = rng.uniform(0, 2 * np.pi)
    turns = start + 2 * np.pi * np.arange(SECTORS) / SECTORS
    parts = tuple(_at(disc, float(turn), (1 + inner) / 2, 0.3) for turn in turns)
    return Thing(colours.clip(0, 1), disc.cover(side), parts)


def _at(disc: Ellipse, turn: float, out: float, size: float) -> Ellipse:
    """A round place in the disc: `out` of its radius from the centre, `size` of its radius large."""
    x, y = np.cos(turn) * out * disc.rx, np.sin(turn) * out * disc.ry
    return Ellipse(disc.x + float(x), disc.y + float(y), size * disc.rx, size * disc.ry)


def _fibres(rng: np.random.Generator, disc: Ellipse, side: int) -> Floats:
    """A tone, brighter towards the pupil, with fibres that run outward and never repeat."""
    tone = np.array([rng.uniform(0.2, 0.5), rng.uniform(0.25, 0.5), rng.uniform(0.15, 0.6)])
    u, v = disc.turned(side)
    around = (np.arctan2(v, u) / (2 * np.pi)) % 1.0
    knots = rng.standard_normal(64)
    fibre = np.interp(around * 64, np.arange(65), np.append(knots, knots[0]))
    glow = 1.25 - 0.4 * np.minimum(disc.radius(side), 1.2)
    texture = 0.12 * fibre + rng.uniform(0.02, 0.05) * noise(rng, side, 0.6)
    colours: Floats = tone * (glow + texture)[..., None]
    return colours
