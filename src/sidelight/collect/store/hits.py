"""Hits: what one annotator takes at a time, a few pages each."""

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import make_id
from sidelight.collect.store.plan import Plan


def add(c: Connection, hits: Iterable[Sequence[Plan]], *, wanted: int) -> None:
    """Append hits to those that are there.

    Args:
        c: a writing connection.
        hits: the plans of each one's pages.
        wanted: annotators of each.
    """
    after = c.execute(sa.select(sa.func.coalesce(sa.func.max(t.hit.c.ordinal), -1))).scalar_one()
    rows = [
        {"id": make_id(), "ordinal": after + 1 + i, "pages": msgspec.to_builtins(pages), "wanted": wanted, "taken": 0}
        for i, pages in enumerate(hits)
    ]
    if rows:
        c.execute(sa.insert(t.hit), rows)


def plans(c: Connection, hit: str) -> tuple[Plan, ...]:
    """The plans of a hit's pages, in order."""
    pages = c.execute(sa.select(t.hit.c.pages).where(t.hit.c.id == hit)).scalar_one()
    return msgspec.convert(pages, tuple[Plan, ...])


def first(c: Connection) -> tuple[Plan, ...]:
    """The plans of the first hit, which previews show; none before there is one."""
    pages = c.execute(sa.select(t.hit.c.pages).order_by(t.hit.c.ordinal).limit(1)).scalar()
    return msgspec.convert(pages or [], tuple[Plan, ...])
