"""Deleting what a person did: her events and answers go, numbers of them stay."""

from collections import Counter

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.leases import free_places


class Removed(msgspec.Struct, frozen=True):
    """What was deleted, in numbers."""

    sessions: int = 0
    chunks: int = 0
    samples: int = 0
    answers: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        mine, more = msgspec.structs.astuple(self), msgspec.structs.astuple(other)
        return Removed(*(a + b for a, b in zip(mine, more, strict=True)))


def erase(c: Connection, session: str, *, reason: str, free: bool, now: float) -> Removed:
    """Delete a session's events and answers, and set a tombstone; that work was done stays known, since it is paid.

    Args:
        c: a writing connection.
        session: whose; it must be locked.
        reason: withdrawn or retention.
        free: let others do the work again.
        now: seconds since 1970.
    """
    a, p, k, b = t.assignment.c, t.page.c, t.chunk.c, t.bundle.c
    mine = c.execute(sa.select(a.id, a.hit, a.state, a.late).where(a.session == session).with_for_update()).all()
    ids = [row.id for row in mine]
    answers = sa.select(sa.func.count()).where(p.assignment.in_(ids), p.state == "submitted")
    events = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(k.n), 0)).where(k.session == session)
    packed = sa.select(sa.func.coalesce(sa.func.sum(b.last - b.first + 1), 0), sa.func.coalesce(sa.func.sum(b.n), 0))
    loose, bundled = c.execute(events).one(), c.execute(packed.where(b.session == session)).one()
    chunks, samples = (int(one + more) for one, more in zip(loose, bundled, strict=True))
    removed = Removed(1, chunks, samples, c.execute(answers).scalar_one())
    c.execute(sa.delete(t.chunk).where(k.session == session))
    c.execute(sa.delete(t.bundle).where(b.session == session))
    c.execute(sa.delete(t.page).where(p.assignment.in_(ids)))
    holding = [row for row in mine if row.state == "leased" or (row.state == "submitted" and not row.late)]
    ended = "withdrawn" if free else t.assignment.c.state
    c.execute(sa.update(t.assignment).where(a.session == session).values(state=ended))
    if free:
        free_places(c, Counter(row.hit for row in holding))
    numbers = {"chunks": removed.chunks, "samples": removed.samples, "answers": removed.answers}
    c.execute(sa.insert(t.tombstone), {"at": now, "reason": reason} | numbers)
    return removed
