"""A file of ImageNet-AB as an example and its annotations."""

from collections.abc import Mapping
from typing import Any

from sidelight.data.source.ab_file import AbFile, AbMetadata, AbObject
from sidelight.data.source.event_order import merge_streams
from sidelight.data.source.identity import Identities
from sidelight.records.annotation import Annotation, Point, PointPolicy
from sidelight.records.event import Event
from sidelight.records.example import Box

_HOVER_RANK = {"enter": 0, "leave": 3}


def picture_size(file: AbFile) -> tuple[int, int] | None:
    """Width and height in pixels as the browser saw them, else as ILSVRC states them; None if neither is usable.

    >>> picture_size(AbFile(size=(500, 375, 3)))
    (500, 375)
    """
    seen = ((m.original_image_width, m.original_image_height) for m in file.metadata)
    for width, height in (*seen, (file.size or (0, 0))[:2]):
        if width and height:
            return width, height
    return None


def box_of(thing: AbObject, size: tuple[int, int], labels: Mapping[str, int]) -> Box | None:
    """ILSVRC's inclusive pixel box in [0, 1] of the picture: [x0/W, (x1 + 1)/W].

    A right or lower corner at W or H, one pixel outside, is common in ILSVRC and is cut off.

    Args:
        thing: the object.
        size: (W, H) that its pixels refer to.
        labels: index of each class.

    Returns:
        The box; None if the object has none.

    Raises:
        ValueError: if the box is reversed or leaves the picture.

    >>> box_of(AbObject(box=(0, 0, 249, 375)), (500, 375), {})
    Box(x0=0.0, y0=0.0, x1=0.5, y1=1.0, label=None)
    """
    if thing.box is None:
        return None
    (x0, y0, x1, y1), (width, height) = thing.box, size
    if not (0 <= x0 <= x1 <= width and 0 <= y0 <= y1 <= height and x0 < width and y0 < height):
        raise ValueError(f"the box is {thing.box}; 0 <= xmin <= xmax <= {width} and 0 <= ymin <= ymax <= {height}")
    right, lower = min(1.0, (x1 + 1) / width), min(1.0, (y1 + 1) / height)
    return Box(x0 / width, y0 / height, right, lower, labels.get(thing.name or ""))


def annotation_of(
    metadata: AbMetadata, annotation_id: str, *, example_id: str, label: int, identities: Identities
) -> Annotation:
    """What one annotator did with the picture.

    - Events: hovering, pointer samples and selecting clicks in the order of time. Each kind keeps its own order where
      its stamps repeat or step back. `elapsed_ms` counts from the record's earliest stamp, `started_at`; the release
      does not say when the page was shown. Deselecting clicks were never logged.
    - Points: `first` and `final` selecting click, cut off at the picture's border; events stay as recorded.
    - `dwell_ms`: `estimateTime`, uncapped (2 ms to 5 h occur); 0 and less mean unknown.
    - `extra`: what remains. `imageWidth` is computed anew as round(imageHeight * W / H), since the release copies the
      height.

    Source: han2023luab and the released annotation tool; the official loader takes `first`, the paper's words are
    `final`.
    """
    points: dict[PointPolicy, Point] = {}
    if metadata.clicks:
        first, final = metadata.clicks[0], metadata.clicks[-1]
        points = {"first": (_cut(first.x), _cut(first.y)), "final": (_cut(final.x), _cut(final.y))}
    times = [*(h.time for h in metadata.hovered), *(s.time for s in (*metadata.mouse, *metadata.clicks))]
    start = min(times, default=None)
    return Annotation(
        id=annotation_id,
        example_id=example_id,
        annotator=identities.name("worker", metadata.worker_id) if metadata.worker_id else "",
        source="imagenet_ab",
        label=label,
        selected=metadata.selected,
        points=points,
        dwell_ms=metadata.estimate_time if (metadata.estimate_time or 0) > 0 else None,
        started_at=start,
        events=() if start is None else _events(metadata, start),
        extra=_extra(metadata, identities),
    )


def _cut(value: float) -> float:
    return min(1.0, max(0.0, value))


def _events(metadata: AbMetadata, start: int) -> tuple[Event, ...]:
    """All three streams by time; at equal times in the order enter, move, select, leave."""
    return merge_streams(
        (
            [(4 * h.time + _HOVER_RANK[h.action], Event(h.action, float(h.time - start))) for h in metadata.hovered],
            [(4 * s.time + 1, Event("move", float(s.time - start), s.x, s.y)) for s in metadata.mouse],
            [(4 * s.time + 2, Event("select", float(s.time - start), s.x, s.y)) for s in metadata.clicks],
        )
    )


def _extra(metadata: AbMetadata, identities: Identities) -> dict[str, str]:
    fields: dict[str, Any] = {
        "hit_submit_time": metadata.hit_submit_time,
        "hoveredCount": metadata.hovered_count,
        "imageHeight": metadata.image_height,
        "imageWidth": display_width(metadata),
        "image_idx": metadata.image_idx,
        "page_idx": metadata.page_idx,
        "selectedCount": metadata.selected_count,
        **metadata.other,
    }
    for name in ("assignment_id", "hit_id", "imagenet_hit_id"):
        raw = getattr(metadata, name)
        fields[name] = identities.name(name, raw) if raw else None
    if identities.kept and metadata.image_position:
        fields["imagePosition"] = "{},{}".format(*metadata.image_position)
    return {name: str(value) for name, value in fields.items() if value is not None}


def display_width(metadata: AbMetadata) -> int | None:
    """Width of the displayed picture in CSS pixels, from its height and the picture's own size.

    >>> display_width(AbMetadata(image_height=243, original_image_height=375, original_image_width=500))
    324
    """
    width, height = metadata.original_image_width, metadata.original_image_height
    if not (metadata.image_height and width and height):
        return None
    return round(metadata.image_height * width / height)
