"""Looks at people's recordings for what stands out: a reason to look, never a finding.

Decoding all that a person did takes a part of a second: it is done for one person at a time, and remembered.
"""

import threading
from collections import OrderedDict

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.annotate import StoredPage, annotate
from sidelight.collect.campaign.settings import Settings
from sidelight.collect.measure.quality import Screening, Watched, screen
from sidelight.collect.requester.view import Screened
from sidelight.collect.store import chunks, hits, pictures
from sidelight.collect.store import tables as t
from sidelight.collect.store.pictures import Picture
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.chunk import decode
from sidelight.records.example import Box

REMEMBERED = 20_000
"""People whose figures are kept in memory."""


class Screener:
    """Screens people, each once for as many pages as she has submitted.

    Args:
        settings: of the campaign.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: OrderedDict[tuple[str, int], Screening] = OrderedDict()
        self._lock = threading.Lock()

    def screen(self, c: Connection, person: str) -> Screened:
        """What a person's recordings show.

        Args:
            c: a connection.
            person: her pseudonym.
        """
        a, p = t.assignment.c, t.page.c
        mine = sa.select(sa.func.count()).select_from(t.page.join(t.assignment))
        pages = c.execute(mine.where(a.session == person, p.submitted_at.is_not(None))).scalar_one()
        with self._lock:
            seen = self._known.get((person, pages))
        if seen is None:
            seen = screen(watch(c, person, self._settings))
            self._remember((person, pages), seen)
        return Screened(person, pages, seen.decision_ms, seen.gold_inside_share, seen.flags())

    def _remember(self, what: tuple[str, int], seen: Screening) -> None:
        with self._lock:
            self._known[what] = seen
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)


def watch(c: Connection, person: str, settings: Settings) -> list[Watched]:
    """A person's submitted pages, as screening wants to see them.

    Args:
        c: a connection.
        person: her pseudonym.
        settings: of the campaign.
    """
    a, p = t.assignment.c, t.page.c
    mine = sa.select(p.id, p.ordinal, p.answer, p.complete, a.hit).join(t.assignment)
    rows = c.execute(
        mine.where(a.session == person, p.submitted_at.is_not(None)).order_by(a.leased_at, p.ordinal)
    ).all()
    plans = {hit: hits.plans(c, hit) for hit in {row.hit for row in rows}}
    classes = tuple(one.name for one in settings.classes)
    watched = []
    for row in rows:
        plan = plans[row.hit][row.ordinal]
        answer = msgspec.convert(row.answer, Answer)
        stored = StoredPage(
            row.id, plan.pictures, answer, person, classes, plan.label, tuple(settings.panels), complete=row.complete
        )
        recorded = [decode(body) for body in chunks.of_page(c, row.id)]
        gold = pictures.get(c, plan.pictures).values() if plan.gold else ()
        boxes = {one.id: _boxes(one, classes) for one in gold if one.gold}
        watched.append(Watched(annotate(stored, recorded), recorded, boxes))
    return watched


def _boxes(picture: Picture, classes: tuple[str, ...]) -> tuple[Box, ...]:
    """Where a gold picture's object is; the class that its folder or its table names is the object's."""
    label = classes.index(picture.label) if picture.label in classes else None
    return tuple(Box(*box, label) for box in picture.boxes or ())
