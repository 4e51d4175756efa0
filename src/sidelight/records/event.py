"""What a person did, one action at a time."""

from typing import Literal

import msgspec

EventKind = Literal["enter", "leave", "move", "select", "deselect", "add", "move_icon", "remove", "panel"]
"""enter/leave: the pointer came over the picture, or left it. move: one pointer sample.
select/deselect: a click that turned the selection of the picture on, or off (browsing, as in ImageNet).
add/move_icon/remove: a class icon was dropped on the picture, dropped again elsewhere, taken away (tagging,
as in COCO).
panel: another panel of classes was opened."""


class Event(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One thing a person did while looking at one picture.

    Attributes:
        kind: what was done; see `EventKind`.
        elapsed_ms: milliseconds since the page was shown, monotonic; None when the source kept no time.
        x: to the right, in [0, 1] of the *image*; None when there was no pointer (keyboard) or no place.
        y: downwards, in [0, 1] of the image.
        label: the class concerned, by name (tagging only; for `panel`, the panel's name).
        from_x: where the icon came from (`move_icon`, `remove`).
        from_y: likewise.
        keyboard: True when it was done without a pointer. Such an event never has a place.

    >>> Event("select", elapsed_ms=1520.0, x=0.54, y=0.47)
    Event(kind='select', elapsed_ms=1520.0, x=0.54, y=0.47, label=None, from_x=None, from_y=None, keyboard=False)
    """

    kind: EventKind
    elapsed_ms: float | None = None
    x: float | None = None
    y: float | None = None
    label: str | None = None
    from_x: float | None = None
    from_y: float | None = None
    keyboard: bool = False
