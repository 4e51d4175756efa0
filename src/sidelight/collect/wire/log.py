"""Everything a page logs besides pointer samples: one struct a kind, told apart by `k`.

`frontend/src/record/records.gen.ts` is generated from this module, `answer` and `page`; a test keeps them equal.
"""

from typing import Literal

import msgspec

Modality = Literal["mouse", "touch", "pen", "keyboard"]
"""What a person did it with. What is done with the keyboard, or an assistive tool, has no place."""

Place = tuple[float, float]
"""(x, y) in [0, 1] of the image: x to the right, y down."""


class Logged(msgspec.Struct, frozen=True, tag_field="k", omit_defaults=True, forbid_unknown_fields=True):
    """One entry of a page's log.

    Attributes:
        t: ms since the page was shown in this segment, monotonic (`event.timeStamp`), to 0.1 ms.
        i: how many pointer samples of the chunk come before it.
    """

    t: float
    i: int


class Shown(Logged, frozen=True, tag="shown"):
    """The page appeared: first entry of a segment (a reload, or a return from the back/forward cache, starts one)."""


class Layout(Logged, frozen=True, tag="layout"):
    """Where everything was from now on; pointer samples are mapped to images with the last one before them.

    Attributes:
        view: width and height of the viewport, CSS px.
        scroll: of the document, CSS px.
        zoom: of the visual viewport (pinch).
        dpr: device pixels a CSS px.
        images: image id -> (left, top, width, height) of its picture in client px, borders and letterbox excluded.
    """

    view: tuple[float, float]
    scroll: tuple[float, float]
    zoom: float
    dpr: float
    images: dict[str, tuple[float, float, float, float]]


class Visibility(Logged, frozen=True, tag="visibility"):
    """The document was hidden or shown."""

    visible: bool


class Focus(Logged, frozen=True, tag="focus"):
    """The window lost the focus, or got it."""

    focused: bool


class Hover(Logged, frozen=True, tag="hover"):
    """The pointer came over an image (`inside`), or left it."""

    image: str
    inside: bool


class OnScreen(Logged, frozen=True, tag="on_screen"):
    """An image came into view by at least half (`seen`), or went out."""

    image: str
    seen: bool


class ImageState(Logged, frozen=True, tag="image"):
    """An image was loaded, or could not be; it is never replaced by another."""

    image: str
    state: Literal["loaded", "failed"]


class Pointer(Logged, frozen=True, tag="pointer"):
    """A pointer went down, up, or was taken away by the browser."""

    action: Literal["down", "up", "cancel"]
    by: Modality


class Select(Logged, frozen=True, tag="select"):
    """Browse: an image was selected. `at` is absent when no pointer did it."""

    image: str
    by: Modality
    at: Place | None = None


class Deselect(Logged, frozen=True, tag="deselect"):
    """Browse: an image was de-selected."""

    image: str
    by: Modality
    at: Place | None = None


class Panel(Logged, frozen=True, tag="panel"):
    """Tag: a panel of classes was opened (the first one is opened by the page itself, `by` absent)."""

    panel: int
    by: Modality | None = None


class Add(Logged, frozen=True, tag="add"):
    """Tag: a class's icon was put onto the image; by keyboard it has no place."""

    label: str
    by: Modality
    at: Place | None = None


class Move(Logged, frozen=True, tag="move"):
    """Tag: an icon that lies on the image was put elsewhere."""

    label: str
    by: Modality
    at: Place


class Remove(Logged, frozen=True, tag="remove"):
    """Tag: an icon was taken away."""

    label: str
    by: Modality


class Pick(Logged, frozen=True, tag="pick"):
    """Tag: an icon was picked up (its path is in the samples); followed by `add`, `move`, `remove` or `put_back`."""

    label: str
    by: Modality


class PutBack(Logged, frozen=True, tag="put_back"):
    """Tag: a picked icon was let go where it changes nothing."""

    label: str
    by: Modality


class Decide(Logged, frozen=True, tag="decide"):
    """Paint: the class was decided; the last decision counts."""

    label: str
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
    radius: float
    cells: tuple[int, ...]
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
        handler_ms: total time spent in the recorder's handlers.
        granularity_ms: smallest step seen between two time stamps.
    """

    samples: int
    dropped: int
    handler_ms: float
    granularity_ms: float


Entry = (
    Shown
    | Layout
    | Visibility
    | Focus
    | Hover
    | OnScreen
    | ImageState
    | Pointer
    | Select
    | Deselect
    | Panel
    | Add
    | Move
    | Remove
    | Pick
    | PutBack
    | Decide
    | Stroke
    | Undo
    | Redo
    | Clear
    | Health
)
"""Any entry of the log."""
