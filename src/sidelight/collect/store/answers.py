"""What people submit, and how their work ends."""

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.measure.activity import Activity
from sidelight.collect.store import completion
from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import is_id
from sidelight.collect.store.leases import UNDER_WAY, take_place
from sidelight.collect.store.people import locked, recording
from sidelight.collect.store.refusals import Refused
from sidelight.collect.wire.answer import Answer


class Own(msgspec.Struct, frozen=True):
    """A page and the assignment that it belongs to: the columns that matter here."""

    state: str
    late: bool | None
    tried_at: float | None
    assignment: str
    hit: str
    leased_until: float
    held: str


def submit(
    c: Connection,
    session: str,
    page: str,
    *,
    answer: Answer,
    complete: bool,
    agrees: bool,
    activity: Activity,
    now: float,
) -> bool:
    """Keep a page's answer; the first one counts, sending it again changes nothing.

    Args:
        c: a writing connection.
        session: whose.
        page: its id.
        answer: what its log comes to.
        complete: every chunk is there.
        agrees: the client's own answer was the same.
        activity: where the time went.
        now: seconds since 1970.

    Returns:
        Whether it came late, after the lease had ended. It is kept all the same.

    Raises:
        Refused: the session may not record, or the page is not its own.
    """
    recording(locked(c, session))
    own = _own(c, session, page)
    if own.state == "submitted":
        return bool(own.late)
    late = own.held != "leased" or now > own.leased_until
    values = {"answer": msgspec.to_builtins(answer), "complete": complete, "agrees": agrees, "late": late}
    spent = {"active_ms": activity.active_ms, "idle_ms": activity.idle_ms, "hidden_ms": activity.hidden_ms}
    change = sa.update(t.page).where(t.page.c.id == page)
    c.execute(change.values(state="submitted", submitted_at=now, **values, **spent))
    if not _left(c, own.assignment):
        _end(c, own, now)
    return late


def tried(c: Connection, session: str, page: str, *, now: float) -> float:
    """Remember that somebody tried to submit a page.

    Returns:
        When it was tried first: so long after that, it is accepted with gaps.

    Raises:
        Refused: the page is not the session's own.
    """
    own = _own(c, session, page)
    if own.tried_at is None:
        c.execute(sa.update(t.page).where(t.page.c.id == page).values(tried_at=now))
    return now if own.tried_at is None else float(own.tried_at)


def finish(c: Connection, session: str, *, now: float) -> str | None:
    """The person has done her work.

    Args:
        c: a writing connection.
        session: whose.
        now: seconds since 1970.

    Returns:
        Her completion code, always the same; None while pages are left, or nothing was done.

    Raises:
        Refused: the session may not record.
    """
    found = locked(c, session)
    if found.state != "withdrawn":
        recording(found)
    a = t.assignment.c
    mine = c.execute(sa.select(a.state, a.submitted_at).where(a.session == session)).all()
    if any(row.state in UNDER_WAY for row in mine) or all(row.submitted_at is None for row in mine):
        return None
    if found.state == "work":
        c.execute(sa.update(t.session).where(t.session.c.id == session).values(state="done", finished_at=now))
    return completion.issue(c, session, now=now)


def _own(c: Connection, session: str, page: str) -> Own:
    """The page and its assignment, locked, if they are the session's own."""
    if not is_id(page):
        raise Refused("not_yours")
    p, a = t.page.c, t.assignment.c
    mine = sa.select(p.state, p.late, p.tried_at, p.assignment, a.hit, a.leased_until, a.state.label("held"))
    mine = mine.join(t.assignment).where(p.id == page, a.session == session)
    row = c.execute(mine.with_for_update()).mappings().one_or_none()
    if row is None:
        raise Refused("not_yours")
    return msgspec.convert(row, Own, strict=False)


def _left(c: Connection, assignment: str) -> int:
    p = t.page.c
    return c.execute(sa.select(sa.func.count()).where(p.assignment == assignment, p.state != "submitted")).scalar_one()


def _end(c: Connection, own: Own, now: float) -> None:
    """All pages are in: the assignment keeps its place, or takes one again if it can."""
    beyond = own.held != "leased" and not take_place(c, own.hit)
    change = sa.update(t.assignment).where(t.assignment.c.id == own.assignment)
    c.execute(change.values(state="submitted", submitted_at=now, late=beyond))
