"""An object with the places where its parts are."""

from dataclasses import dataclass

from sidelight.data.decoy.canvas import Ellipse, Floats


@dataclass(frozen=True)
class Thing:
    """What a picture is of, before it is laid on a background.

    Attributes:
        colours: [side, side, 3] in [0, 1]; means something only where `cover` is not 0.
        cover: [side, side] share of every pixel that belongs to the object.
        parts: where people look at, and where a generator fails: eyes, a mouth, a sector of an iris.
    """

    colours: Floats
    cover: Floats
    parts: tuple[Ellipse, ...]
