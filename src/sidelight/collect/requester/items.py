"""The lists of pictures and of pages, with the filters that each allows; any other is refused."""

from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.requester.listing import Listed, Listing, page_of
from sidelight.collect.requester.view import Item, PageRow
from sidelight.collect.store import tables as t
from sidelight.collect.store.leases import UNDER_WAY

PageState = Literal["submitted", "shown", "waiting"]


def list_items(c: Connection, *, after: str, pool: str | None, label: str | None, gold: bool | None) -> Listed[Item]:
    """The campaign's pictures.

    The narrowest filter goes through its index (class, then gold); the others are tried on what it gives.

    Args:
        c: a connection.
        after: `next` of the page before.
        pool: images or distractors.
        label: class that the folder names.
        gold: whether its truth is known.
    """
    p = t.picture.c
    rows = sa.select(p.id, p.pool, p.label, p.gold, p.width, p.height)
    tried: dict[str, bool | str] = {} if pool is None else {"pool": pool}
    if label is not None:
        rows = rows.where(p.label == label)
        tried |= {} if gold is None else {"gold": gold}
    elif gold is not None:
        rows = rows.where(p.gold.is_(gold))
    return page_of(c, Listing(rows, ("id",), tried=tried), after=after, read=lambda row: Item(**row))


def page_rows() -> sa.Select[tuple[object, ...]]:
    """Pages with whose they are; the columns of `PageRow`, and what orders them."""
    p, a = t.page.c, t.assignment.c
    columns = (p.id, p.ordinal, p.state, p.submitted_at, p.complete, p.agrees, p.late, p.active_ms)
    return sa.select(*columns, a.session, a.hit).join(t.assignment)


def list_pages(
    c: Connection,
    *,
    after: str,
    state: PageState,
    session: str | None,
    complete: bool | None,
    agrees: bool | None,
    late: bool | None,
) -> Listed[PageRow]:
    """Pages in one state: those submitted last come first; others, of assignments under way, by their id.

    Args:
        c: a connection.
        after: `next` of the page before.
        state: of the pages.
        session: whose.
        complete: every chunk is there.
        agrees: the client's answer is what its log comes to.
        late: submitted after the lease.
    """
    done = state == "submitted"
    p, a = t.page.c, t.assignment.c
    rows = sa.select(p.id, p.submitted_at, p.complete, p.agrees, p.late)
    rows = rows.where(p.submitted_at.is_not(None)) if done else rows.where(p.state == state)
    if session is not None:
        rows = rows.where(p.assignment.in_(sa.select(a.id).where(a.session == session)))
    elif not done:
        rows = rows.where(p.assignment.in_(sa.select(a.id).where(a.state.in_(UNDER_WAY))))
    asked = {"complete": complete, "agrees": agrees, "late": late}
    tried = {name: value for name, value in asked.items() if value is not None}
    key = ("submitted_at", "id") if done else ("id",)
    listing = Listing(rows, key, descending=done, tried=tried, few=session is not None or not done)
    found = page_of(c, listing, after=after, read=lambda row: str(row["id"]))
    whole = {row["id"]: row for row in c.execute(page_rows().where(p.id.in_(found.rows))).mappings()}
    return Listed(tuple(page_row(whole[id_]) for id_ in found.rows), found.next, found.total, found.more)


def page_row(row: sa.RowMapping) -> PageRow:
    """A row of `page_rows` as the pages show it."""
    shown = {name: value for name, value in row.items() if name != "ordinal"}
    return PageRow(number=row["ordinal"] + 1, **shown)
