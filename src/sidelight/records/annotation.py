"""What one person left behind on one picture."""

from typing import Literal

import msgspec

from sidelight.records.event import Event

Point = tuple[float, float]
"""(x, y) in [0, 1] of the image; x to the right, y down."""

PointPolicy = Literal["first", "final", "last_add", "final_position"]
"""Which click stands for the record. Browsing: the `first` or the `final` click that turned selection on. Tagging:
where the icon was last *added* (`last_add`, the official COCO-AB loader), or where it lay at submit
(`final_position`)."""


class Annotation(msgspec.Struct, frozen=True, gc=False):
    """One person's judgement on one picture about one class (a tagged picture has one a class).

    Attributes:
        id: unique in its dataset.
        example_id: the picture it is about.
        annotator: pseudonym of the person; "" when unknown.
        source: who made it: a reader's name ("imagenet_ab"), "csv", or "simulated".
        label: index of the class it is about; None when the page asked about the picture as a whole and no class is
        known.
        selected: whether the person said that the class is there; None when not asked.
        points: the point Z under each policy the record can answer. Empty when there was no pointer: never invented.
        dwell_ms: time spent before the decision, in ms; None when unknown.
        started_at: wall clock when the page was shown, ms since 1970 UTC; None when unknown.
        events: everything recorded, in order.
        extra: fields of the source with no place above, as strings; kept so that nothing is lost.
    """

    id: str
    example_id: str
    annotator: str = ""
    source: str = ""
    label: int | None = None
    selected: bool | None = None
    points: dict[PointPolicy, Point] = {}
    dwell_ms: float | None = None
    started_at: float | None = None
    events: tuple[Event, ...] = ()
    extra: dict[str, str] = {}
