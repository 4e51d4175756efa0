"""What is kept of a person, for herself to see: she may look before she says whether it may be published."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.requester.replay import pack
from sidelight.collect.service.desk import Desk
from sidelight.collect.service.paging import page_spec
from sidelight.collect.service.problem import Trouble
from sidelight.collect.service.schema import Record
from sidelight.collect.store import chunks, hits, people
from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import is_id
from sidelight.collect.wire.page import PageSpec


def record(desk: Desk, session: str) -> Record:
    """The person's submitted pages; none after a withdrawal."""
    a, p = t.assignment.c, t.page.c
    mine = sa.select(p.id).join(t.assignment).where(a.session == session, p.state == "submitted")
    with desk.store.read() as c:
        found = desk.session(c, session)
        return Record(found.publish, tuple(c.execute(mine.order_by(a.leased_at, p.ordinal)).scalars()))


def recorded_page(desk: Desk, session: str, page: str) -> PageSpec:
    """What a page of hers showed.

    Raises:
        Trouble: it is not hers.
    """
    with desk.store.read() as c:
        hit, ordinal = _mine(c, session, page)
        plans = hits.plans(c, hit)
        place = {"id": page, "number": ordinal + 1, "of": len(plans)}
        return page_spec(desk, c, desk.session(c, session), plans[ordinal], place)


def recorded_chunks(desk: Desk, session: str, page: str) -> bytes:
    """All that was recorded on a page of hers, as the replay takes it.

    Raises:
        Trouble: it is not hers.
    """
    with desk.store.read() as c:
        _mine(c, session, page)
        return pack(chunks.of_page(c, page))


def decide(desk: Desk, session: str, *, publish: bool) -> None:
    """She lets what was recorded be published, or does not any more.

    Raises:
        Refused: she did not agree to take part, or withdrew.
    """
    desk.write(lambda c: people.publish(c, session, may=publish))


def _mine(c: Connection, session: str, page: str) -> tuple[str, int]:
    """Hit and number of a submitted page, if it is the session's own."""
    a, p = t.assignment.c, t.page.c
    own = sa.select(a.hit, p.ordinal).select_from(t.page.join(t.assignment))
    own = own.where(p.id == page, p.state == "submitted", a.session == session)
    row = c.execute(own).one_or_none() if is_id(page) else None
    if row is None:
        raise Trouble(404, "There is no such page of yours.", "Go back to the list.")
    return row.hit, row.ordinal
