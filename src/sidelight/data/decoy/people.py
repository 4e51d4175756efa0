"""People who do not exist paint what made them decide: maps like those of drawn regions, averaged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sidelight.data.decoy.canvas import Ellipse, Floats, blurred


@dataclass(frozen=True)
class People:
    """Who paints, and how well.

    Every person looks at each place on her own: she paints a flaw if she notices it, else perhaps a part that she
    deems telling. Her region is a little too large, beside its place, and of another size each time. The map is the
    share of people who painted a pixel, blurred.
    """

    count: int = 5
    """People a picture."""
    notices: float = 0.6
    """How often a person paints a place that is flawed."""
    deems: float = 0.25
    """How often she paints a part that is not."""
    astray: float = 0.1
    """How often she also paints a place anywhere on the picture."""
    beside: float = 0.03
    """How far her region's centre lies from the place's, in sides: standard deviation."""
    blur: float = 0.03
    """Of the mean over people, in sides."""


def painted(
    people: People, flawed: Sequence[Ellipse], parts: Sequence[Ellipse], *, rng: np.random.Generator, side: int
) -> Floats:
    """The map of one picture.

    Args:
        people: who paints.
        flawed: places that are flawed; none on a genuine picture.
        parts: those that are not.
        rng: for what they notice and how they paint.
        side: in pixels.

    Returns:
        [side, side] in [0, 1]; never constant, since a person who would paint nothing paints one part.
    """
    regions = [_one(people, flawed, parts, rng, side) for _ in range(people.count)]
    return blurred(np.mean(regions, axis=0), people.blur * side).clip(0, 1)


def _one(
    people: People, flawed: Sequence[Ellipse], parts: Sequence[Ellipse], rng: np.random.Generator, side: int
) -> Floats:
    chosen = [place for place in flawed if rng.random() < people.notices]
    chosen += [place for place in parts if rng.random() < people.deems]
    if not chosen:
        chosen = [parts[int(rng.integers(len(parts)))]]
    if rng.random() < people.astray:
        x, y = rng.uniform(0.1, 0.9, 2)
        chosen.append(Ellipse(x, y, 0.07, 0.07))
    region = np.zeros((side, side))
    for place in chosen:
        x, y = rng.normal(0, people.beside, 2)
        stroke = Ellipse(place.x + x, place.y + y, place.rx, place.ry, place.angle).grown(rng.uniform(1.1, 1.6))
        region = np.maximum(region, stroke.cover(side))
    return region
