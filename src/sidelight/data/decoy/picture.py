"""One picture of the decoy benchmark, from its number to its pixels, its mask and its map."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sidelight.data.decoy.artefact import GENERATORS, Domain, Flaw, spoil
from sidelight.data.decoy.backdrop import clutter, draw_backdrop
from sidelight.data.decoy.canvas import Ellipse, Floats, paint
from sidelight.data.decoy.face import draw_face
from sidelight.data.decoy.iris import draw_iris
from sidelight.data.decoy.people import People, painted
from sidelight.data.decoy.scene import Thing

THINGS: dict[Domain, Callable[[np.random.Generator, int], Thing]] = {"faces": draw_face, "irises": draw_iris}
THING, BACKDROP, FLAWS, PEOPLE = range(4)
"""What a stream of chance is for. Each part of a picture has its own, so that the same object comes on either backdrop,
and people paint the same whatever the shortcut."""

SMALLEST = 0.08
"""Half of the width and height that a flaw has at least, in sides."""


@dataclass(frozen=True)
class Drawn:
    """A picture with all that is known about it.

    Attributes:
        picture: [side, side, 3] uint8, RGB.
        inside: [side, side] bool: the object's pixels.
        saliency: [side, side] in [0, 1]: where people would paint.
    """

    picture: npt.NDArray[np.uint8]
    inside: npt.NDArray[np.bool_]
    saliency: Floats


def draw_picture(
    domain: Domain, generator: str, kind: int, *, key: tuple[int, ...], side: int, people: People
) -> Drawn:
    """Draw one picture.

    Args:
        domain: what it is of.
        generator: who made it; "" for a genuine one.
        kind: of its backdrop, 0 or 1.
        key: of its chance: equal keys give equal pictures.
        side: in pixels.
        people: who paint its map.
    """

    def chance(purpose: int) -> np.random.Generator:
        return np.random.default_rng([*key, purpose])

    thing = THINGS[domain](chance(THING), side)
    behind = chance(BACKDROP)
    picture = clutter(draw_backdrop(domain, kind, behind, side), domain, 1 - thing.cover, behind)
    paint(picture, thing.colours, thing.cover)
    flawed: tuple[Ellipse, ...] = ()
    sound = thing.parts
    if generator:
        picture, flawed, sound = _flawed(picture, thing, _flaw(domain, generator), chance(FLAWS))
    picture += 0.01 * behind.standard_normal(picture.shape)
    return Drawn(
        (picture.clip(0, 1) * 255).round().astype(np.uint8),
        thing.cover > 0.5,
        painted(people, flawed, sound, rng=chance(PEOPLE), side=side),
    )


def _flaw(domain: Domain, generator: str) -> Flaw:
    known = GENERATORS[domain]
    return known.training[generator] if generator in known.training else known.unseen[generator]


def _flawed(
    picture: Floats, thing: Thing, flaw: Flaw, rng: np.random.Generator
) -> tuple[Floats, tuple[Ellipse, ...], tuple[Ellipse, ...]]:
    """The picture with its generator's flaw on two or three parts of the object; those places, and the other parts."""
    count = int(rng.integers(2, 4))
    chosen = rng.choice(len(thing.parts), size=count, replace=False)
    flawed = tuple(thing.parts[place].at_least(SMALLEST) for place in chosen)
    for place in flawed:
        picture = spoil(picture, flaw, place.grown(rng.uniform(1.0, 1.3)), inside=thing.cover, rng=rng)
    sound = tuple(part for place, part in enumerate(thing.parts) if place not in chosen)
    return picture, flawed, sound
