"""How a campaign goes, in numbers: counted from the store, kept for a few seconds."""

import threading
import time
from collections.abc import Callable

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.requester.earnings import earnings
from sidelight.collect.requester.view import Count, Hour, Leases, Overview, TimeSpent
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import Store
from sidelight.collect.store.leases import UNDER_WAY
from sidelight.collect.store.people import State

HOUR_S = 3600
HOURS = 48
"""Of throughput."""

FRESH_S = 5.0
"""How long an overview is shown again before it is counted anew; longer where counting takes long."""

SHARE = 20
"""An overview that took a second to count is shown for so many."""

STATES: tuple[State, ...] = ("arrived", "agreed", "work", "done", "returned", "refused", "withdrawn", "erased")
"""Of sessions, in the order of a person's way."""


class Size(msgspec.Struct, frozen=True):
    """How large a campaign is.

    Attributes:
        hits: how many.
        pages: of all hits, once.
        wanted: pages of all hits, as often as they are wanted.
        pictures: to be labelled: not distractors, not gold.
    """

    hits: int = 0
    pages: int = 0
    wanted: int = 0
    pictures: int = 0


class Dashboard:
    """The overview of one campaign.

    With a million pages counting takes a second or two, so one count serves all who look within the next seconds.

    Args:
        store: of the campaign.
        pay: of an assignment.
        currency: of the pay, three letters.
        clock: seconds since 1970.
    """

    def __init__(self, store: Store, *, pay: float, currency: str, clock: Callable[[], float]) -> None:
        self._store, self._pay, self._currency, self._clock = store, pay, currency, clock
        self._lock = threading.Lock()
        self._last: Overview | None = None
        self._size, self._fresh_s = Size(), FRESH_S

    def overview(self) -> Overview:
        """The numbers, a few seconds old at most."""
        with self._lock:
            now = self._clock()
            if self._last is None or not 0 <= now - self._last.at < self._fresh_s:
                began = time.perf_counter()
                with self._store.read() as c:
                    self._size = size(c, self._size)
                    wanted = self._size.wanted
                    self._last = count(c, wanted=wanted, pay=self._pay, currency=self._currency, now=now)
                self._fresh_s = max(FRESH_S, SHARE * (time.perf_counter() - began))
            return self._last

    def size(self) -> Size:
        """How large the campaign is."""
        with self._lock, self._store.read() as c:
            self._size = size(c, self._size)
            return self._size


def count(c: Connection, *, wanted: int, pay: float, currency: str, now: float) -> Overview:
    """Count everything anew.

    Args:
        c: a connection.
        wanted: pages of all hits, as often as they are wanted.
        pay: of an assignment.
        currency: of the pay.
        now: seconds since 1970.
    """
    pages = pages_by_state(c, wanted)
    sessions = sessions_by_state(c)
    finished, complete = completeness(c)
    spent, disagreeing, late = of_submitted(c)
    s = t.session.c
    return Overview(
        at=now,
        pages_wanted=wanted,
        pages_done=pages["submitted"],
        pages=tuple(Count(name, n) for name, n in pages.items() if n or name == "submitted"),
        sessions=tuple(Count(state, sessions[state]) for state in STATES if state in sessions),
        finished=finished,
        complete=complete,
        complete_share=complete / finished if finished else None,
        disagreeing=disagreeing,
        late=late,
        hours=throughput(c, now),
        time=spent,
        leases=leases(c, now),
        pay=earnings(c, pay=pay, currency=currency),
        excluded=_n(c, sa.select(s.id).where(s.excluded != "")),
        withdrawn=_n(c, sa.select(s.id).where(s.withdrawn_at.is_not(None))),
    )


def size(c: Connection, known: Size) -> Size:
    """How large the campaign is; what is known is true as long as no hits were added, since plans never change."""
    h, p = t.hit.c, t.picture.c
    hits = _n(c, sa.select(h.ordinal))
    if hits == known.hits:
        return known
    each = sa.func.json_array_length(h.pages)
    pages, wanted = c.execute(sa.select(sa.func.sum(each), sa.func.sum(h.wanted * each))).one()
    return Size(hits, int(pages), int(wanted), _n(c, sa.select(p.id).where(p.pool == "images", ~p.gold)))


