"""What one file of ImageNet-AB says, field by field."""

from typing import Literal

import msgspec


class AbSample(msgspec.Struct, frozen=True, gc=False):
    """Where the pointer was (`mouseTracking`), or where a click turned the selection on (`selectedRecord`).

    Attributes:
        time: ms since 1970, the browser's clock; stamps may repeat or step back.
        x: in [0, 1] of the displayed picture, to the right. A whole number stays one, so that it is written back as it
            was.
        y: downwards.
    """

    time: int
    x: float
    y: float


class AbHover(msgspec.Struct, frozen=True, gc=False):
    """The pointer came over the picture, or left it, at `time` (ms since 1970)."""

    action: Literal["enter", "leave"]
    time: int


class AbObject(msgspec.Struct, frozen=True, gc=False):
    """An ILSVRC object with its box (xmin, ymin, xmax, ymax) in pixels; both corners belong to the box."""

    name: str | None = None
    pose: str | None = None
    truncated: str | None = None
    difficult: str | None = None
    box: tuple[int, int, int, int] | None = None
    other: dict[str, str] = {}


class AbMetadata(msgspec.Struct, frozen=True, gc=False):
    """What one annotator did with the picture on one page.

    Attributes:
        estimate_time: ms over the picture before it was selected, added up; 0 and -1 mean unknown.
        hit_submit_time: *seconds* since 1970, unlike all other times.
        hovered: when the pointer came and left.
        image_height: of the displayed picture, in CSS pixels.
        image_id: `<wnid>/<wnid>_<n>`.
        image_position: (x, y) of the picture on the page, in CSS pixels.
        image_width: a copy of `image_height` in the release, hence wrong.
        image_idx: place on the page, 0 to 47, three a row.
        page_idx: page of the task, from 0.
        mouse: pointer samples while the picture was not selected.
        clicks: those that turned the selection on; clicks that turned it off were not logged.
        empty: tags of the release that were there without content.
        other: tags that are not the release's, with their text.
    """

    assignment_id: str | None = None
    estimate_time: int | None = None
    hit_id: str | None = None
    hit_submit_time: int | None = None
    hovered_count: int | None = None
    hovered: tuple[AbHover, ...] = ()
    image_height: int | None = None
    image_id: str | None = None
    image_position: tuple[float, float] | None = None
    image_width: int | None = None
    image_idx: int | None = None
    imagenet_hit_id: str | None = None
    mouse: tuple[AbSample, ...] = ()
    original_image_height: int | None = None
    original_image_width: int | None = None
    page_idx: int | None = None
    selected: bool | None = None
    selected_count: int | None = None
    clicks: tuple[AbSample, ...] = ()
    worker_id: str | None = None
    empty: tuple[str, ...] = ()
    other: dict[str, str] = {}


class AbFile(msgspec.Struct, frozen=True, gc=False):
    """A picture's file: ILSVRC's part, then any number of annotators' parts.

    Attributes:
        size: (width, height, depth) in pixels.
        objects: ILSVRC's boxes; 42 % of the pictures have one.
        metadata: the annotators' parts; several when the picture was shown again, none for some 3,200 pictures.
        other: unknown tags of the first level.
        refused: one message for every part that could not be read and is left out.
    """

    folder: str | None = None
    filename: str | None = None
    database: str | None = None
    size: tuple[int, int, int] | None = None
    segmented: str | None = None
    objects: tuple[AbObject, ...] = ()
    metadata: tuple[AbMetadata, ...] = ()
    other: dict[str, str] = {}
    refused: tuple[str, ...] = ()


Kind = Literal["text", "whole", "time", "side", "truth", "place", "hover", "sample"]
"""What a tag holds: text; a whole number; a time stamp, a whole number >= 0; a side in pixels, likewise; `True` or
`False`; a place on the page; one `AbHover`; one `AbSample`."""

METADATA_TAGS: dict[str, tuple[str, Kind]] = {
    "assignment_id": ("assignment_id", "text"),
    "estimateTime": ("estimate_time", "whole"),
    "hit_id": ("hit_id", "text"),
    "hit_submit_time": ("hit_submit_time", "time"),
    "hoveredCount": ("hovered_count", "whole"),
    "hoveredRecord": ("hovered", "hover"),
    "imageHeight": ("image_height", "side"),
    "imageID": ("image_id", "text"),
    "imagePosition": ("image_position", "place"),
    "imageWidth": ("image_width", "side"),
    "image_idx": ("image_idx", "whole"),
    "imagenet_hit_id": ("imagenet_hit_id", "text"),
    "mouseTracking": ("mouse", "sample"),
    "originalImageHeight": ("original_image_height", "side"),
    "originalImageWidth": ("original_image_width", "side"),
    "page_idx": ("page_idx", "whole"),
    "selected": ("selected", "truth"),
    "selectedCount": ("selected_count", "whole"),
    "selectedRecord": ("clicks", "sample"),
    "worker_id": ("worker_id", "text"),
}
"""The tags of `<metadata>` in the order of their bytes, which is the release's: field of `AbMetadata`, and what it
holds."""
