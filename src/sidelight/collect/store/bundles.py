"""A submitted page's chunks, packed together: less than half the bytes, and one row for dozens.

The numbers of the chunks stay known, so that one which is sent again is still recognised.
"""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.packing import MOST, pack_together, unpack
from sidelight.collect.store.people import locked

AT_ONCE = 5
"""Pages that one transaction packs: others wait for it, ten milliseconds for each."""


class Kept(NamedTuple):
    """A chunk's row: the columns that matter here."""

    tab: str
    segment: int
    seq: int
    n: int
    received_at: float
    body: bytes


def bundle(c: Connection, session: str, page: str) -> int:
    """Pack a page's chunks together, a bundle for each run of numbers in one showing.

    Args:
        c: a writing connection.
        session: whose.
        page: its id.

    Returns:
        How many chunks were packed.
    """
    locked(c, session)
    k = t.chunk.c
    mine = sa.select(k.tab, k.segment, k.seq, k.n, k.received_at, k.body).where(k.page == page, k.session == session)
    rows = [Kept(*row) for row in c.execute(mine.order_by(k.segment, k.tab, k.seq))]
    runs: list[list[Kept]] = []
    for row in rows:
        if runs and len(runs[-1]) < MOST and _follows(runs[-1][-1], row):
            runs[-1].append(row)
        else:
            runs.append([row])
    if runs:
        c.execute(sa.insert(t.bundle), [_bundled(session, page, run) for run in runs])
        c.execute(sa.delete(t.chunk).where(k.page == page, k.session == session))
    return len(rows)


def tidy(c: Connection, *, before: float) -> int:
    """Pack the chunks of some pages that were submitted long enough ago for nothing more to come.

    Args:
        c: a writing connection.
        before: seconds since 1970; pages submitted later are left alone.

    Returns:
        How many pages; called again until it is 0, all are packed.
    """
    k, p = t.chunk.c, t.page.c
    loose = sa.select(k.session, k.page).distinct().join(t.page, p.id == k.page)
    due = c.execute(loose.where(p.state == "submitted", p.submitted_at < before).limit(AT_ONCE)).all()
    for session, page in sorted(map(tuple, due)):
        bundle(c, session, page)
    return len(due)


def _follows(before: Kept, row: Kept) -> bool:
    return (before.tab, before.segment, before.seq + 1) == (row.tab, row.segment, row.seq)


def _bundled(session: str, page: str, run: list[Kept]) -> dict[str, object]:
    return {
        "session": session,
        "tab": run[0].tab,
        "first": run[0].seq,
        "last": run[-1].seq,
        "page": page,
        "segment": run[0].segment,
        "n": sum(row.n for row in run),
        "received_at": max(row.received_at for row in run),
        "body": pack_together([unpack(row.body) for row in run]),
    }
