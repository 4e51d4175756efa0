"""Chunks of recordings, as they came: kept once, however often they are sent."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar, Union

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import is_id
from sidelight.collect.store.packing import pack, unpack, unpack_together
from sidelight.collect.store.people import RECORDING, locked, recording
from sidelight.collect.store.refusals import Refused
from sidelight.collect.wire.chunk import Head

V = TypeVar("V")
Bound = Union[V, sa.BindParameter[V]]  # noqa: UP007 (a generic alias)
"""A value, or the place of one in a statement."""

LAST = 2**31 - 1
"""Highest number of a chunk (the wire's limit)."""


class Size(msgspec.Struct, frozen=True):
    """How much was recorded.

    Attributes:
        chunks: how many.
        samples: of the pointer, in them.
        bytes: that they take in the store, log entries included.
    """

    chunks: int
    samples: int
    bytes: int


class Sent(msgspec.Struct, frozen=True):
    """A chunk that somebody sent.

    Attributes:
        session: whose.
        head: of the chunk (`wire.chunk.check_entries`).
        body: all its bytes.
        received_at: seconds since 1970.
        gzipped: the body as a gzip stream, if it came so.
    """

    session: str
    head: Head
    body: bytes
    received_at: float
    gzipped: bytes = b""

    def row(self) -> dict[str, object]:
        """What `PUT` is given."""
        head = self.head
        place = {"session": self.session, "page": head.page, "tab": head.tab, "seq": head.seq, "segment": head.segment}
        return place | {"n": head.n, "at": self.received_at, "packed": pack(self.body, self.gzipped)}


class NotAll(Exception):
    """Not all chunks of a group could be kept by one statement; the transaction is to be rolled back."""


def put_all(c: Connection, sent: Sequence[Sent]) -> None:
    """Keep chunks that are all new and of sessions that may record, in half the time that one by one takes.

    Raises:
        NotAll: one of them was there before or may not be kept; `put` tells which.
    """
    if c.execute(PUT[c.dialect.name], [one.row() for one in sent]).rowcount != len(sent):
        raise NotAll


def put(c: Connection, sent: Sent) -> bool:
    """Keep a chunk.

    Returns:
        False if it was there before: nothing has changed.

    Raises:
        Refused: the session may not record, or the page is not its own.
    """
    if c.execute(PUT[c.dialect.name], sent.row()).rowcount == 1:
        return True
    k, session, head = t.chunk.c, sent.session, sent.head
    there = sa.select(k.n).where(k.session == session, k.tab == head.tab, k.seq == head.seq)
    if c.execute(there.union_all(_bundled(session, head.tab, head.seq))).first() is not None:
        return False
    recording(locked(c, session))
    raise Refused("not_yours")


def gaps(c: Connection, session: str, tab: str, last_seq: int) -> tuple[tuple[int, int], ...]:
    """Runs [first, last] of chunk numbers in 0 ... last_seq that are not there."""
    last_seq = min(last_seq, LAST)
    if not is_id(tab):
        return ((0, last_seq),) if last_seq >= 0 else ()
    k, b = t.chunk.c, t.bundle.c
    loose = sa.select(k.seq, k.seq.label("to")).where(k.session == session, k.tab == tab, k.seq <= last_seq)
    packed = sa.select(b.first, b.last).where(b.session == session, b.tab == tab, b.first <= last_seq)
    missing, due = [], 0
    for first, last in [*sorted(map(tuple, c.execute(loose.union_all(packed)))), (last_seq + 1, last_seq + 1)]:
        if first > due:
            missing.append((due, first - 1))
        due = max(due, last + 1)
    return tuple(missing)


def of_page(c: Connection, page: str) -> list[bytes]:
    """A page's chunks, in the order of its segments and of their numbers."""
    return [body for _, _, _, body in sorted(_numbered(c, page), key=lambda one: one[:3])]


def every(c: Connection) -> Iterator[tuple[str, int, bytes]]:
    """All chunks of the store, page by page: (tab, number, bytes)."""
    pages = c.execute(sa.select(t.page.c.id).where(t.page.c.segments > 0).order_by(t.page.c.id)).scalars().all()
    for page in pages:
        for _, tab, seq, body in sorted(_numbered(c, page), key=lambda one: one[:3]):
            yield tab, seq, body


def size(c: Connection, page: str | None = None) -> Size:
    """What there is, of one page or of all."""
    k, b = t.chunk.c, t.bundle.c
    length, total = sa.func.length, sa.func.sum
    loose = sa.select(sa.func.count(), total(k.n), total(length(k.body))).select_from(t.chunk)
    packed = sa.select(total(b.last - b.first + 1), total(b.n), total(length(b.body))).select_from(t.bundle)
    if page is not None:
        loose, packed = loose.where(k.page == page), packed.where(b.page == page)
    sums = zip(c.execute(loose).one(), c.execute(packed).one(), strict=True)
    return Size(*(int(one or 0) + int(more or 0) for one, more in sums))


def last_segment(c: Connection, page: str) -> int:
    """The highest segment that a page's chunks name; -1 when it has none."""
    highest = [
        c.execute(sa.select(sa.func.max(k.c.segment)).where(k.c.page == page)).scalar() for k in (t.chunk, t.bundle)
    ]
    return max((one for one in highest if one is not None), default=-1)


def _numbered(c: Connection, page: str) -> Iterator[tuple[int, str, int, bytes]]:
    """A page's chunks as (segment, tab, number, bytes); one that came again while it was bundled is told once."""
    k, b = t.chunk.c, t.bundle.c
    spans = set()
    for segment, tab, first, last, packed in c.execute(
        sa.select(b.segment, b.tab, b.first, b.last, b.body).where(b.page == page)
    ):
        spans.add((tab, first, last))
        yield from ((segment, tab, seq, body) for seq, body in enumerate(unpack_together(packed), start=first))
    for segment, tab, seq, packed in c.execute(sa.select(k.segment, k.tab, k.seq, k.body).where(k.page == page)):
        if not any(tab == mine and first <= seq <= last for mine, first, last in spans):
            yield segment, tab, seq, unpack(packed)


def _bundled(session: Bound[str], tab: Bound[str], seq: Bound[int]) -> sa.Select[Any]:
    """The bundle that a chunk is in, if it is in one."""
    b = t.bundle.c
    return sa.select(b.n).where(b.session == session, b.tab == tab, b.first <= seq, b.last >= seq)


def _put() -> dict[str, sa.Insert]:
    """One statement that keeps a chunk if the page is the session's own and the session may record.

    On PostgreSQL it holds the session's row, so that no chunk slips in while a withdrawal deletes them.
    """
    bind = sa.bindparam
    owned = (
        sa.select(
            t.assignment.c.session,
            bind("tab", type_=sa.Text),
            bind("seq", type_=sa.Integer),
            t.page.c.id,
            bind("segment", type_=sa.Integer),
            bind("n", type_=sa.Integer),
            bind("at", type_=sa.Float),
            bind("packed", type_=sa.LargeBinary),
        )
        .select_from(t.page.join(t.assignment).join(t.session))
        .where(
            t.page.c.id == bind("page"),
            t.assignment.c.session == bind("session"),
            t.session.c.state.in_([sa.literal_column(f"'{state}'") for state in RECORDING]),
            t.session.c.consent_at.is_not(None),
            ~_bundled(bind("session"), bind("tab"), bind("seq")).exists(),
        )
        .with_for_update(read=True, of=t.session)
    )
    columns = ["session", "tab", "seq", "page", "segment", "n", "received_at", "body"]
    counting = {"preserve_rowcount": True}
    return {
        "sqlite": sqlite.insert(t.chunk)
        .from_select(columns, owned)
        .on_conflict_do_nothing()
        .execution_options(**counting),
        "postgresql": postgresql.insert(t.chunk)
        .from_select(columns, owned)
        .on_conflict_do_nothing()
        .execution_options(**counting),
    }


PUT = _put()
"""By dialect; built once, since it runs for every chunk."""
