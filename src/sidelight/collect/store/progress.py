"""How far a campaign is, in figures that are counted in the database."""

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import chunks
from sidelight.collect.store import tables as t


class Progress(msgspec.Struct, frozen=True):
    """Figures of a campaign under way.

    Attributes:
        wanted: pages of all hits times annotators.
        submitted: pages, in time or late.
        complete: of these, with every chunk.
        disagreeing: of these, whose answer was not what their log comes to.
        late: of these, after their lease.
        sessions: state -> how many; previews left out.
        running: leases in time.
        overdue: leases past their time.
        active_ms: on submitted pages, with input.
        idle_ms: without any.
        hidden_ms: with the page hidden.
        samples: pointer samples stored.
        bytes: that they take, with the rest of the log.
        withdrawn: people who withdrew.
    """

    wanted: int
    submitted: int
    complete: int
    disagreeing: int
    late: int
    sessions: dict[str, int]
    running: int
    overdue: int
    active_ms: float
    idle_ms: float
    hidden_ms: float
    samples: int
    bytes: int
    withdrawn: int

    def complete_share(self) -> float | None:
        """Share of submitted pages with every chunk; None before there are any."""
        return self.complete / self.submitted if self.submitted else None


def progress(c: Connection, *, now: float) -> Progress:
    """Count.

    Args:
        c: a connection.
        now: seconds since 1970.
    """
    p, a, s = t.page.c, t.assignment.c, t.session.c

    def number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    def total(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return sa.func.coalesce(sa.func.sum(column), 0)

    done = sa.select(
        sa.func.count(), number(p.complete), number(~p.agrees), number(p.late),
        total(p.active_ms), total(p.idle_ms), total(p.hidden_ms),
    ).where(p.state == "submitted")  # fmt: skip
    submitted, complete, disagreeing, late, active, idle, hidden = c.execute(done).one()
    leases = sa.select(number(a.leased_until >= now), number(a.leased_until < now)).where(a.state == "leased")
    running, overdue = c.execute(leases).one()
    recorded = chunks.size(c)
    states = sa.select(s.state, sa.func.count()).where(~s.preview).group_by(s.state).order_by(s.state)
    sessions = {row[0]: row[1] for row in c.execute(states)}
    pages = sa.func.json_array_length(t.hit.c.pages, type_=sa.Integer)
    withdrawn = sa.select(sa.func.count()).where(t.tombstone.c.reason == "withdrawn")
    return Progress(
        wanted=int(c.execute(sa.select(total(pages * t.hit.c.wanted))).scalar_one()),
        submitted=submitted,
        complete=complete,
        disagreeing=disagreeing,
        late=late,
        sessions=sessions,
        running=running,
        overdue=overdue,
        active_ms=float(active),
        idle_ms=float(idle),
        hidden_ms=float(hidden),
        samples=recorded.samples,
        bytes=recorded.bytes,
        withdrawn=c.execute(withdrawn).scalar_one(),
    )
