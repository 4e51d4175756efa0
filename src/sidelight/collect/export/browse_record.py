"""What one person did with one candidate, as ImageNet-AB's `<metadata>` says it."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from sidelight.collect.export.semantics import Semantics, estimate_time, throttled, unselected
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

Sample = tuple[int, float, float]
"""(ms since 1970, x, y)."""

RELEASED_EXTRA = {"imageHeight": "image_height", "imageWidth": "image_width", "image_idx": "image_idx"} | {
    "page_idx": "page_idx"
}
"""Whole numbers of `Annotation.extra` that have a tag of their own."""


class BrowseRecord(msgspec.Struct, frozen=True):
    """The part of a record that one person's behaviour decides; fields as in `data.source.ab_file.AbMetadata`.

    Attributes:
        selected: at the end.
        selected_count: how often selection was turned on, by whatever means.
        clicks: those of them that a pointer made; nothing is invented for the others.
        hovered: (enter or leave, ms since 1970).
        hovered_count: number of enters.
        mouse: pointer samples.
        estimate_time: ms; None when unknown.
        image_position: left and top on the page, CSS px; None below grade L3.
        image_width: of the displayed picture, CSS px: the true one, unlike in the release.
        image_height: likewise.
        image_idx: place on the page, from 0.
        page_idx: page of the assignment, from 0.
        other: what the release has no tag for (`full` only).
    """

    selected: bool
    selected_count: int
    clicks: tuple[Sample, ...] = ()
    hovered: tuple[tuple[Literal["enter", "leave"], int], ...] = ()
    hovered_count: int = 0
    mouse: tuple[Sample, ...] = ()
    estimate_time: int | None = None
    image_position: tuple[float, float] | None = None
    image_width: int | None = None
    image_height: int | None = None
    image_idx: int | None = None
    page_idx: int | None = None
    other: dict[str, str] = {}


def browse_record(annotation: Annotation, *, semantics: Semantics) -> BrowseRecord:
    """Say an annotation in the release's words.

    Args:
        annotation: of a candidate, at any grade. Without events (L0, L1) the final click comes from its point, at the
            dwell after the beginning. Without a clock (L0, L1) times count from 0.
        semantics: `release`: samples throttled to 60 Hz and none while selected, only the clicks that select,
            `estimateTime` by the release's rule. `full`: every sample; what has no tag is told under `other`.

    >>> annotation = Annotation("1", "cat", selected=True, started_at=1000.0, events=(
    ...     Event("move", 10.0, 0.2, 0.2), Event("select", 60.0, 0.5, 0.4), Event("move", 80.0, 1.0, 1.0)))
    >>> browse_record(annotation, semantics="release").mouse, browse_record(annotation, semantics="full").mouse
    (((1010, 0.2, 0.2),), ((1010, 0.2, 0.2), (1080, 1.0, 1.0)))
    """
    start = annotation.started_at or 0.0
    events = annotation.events or _bare(annotation)
    samples = [e for e in events if e.kind == "move"] if semantics == "full" else throttled(unselected(events))
    selecting = [event for event in events if event.kind == "select"]
    estimated = estimate_time(annotation.events) if semantics == "release" and annotation.events else None
    dwell = annotation.dwell_ms if estimated is None else estimated
    return BrowseRecord(
        selected=bool(annotation.selected),
        selected_count=max(len(selecting), int(bool(annotation.selected))),
        clicks=_samples(selecting, start),
        hovered=_hovered(events, start),
        hovered_count=sum(event.kind == "enter" for event in events),
        mouse=_samples(samples, start),
        estimate_time=None if dwell is None else round(dwell),
        image_position=_position(annotation),
        **{field: int(annotation.extra[tag]) for tag, field in RELEASED_EXTRA.items() if tag in annotation.extra},
        other=_other(annotation, events, start) if semantics == "full" else {},
    )


def _bare(annotation: Annotation) -> tuple[Event, ...]:
    if not annotation.selected or "final" not in annotation.points:
        return ()
    return (Event("select", annotation.dwell_ms or 0.0, *annotation.points["final"]),)


def _stamp(event: Event, start: float) -> int:
    return round(start + (event.elapsed_ms or 0.0))


def _samples(events: Sequence[Event], start: float) -> tuple[Sample, ...]:
    """Those that have a place; the release's places end at the picture's border."""
    return tuple(
        (_stamp(event, start), min(1.0, max(0.0, event.x)), min(1.0, max(0.0, event.y)))
        for event in events
        if event.x is not None and event.y is not None
    )


def _hovered(events: Sequence[Event], start: float) -> tuple[tuple[Literal["enter", "leave"], int], ...]:
    kinds: dict[str, Literal["enter", "leave"]] = {"enter": "enter", "leave": "leave"}
    return tuple((kinds[event.kind], _stamp(event, start)) for event in events if event.kind in kinds)


def _position(annotation: Annotation) -> tuple[float, float] | None:
    text = annotation.extra.get("imagePosition")
    if text is None:
        return None
    x, y = map(float, text.split(","))
    return x, y


def _other(annotation: Annotation, events: Sequence[Event], start: float) -> dict[str, str]:
    """The release's gaps, as texts: when and where de-selected, and how often without a pointer."""
    known = {*RELEASED_EXTRA, "imagePosition"}
    other = {name: value for name, value in annotation.extra.items() if name not in known}
    undone = [event for event in events if event.kind == "deselect"]
    if undone:
        other["deselectedRecord"] = "; ".join(_words(event, start) for event in undone)
    keyed = sum(event.keyboard for event in events if event.kind in ("select", "deselect"))
    return other | ({"keyboardCount": str(keyed)} if keyed else {})


def _words(event: Event, start: float) -> str:
    place = "" if event.x is None or event.y is None else f" {event.x!r} {event.y!r}"
    return f"{_stamp(event, start)}{place}"
