"""Everything a page logs besides pointer samples: one struct a kind, told apart by `k`.

`frontend/src/record/records.gen.ts` is generated from this module, `answer` and `page`; a test keeps them equal.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Ms = Annotated[float, Meta(ge=0.0, le=1e9)]
"""Milliseconds, up to 11 days."""

Px = Annotated[float, Meta(ge=-1e6, le=1e6)]
"""CSS px."""

Length = Annotated[float, Meta(ge=0.0, le=1e6)]
"""CSS px, of a side."""

Ratio = Annotated[float, Meta(ge=0.0, le=1e3)]

Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]

Name = Annotated[str, Meta(max_length=256)]
"""Of an image or a class. The bounds are for what is read; who writes an entry keeps them without being held to it."""

Coordinate = Annotated[float, Meta(ge=-0.05, le=1.05)]
"""In [0, 1] of the image's side; the margin is a dataset's for recorded points."""

Modality = Literal["mouse", "touch", "pen", "keyboard"]
"""What a person did it with. What is done with the keyboard, or an assistive tool, has no place."""

Place = tuple[Coordinate, Coordinate]
"""(x, y) in [0, 1] of the image: x to the right, y down."""


class Logged(msgspec.Struct, frozen=True, tag_field="k", omit_defaults=True, forbid_unknown_fields=True):
    """One entry of a page's log.

    Attributes:
        t: ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms.
        i: how many pointer samples of the chunk come before it.
    """

    t: Ms
    i: Count


class Shown(Logged, frozen=True, tag="shown"):
    """The page appeared: first entry of a segment (a reload, or a return from the back/forward cache, starts one)."""


class Layout(Logged, frozen=True, tag="layout"):
    """Where everything was from now on; pointer samples are mapped to images with the last one before them.

    The first of a segment names every image. A later one may leave out those that only moved with the document, by the
    difference of `scroll`: a page of 48 images would else send 2 KB for every step of scrolling
    (`wire.boxes.boxes_after` puts them back).

    Attributes:
        view: width and height of the viewport, CSS px.
        scroll: of the document, CSS px.
        zoom: of the visual viewport (pinch).
        dpr: device pixels a CSS px.
        images: image id -> (left, top, width, height) of its picture in client px, borders and letterbox excluded.
    """

    view: tuple[Length, Length]
    scroll: tuple[Px, Px]
    zoom: Ratio
    dpr: Ratio
    images: dict[Name, tuple[Px, Px, Length, Length]]


class Visibility(Logged, frozen=True, tag="visibility"):
    """The document was hidden or shown."""

    visible: bool


class Focus(Logged, frozen=True, tag="focus"):
    """The window lost the focus, or got it."""

    focused: bool


class Hover(Logged, frozen=True, tag="hover"):
    """The pointer came over an image (`inside`), or left it."""

    image: Name
    inside: bool


class OnScreen(Logged, frozen=True, tag="on_screen"):
    """An image came into view by at least half (`seen`), or went out."""

    image: Name
    seen: bool


class ImageState(Logged, frozen=True, tag="image"):
    """An image was loaded, or could not be; it is never replaced by another."""

    image: Name
    state: Literal["loaded", "failed"]


class Pointer(Logged, frozen=True, tag="pointer"):
    """A pointer went down, up, or was taken away by the browser."""

    action: Literal["down", "up", "cancel"]
    by: Modality


class Select(Logged, frozen=True, tag="select"):
    """Browse: an image was selected. `at` is absent when no pointer did it."""

    image: Name
    by: Modality
    at: Place | None = None


class Deselect(Logged, frozen=True, tag="deselect"):
    """Browse: an image was de-selected."""

    image: Name
    by: Modality
    at: Place | None = None


class Panel(Logged, frozen=True, tag="panel"):
    """Tag: a panel of classes was opened (the first one is opened by the page itself, `by` absent)."""

    panel: Count
    by: Modality | None = None


class Add(Logged, frozen=True, tag="add"):
    """Tag: a class's icon was put onto the image; by keyboard it has no place."""

    label: Name
    by: Modality
    at: Place | None = None


class Move(Logged, frozen=True, tag="move"):
    """Tag: an icon that lies on the image was put elsewhere."""

    label: Name
    by: Modality
    at: Place


class Remove(Logged, frozen=True, tag="remove"):
    """Tag: an icon was taken away."""

    label: Name
    by: Modality


class Pick(Logged, frozen=True, tag="pick"):
    """Tag: an icon was picked up (its path is in the samples); followed by `add`, `move`, `remove` or `put_back`."""

    label: Name
    by: Modality


class PutBack(Logged, frozen=True, tag="put_back"):
    """Tag: a picked icon was let go where it changes nothing."""

    label: Name
    by: Modality


class Decide(Logged, frozen=True, tag="decide"):
    """Paint: the class was decided; the last decision counts."""

    label: Name
    by: Modality


class Stroke(Logged, frozen=True, tag="stroke"):
    """Paint: a finished stroke.

    Attributes:
        tool: brush or eraser.
        radius: of the round tip, in cells of the mask's grid (may be fractional).
        cells: centres of the tip, x0, y0, x1, y1, ...; whole numbers in 1/16 of a cell.
        by: modality; keyboard strokes are stamps.
    """

    tool: Literal["brush", "eraser"]
    radius: Annotated[float, Meta(ge=0.0, le=64.0)]
    cells: tuple[Annotated[int, Meta(ge=0, le=16 * 256)], ...]
    by: Modality


class Undo(Logged, frozen=True, tag="undo"):
    """Paint: the last stroke or clearing that still counts was taken back."""

    by: Modality


class Redo(Logged, frozen=True, tag="redo"):
    """Paint: the last one that was taken back counts again."""

    by: Modality


class Clear(Logged, frozen=True, tag="clear"):
    """Paint: everything painted was removed, in one step that can be undone."""

    by: Modality


class Health(Logged, frozen=True, tag="health"):
    """How the recorder itself fares.

    Attributes:
        samples: pointer samples delivered by the browser since the segment began.
        dropped: of these, not kept (a budget was exceeded).
        handler_ms: total time spent in the recorder's handlers, estimated: of the frequent ones one in eight is timed.
        granularity_ms: smallest step seen between two time stamps.
    """

    samples: Count
    dropped: Count
    handler_ms: Ms
    granularity_ms: Ms


TaskEntry = (
    Select | Deselect | Panel | Add | Move | Remove | Pick | PutBack | Decide | Stroke | Undo | Redo | Clear
)  # fmt: skip
"""An entry that says what the person did at the task; all that a fold reads, and all that `PageSpec.log` brings."""

Entry = Shown | Layout | Visibility | Focus | Hover | OnScreen | ImageState | Pointer | TaskEntry | Health
"""Any entry of the log."""
