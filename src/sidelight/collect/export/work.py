"""What one person left on one picture, graded and under new names: what every export is made of."""

import msgspec

from sidelight.collect.wire.answer import PaintAnswer
from sidelight.records.annotation import Annotation


class Work(msgspec.Struct, frozen=True):
    """One person's work on one picture of one page.

    Attributes:
        picture: id in the store; the key by which works are gathered, in no export.
        asked: class that the page asked about (browse); "" otherwise.
        annotations: graded; one (browse, paint), or one about the page and one a class (tag).
        drags: tag: when an icon was being carried, (from, until) in ms since the page was shown.
        mask: paint: as submitted; None at L0, where labels alone leave.
        person: pseudonym; "" where the grade names nobody.
        assignment: pseudonym of the assignment, likewise.
        hit: pseudonym of the pages that were assigned together.
        page: place of the page in the assignment, from 0; None where the grade leaves it out.
        submitted_at: s since 1970, shifted as the grade wants; None likewise.
    """

    picture: str
    asked: str
    annotations: tuple[Annotation, ...]
    drags: tuple[tuple[float, float], ...] = ()
    mask: PaintAnswer | None = None
    person: str = ""
    assignment: str = ""
    hit: str = ""
    page: int | None = None
    submitted_at: float | None = None


class Seen(msgspec.Struct, frozen=True):
    """A picture of the campaign with all that people did on it.

    Attributes:
        path: below the campaign's pictures.
        pool: which of them it comes from.
        width: pixels, upright.
        height: pixels.
        label: class name that the requester knew; None when unknown.
        works: in an order that tells nothing about when they were done.
    """

    path: str
    pool: str
    width: int
    height: int
    label: str | None
    works: tuple[Work, ...]
