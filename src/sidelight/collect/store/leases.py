"""Who labels what: an assignment holds one of a hit's places from its lease until it ends.

A place is held by a live lease, or by answers that came in time; `hit.taken` counts them and never passes `hit.wanted`
(the database itself refuses it). A lease that ran out gives its place away. Whoever held it may go on all the same: she
gets a place again if one is free, else she works beyond the number asked for (`assignment.late`). No work is thrown
away.

Locks are taken in the order session, assignment, hit: nobody waits in a circle.
"""

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import chunks, hits
from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import make_id
from sidelight.collect.store.people import Session, locked, recording
from sidelight.collect.store.plan import Plan
from sidelight.collect.store.refusals import Refused

UNDER_WAY = ("leased", "expired")
"""States of an assignment whose pages may be taken."""

RECLAIMED = 500
"""Leases that one transaction ends."""


class LeasedPage(msgspec.Struct, frozen=True):
    """A page that somebody works on.

    Attributes:
        id: of the page.
        assignment: that it belongs to.
        hit: that it belongs to.
        number: from 1.
        of: pages of the assignment.
        plan: what it shows.
        segment: number of this showing.
        leased_until: seconds since 1970.
    """

    id: str
    assignment: str
    hit: str
    number: int
    of: int
    plan: Plan
    segment: int
    leased_until: float


class Held(msgspec.Struct, frozen=True):
    """An assignment that is under way: its columns that matter here."""

    id: str
    hit: str
    state: str


def take_page(c: Connection, session: str, *, now: float, lease_s: float, most: int = 1) -> LeasedPage | None:
    """The page under way, or the next of the assignment, or the first of a new assignment. The lease begins anew.

    Args:
        c: a writing connection.
        session: whose.
        now: seconds since 1970.
        lease_s: how long the place is kept without another page being taken.
        most: assignments that one person may have.

    Returns:
        None when nothing is left for this person.

    Raises:
        Refused: she may not work (no consent, practice not passed, withdrawn, done).
    """
    found = recording(locked(c, session))
    if found.state != "work":
        raise Refused("closed")
    until = now + lease_s
    assignment = _under_way(c, session)
    if assignment is None:
        new = _assign(c, found, now=now, until=until, most=most)
        return None if new is None else _show(c, new, until)
    if assignment.state == "expired" and take_place(c, assignment.hit):
        _set(c, assignment.id, state="leased")
    _set(c, assignment.id, leased_until=until)
    return _show(c, assignment.id, until)


def ahead(c: Connection, session: str) -> Plan | None:
    """What the page after the one under way shows; None if it is not known yet. Nothing is taken, no lease begins."""
    a, p = t.assignment.c, t.page.c
    waiting = sa.select(a.hit, p.ordinal).join(t.page).where(a.session == session, a.state.in_(UNDER_WAY))
    row = c.execute(waiting.where(p.state == "waiting").order_by(a.leased_at, p.ordinal).limit(1)).one_or_none()
    return None if row is None else hits.plans(c, row.hit)[row.ordinal]


def give_back(c: Connection, session: str, *, now: float) -> None:
    """The person stops: her place is free again, and what she submitted stays.

    Whoever finished a hit before is done, and has her code; else the session is closed.

    Raises:
        Refused: no such session, or it may not record.
    """
    recording(locked(c, session))
    assignment = _under_way(c, session)
    if assignment is not None:
        _set(c, assignment.id, state="returned")
        if assignment.state == "leased":
            free_places(c, {assignment.hit: 1})
    a = t.assignment.c
    finished = sa.exists().where(a.session == session, a.submitted_at.is_not(None))
    state = sa.case((finished, "done"), else_="returned")
    c.execute(sa.update(t.session).where(t.session.c.id == session).values(state=state, finished_at=now))


def reclaim(c: Connection, *, now: float) -> int:
    """End leases that ran out.

    Returns:
        How many; called again until it is 0, all have ended.
    """
    a = t.assignment.c
    overdue = sa.select(a.id, a.hit).where(a.state == "leased", a.leased_until < now).limit(RECLAIMED)
    rows = c.execute(overdue.with_for_update(skip_locked=True)).all()
    if rows:
        c.execute(sa.update(t.assignment).where(a.id.in_([row.id for row in rows])).values(state="expired"))
    places: dict[str, int] = {}
    for row in rows:
        places[row.hit] = places.get(row.hit, 0) + 1
    free_places(c, places)
    return len(rows)


