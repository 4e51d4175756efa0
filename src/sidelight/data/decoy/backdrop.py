"""What lies behind the object: two kinds of backdrop that differ in their grain, and clutter that tells nothing."""

from collections.abc import Callable

import numpy as np

from sidelight.data.decoy.artefact import GENERATORS, Domain, spoil
from sidelight.data.decoy.canvas import Ellipse, Floats, noise


def draw_backdrop(domain: Domain, kind: int, rng: np.random.Generator, side: int) -> Floats:
    """A backdrop of chance colours whose statistics are those of its kind.

    Args:
        domain: whose two kinds.
        kind: 0 goes with genuine pictures, 1 with synthetic ones, where the shortcut holds.
        rng: for everything else about it.
        side: in pixels.

    Returns:
        [side, side, 3].
    """
    low, high = rng.uniform(0.15, 0.85, (2, 3))
    mix = 0.5 + 0.5 * np.tanh(noise(rng, side, side / 8))
    grain = KINDS[domain][kind](rng, side)
    return low + mix[..., None] * (high - low) + grain[..., None]


def clutter(picture: Floats, domain: Domain, outside: Floats, rng: np.random.Generator) -> Floats:
    """On half of the pictures a flaw of the training's generators at a chance place beside the object: what is a sign
    on it, is none there.

    Those of the unseen generators are not among them: a model that had learnt to pass over them would have seen them.
    """
    if rng.random() < 0.5:
        return picture
    flaws = tuple(GENERATORS[domain].training.values())
    flaw = flaws[rng.integers(len(flaws))]
    (x, y), (rx, ry) = rng.uniform(0, 1, 2), rng.uniform(0.08, 0.16, 2)
    where = Ellipse(x, y, rx, ry)
    return spoil(picture, flaw, where, inside=outside, rng=rng)


def _fine(rng: np.random.Generator, side: int) -> Floats:
    return 0.08 * noise(rng, side, 0.4)


def _coarse(rng: np.random.Generator, side: int) -> Floats:
    return 0.08 * noise(rng, side, 1.5)


def _lying(rng: np.random.Generator, side: int) -> Floats:
    return 0.08 * noise(rng, side, (0.4, 3.0))


def _standing(rng: np.random.Generator, side: int) -> Floats:
    return 0.08 * noise(rng, side, (3.0, 0.4))


KINDS: dict[Domain, tuple[Callable[[np.random.Generator, int], Floats], ...]] = {
    "faces": (_fine, _coarse),
    "irises": (_lying, _standing),
}
"""The grain of each kind of backdrop: as strong in both, of another scale or direction."""
