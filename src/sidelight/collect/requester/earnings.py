"""What people earn an hour: of those who finished, with the time they really spent."""

import statistics

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.requester.view import Pay
from sidelight.collect.store import tables as t

LATEST = 1000
"""Sessions that the figures rest on: the last that finished."""

HOUR_MS = 3_600_000.0
HOUR_S = 3600.0


def earnings(c: Connection, *, pay: float, currency: str) -> Pay:
    """Pay an hour, by two clocks.

    On the pages: pay / (active + idle time); time with the page hidden is left out. In all: pay / time from arrival to
    the last submit; consent, instructions, practice and breaks included. Medians over sessions: one person who went to
    lunch changes nothing.

    Args:
        c: a connection.
        pay: of an assignment.
        currency: of the pay.
    """
    s, a, p = t.session.c, t.assignment.c, t.page.c
    last = sa.select(s.id, s.created_at).where(s.state == "done", ~s.preview)
    last_ones = last.order_by(s.finished_at.desc(), s.id).limit(LATEST).subquery()
    asked = (
        sa.select(
            sa.func.count(a.id.distinct()).label("assignments"),
            sa.func.sum(p.active_ms + p.idle_ms).label("on_page_ms"),
            (sa.func.max(a.submitted_at) - last_ones.c.created_at).label("in_all_s"),
        )
        .select_from(last_ones.join(t.assignment, a.session == last_ones.c.id).join(t.page))
        .where(a.state == "submitted")
        .group_by(last_ones.c.id, last_ones.c.created_at)
    )
    rows = c.execute(asked).all()
    on_page = [pay * row.assignments * HOUR_MS / row.on_page_ms for row in rows if row.on_page_ms]
    in_all = [pay * row.assignments * HOUR_S / row.in_all_s for row in rows if row.in_all_s]
    return Pay(
        currency=currency,
        per_assignment=pay,
        assignments=sum(row.assignments for row in rows),
        hourly_on_page=statistics.median(on_page) if on_page else None,
        hourly_in_all=statistics.median(in_all) if in_all else None,
    )