def take_place(c: Connection, hit: str) -> bool:
    """Take one of a hit's places, if one is free."""
    h = t.hit.c
    taken = c.execute(sa.update(t.hit).where(h.id == hit, h.taken < h.wanted).values(taken=h.taken + 1))
    return taken.rowcount == 1


def free_places(c: Connection, places: dict[str, int]) -> None:
    """Give places back.

    Args:
        c: a writing connection.
        places: hit -> how many.
    """
    for hit, n in sorted(places.items()):
        c.execute(sa.update(t.hit).where(t.hit.c.id == hit).values(taken=t.hit.c.taken - n))


def _under_way(c: Connection, session: str) -> Held | None:
    """The person's assignment that has pages left, locked."""
    a = t.assignment.c
    mine = sa.select(a.id, a.hit, a.state).where(a.session == session, a.state.in_(UNDER_WAY))
    row = c.execute(mine.order_by(a.leased_at).limit(1).with_for_update()).mappings().one_or_none()
    return None if row is None else msgspec.convert(row, Held)


def _assign(c: Connection, session: Session, *, now: float, until: float, most: int) -> str | None:
    """A new assignment on a free place; None if there is none, or the person has had her share."""
    a = t.assignment.c
    if c.execute(sa.select(sa.func.count()).where(a.session == session.id)).scalar_one() >= most:
        return None
    hit = _free_hit(c, session.id, skip=True)
    if hit is None and reclaim(c, now=now):
        hit = _free_hit(c, session.id, skip=True)
    hit = hit or _free_hit(c, session.id, skip=False)
    if hit is None or not take_place(c, hit):
        return None
    new = make_id()
    row = {"id": new, "hit": hit, "session": session.id, "state": "leased", "leased_at": now, "leased_until": until}
    c.execute(sa.insert(t.assignment), row | {"late": False})
    blank = {"assignment": new, "state": "waiting", "segments": 0}
    c.execute(sa.insert(t.page), [blank | {"id": make_id(), "ordinal": i} for i in range(len(hits.plans(c, hit)))])
    return new


def _free_hit(c: Connection, session: str, *, skip: bool) -> str | None:
    """The first hit with a free place that the person has not had.

    Args:
        c: a writing connection.
        session: whose.
        skip: pass over hits that another process is just taking, rather than wait for it.
    """
    h, a = t.hit.c, t.assignment.c
    had = sa.exists().where(a.hit == h.id, a.session == session)
    free = sa.select(h.id).where(sa.literal_column("taken < wanted"), ~had).order_by(h.ordinal).limit(1)
    return c.execute(free.with_for_update(skip_locked=skip, of=t.hit)).scalar()


def _show(c: Connection, assignment: str, until: float) -> LeasedPage | None:
    """The assignment's first page that is not submitted; this showing of it is counted.

    A page that comes back out of the browser's cache takes the next segment by itself; the service learns of it by the
    chunks, and gives later showings a number beyond.
    """
    p = t.page.c
    left = sa.select(p.id, p.ordinal, p.segments, t.assignment.c.hit).join(t.assignment)
    row = c.execute(
        left.where(p.assignment == assignment, p.state != "submitted").order_by(p.ordinal).limit(1)
    ).one_or_none()
    if row is None:
        return None
    segment = max(row.segments, 1 + chunks.last_segment(c, row.id))
    c.execute(sa.update(t.page).where(p.id == row.id).values(state="shown", segments=segment + 1))
    pages = hits.plans(c, row.hit)
    return LeasedPage(
        id=row.id,
        assignment=assignment,
        hit=row.hit,
        number=row.ordinal + 1,
        of=len(pages),
        plan=pages[row.ordinal],
        segment=segment,
        leased_until=until,
    )


def _set(c: Connection, assignment: str, **columns: object) -> None:
    c.execute(sa.update(t.assignment).where(t.assignment.c.id == assignment).values(**columns))
