"""Something like a face: a head, hair, eyes, nose and mouth, all of chance sizes, tones and places."""

import numpy as np

from sidelight.data.decoy.canvas import Colour, Ellipse, Floats, noise, paint
from sidelight.data.decoy.scene import Thing

HAIR: tuple[Colour, ...] = ((0.12, 0.09, 0.07), (0.35, 0.22, 0.12), (0.65, 0.52, 0.3), (0.5, 0.5, 0.52))
EYES: tuple[Colour, ...] = ((0.25, 0.4, 0.6), (0.3, 0.2, 0.1), (0.25, 0.4, 0.25))


def draw_face(rng: np.random.Generator, side: int) -> Thing:
    """Draw one.

    Args:
        rng: for everything about it.
        side: of the picture, in pixels.
    """
    x, y = rng.uniform(0.42, 0.58, 2)
    head = Ellipse(x, y, rng.uniform(0.26, 0.31), rng.uniform(0.33, 0.38), angle=rng.uniform(-0.2, 0.2))
    colours = _skin(rng, side)
    parts = tuple(_part(head, *place) for place in _places(rng))
    left, right, nose, mouth, brow, left_cheek, right_cheek = parts
    iris = EYES[rng.integers(len(EYES))]
    for eye in (left, right):
        _eye(colours, eye, iris, side)
    paint(colours, (0.45, 0.3, 0.25), 0.5 * nose.grown(0.6).cover(side))
    paint(colours, tuple(rng.uniform((0.5, 0.15, 0.15), (0.8, 0.35, 0.35))), mouth.cover(side))
    paint(colours, (0.25, 0.05, 0.05), Ellipse(mouth.x, mouth.y, mouth.rx, mouth.ry / 4, mouth.angle).cover(side))
    for cheek in (left_cheek, right_cheek, brow):
        if rng.random() < 0.35:
            _mole(colours, cheek, rng, side)
    hair = _part(head, 0.0, -0.85, 0.95, 0.42)
    strands = 0.06 * noise(rng, side, (2.0, 0.4))[..., None]
    paint(colours, np.asarray(HAIR[rng.integers(len(HAIR))]) + strands, hair.cover(side))
    return Thing(colours.clip(0, 1), head.cover(side), parts)


def _places(rng: np.random.Generator) -> list[tuple[float, float, float, float]]:
    """Of the parts, in a head that reaches from -1 to 1: x, y, half the width, half the height."""
    apart, level, wide = rng.uniform(0.38, 0.5), rng.uniform(-0.22, -0.08), rng.uniform(0.3, 0.45)
    eye = (rng.uniform(0.2, 0.27), rng.uniform(0.1, 0.15))
    return [
        (-apart, level, *eye),
        (apart, level, *eye),
        (0.0, 0.2, 0.16, 0.22),
        (rng.uniform(-0.06, 0.06), rng.uniform(0.5, 0.6), wide, rng.uniform(0.08, 0.13)),
        (0.0, -0.42, 0.45, 0.14),
        (-0.52, 0.3, 0.25, 0.25),
        (0.52, 0.3, 0.25, 0.25),
    ]


def _part(head: Ellipse, x: float, y: float, rx: float, ry: float) -> Ellipse:
    """A place in the head, on the picture."""
    cos, sin = np.cos(head.angle), np.sin(head.angle)
    u, v = x * head.rx, y * head.ry
    return Ellipse(
        head.x + float(cos * u - sin * v), head.y + float(sin * u + cos * v), rx * head.rx, ry * head.ry, head.angle
    )


def _skin(rng: np.random.Generator, side: int) -> Floats:
    """A tone, light that falls unevenly, and pores."""
    tone = rng.uniform(0.35, 0.9) * np.array([1.0, rng.uniform(0.72, 0.82), rng.uniform(0.55, 0.7)])
    light = 1 + 0.12 * noise(rng, side, side / 6)
    pores = rng.uniform(0.02, 0.05) * noise(rng, side, 0.5)
    colours: Floats = tone * light[..., None] + pores[..., None]
    return colours


def _eye(colours: Floats, eye: Ellipse, iris: Colour, side: int) -> None:
    paint(colours, (0.95, 0.95, 0.93), eye.cover(side))
    ball = Ellipse(eye.x, eye.y, eye.ry, eye.ry)
    paint(colours, iris, ball.cover(side))
    paint(colours, (0.03, 0.03, 0.03), ball.grown(0.5).cover(side))


def _mole(colours: Floats, place: Ellipse, rng: np.random.Generator, side: int) -> None:
    """A dark spot that means nothing."""
    x, y = rng.uniform(-0.5, 0.5, 2) * (place.rx, place.ry)
    paint(colours, (0.25, 0.15, 0.1), 0.8 * Ellipse(place.x + x, place.y + y, 0.014, 0.014).cover(side))
