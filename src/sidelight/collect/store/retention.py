"""Retention: what was recorded is deleted when its time is over."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.erasure import Removed, erase

DAY_S = 86_400.0

AT_ONCE = 100
"""Sessions of one transaction: others wait for it."""


def expire(c: Connection, *, now: float, days: float) -> Removed:
    """Delete events and answers of sessions that began more than `days` ago, up to `AT_ONCE` of them.

    Args:
        c: a writing connection.
        now: seconds since 1970.
        days: of retention.

    Returns:
        What was removed; called again until `Removed()`, everything is.
    """
    s = t.session.c
    old = sa.select(s.id).where(s.created_at < now - days * DAY_S, s.state.not_in(("withdrawn", "erased")))
    due = c.execute(old.order_by(s.id).limit(AT_ONCE).with_for_update(skip_locked=True)).scalars().all()
    removed = Removed()
    for id_ in due:
        removed += erase(c, id_, reason="retention", free=False, now=now)
    c.execute(sa.update(t.session).where(s.id.in_(due)).values(state="erased"))
    return removed