def pages_by_state(c: Connection, wanted: int) -> dict[str, int]:
    """Pages, told apart by what became of them.

    `submitted` fill a place that was wanted. `beyond` were submitted, too, but by somebody whose place went to another
    (she gave it back, or her time ran out); `open` are on somebody's screen, or ahead of her; `left` wait for somebody.
    """
    a, p = t.assignment.c, t.page.c
    submitted = _n(c, sa.select(p.submitted_at).where(p.submitted_at.is_not(None)))
    joined = sa.select(p.id).join(t.assignment)
    out_of_place = a.state.in_(("returned", "expired", "withdrawn")) | a.late
    beyond = _n(c, joined.where(p.state == "submitted", out_of_place))
    under_way = _n(c, joined.where(p.state != "submitted", a.state.in_(UNDER_WAY)))
    filling = _n(c, joined.where(p.state != "submitted", a.state == "leased"))
    placed = submitted - beyond
    left = max(0, wanted - placed - filling)
    return {"submitted": placed, "open": under_way, "left": left, "beyond": beyond}


def sessions_by_state(c: Connection) -> dict[str, int]:
    """How many people are where; previews are nobody."""
    s = t.session.c
    rows = c.execute(sa.select(s.state, sa.func.count().label("n")).where(~s.preview).group_by(s.state)).all()
    return {row.state: row.n for row in rows}


def completeness(c: Connection) -> tuple[int, int]:
    """Sessions that submitted all their pages, and how many of them lack no chunk of any page."""
    s, a, p = t.session.c, t.assignment.c, t.page.c
    done = sa.select(s.id).where(s.state == "done", ~s.preview)
    lacking = sa.exists().where(a.session == s.id, p.assignment == a.id, p.complete.is_(False))
    return _n(c, done), _n(c, done.where(~lacking))


def of_submitted(c: Connection) -> tuple[TimeSpent, int, int]:
    """Of all submitted pages: time spent, how many answers differ from their log, how many came late."""
    p = t.page.c
    sums = [sa.func.coalesce(sa.func.sum(column), 0.0) for column in (p.active_ms, p.idle_ms, p.hidden_ms)]
    tallies = [sa.func.count(sa.case((told, 1))) for told in (p.agrees.is_(False), p.late.is_(True))]
    active, idle, hidden, differing, late = c.execute(
        sa.select(*sums, *tallies).where(p.submitted_at.is_not(None))
    ).one()
    return TimeSpent(float(active), float(idle), float(hidden)), differing, late


def throughput(c: Connection, now: float) -> tuple[Hour, ...]:
    """Pages submitted in each of the last hours, this one included."""
    at = t.page.c.submitted_at
    last = int(now // HOUR_S) * HOUR_S
    starts = range(last - (HOURS - 1) * HOUR_S, last + 1, HOUR_S)
    within = sa.select(at).where(at >= sa.bindparam("start"), at < sa.bindparam("stop"))
    asked = sa.select(sa.func.count()).select_from(within.subquery())
    found = (c.execute(asked, {"start": start, "stop": start + HOUR_S}).scalar_one() for start in starts)
    return tuple(Hour(start, n) for start, n in zip(starts, found, strict=True))


def leases(c: Connection, now: float) -> Leases:
    """Assignments under way: in time, and past their time."""
    a = t.assignment.c
    running = _n(c, sa.select(a.id).where(a.state == "leased", a.leased_until >= now))
    return Leases(running, _n(c, sa.select(a.id).where(a.state.in_(UNDER_WAY))) - running)


def _n(c: Connection, rows: sa.Select[tuple[object]]) -> int:
    return c.execute(sa.select(sa.func.count()).select_from(rows.subquery())).scalar_one()
