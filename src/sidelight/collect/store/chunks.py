"""Chunks of recordings, as they came: kept once, however often they are sent."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
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
Value = Union[V, sa.ColumnElement[V]]  # noqa: UP007 (a generic alias)
"""A value, or an expression of one."""

COLUMNS = tuple(t.chunk.c[name] for name in ("session", "tab", "seq", "page", "segment", "n", "received_at", "body"))
"""Of a chunk's row."""

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

    def row(self) -> tuple[object, ...]:
        """What is kept, in the order of `COLUMNS`."""
        h = self.head
        return self.session, h.tab, h.seq, h.page, h.segment, h.n, self.received_at, pack(self.body, self.gzipped)


class NotAll(Exception):
    """Not all chunks of a group could be kept by one statement; the transaction is to be rolled back."""


def put_all(c: Connection, sent: Sequence[Sent]) -> None:
    """Keep chunks that are all new and of sessions that may record, in a fraction of the time that one by one takes.

    Raises:
        NotAll: one of them was there before or may not be kept; `put` tells which.
    """
    if _put(c, sent) != len(sent):
        raise NotAll


def put(c: Connection, sent: Sent) -> bool:
    """Keep a chunk.

    Returns:
        False if it was there before: nothing has changed.

    Raises:
        Refused: the session may not record, or the page is not its own.
    """
    if _put(c, [sent]):
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
        loose, packed = loose.where(_loose(page)), packed.where(b.page == page)
    sums = zip(c.execute(loose).one(), c.execute(packed).one(), strict=True)
    return Size(*(int(one or 0) + int(more or 0) for one, more in sums))


def last_segment(c: Connection, page: str) -> int:
    """The highest segment that a page's chunks name; -1 when it has none."""
    loose = sa.select(sa.func.max(t.chunk.c.segment)).where(_loose(page))
    packed = sa.select(sa.func.max(t.bundle.c.segment)).where(t.bundle.c.page == page)
    highest = [c.execute(select).scalar() for select in (loose, packed)]
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
    for segment, tab, seq, packed in c.execute(sa.select(k.segment, k.tab, k.seq, k.body).where(_loose(page))):
        if not any(tab == mine and first <= seq <= last for mine, first, last in spans):
            yield segment, tab, seq, unpack(packed)


def _loose(page: str) -> sa.ColumnElement[bool]:
    """Chunks of a page that are not bundled yet; they are looked for among those of the page's session."""
    owner = sa.select(t.assignment.c.session).join(t.page).where(t.page.c.id == page).scalar_subquery()
    return sa.and_(t.chunk.c.session == owner, t.chunk.c.page == page)


def _bundled(session: Value[str], tab: Value[str], seq: Value[int]) -> sa.Select[Any]:
    """The bundle that a chunk is in, if it is in one."""
    b = t.bundle.c
    return sa.select(b.n).where(b.session == session, b.tab == tab, b.first <= seq, b.last >= seq)


def _put(c: Connection, sent: Sequence[Sent]) -> int:
    """Keep what may be kept of some chunks; the number of those that were."""
    values = tuple(chain.from_iterable(one.row() for one in sent))
    return c.exec_driver_sql(_putting(len(sent), c.dialect.name), values).rowcount


@cache
def _putting(rows: int, dialect: str) -> str:
    """The statement that keeps those of some chunks whose page is the session's own and whose session may record.

    One statement for all, and as a text: from one to the next a thread has to get hold of the interpreter again, for
    which it waits where another is at work; and hundreds of values take SQLAlchemy longer than SQLite. On PostgreSQL it
    holds the sessions' rows, so that no chunk slips in while a withdrawal deletes them.
    """
    named = [[sa.bindparam(f"{column.name}{row}", type_=column.type) for column in COLUMNS] for row in range(rows)]
    table = sa.values(*(sa.column(column.name, column.type) for column in COLUMNS), name="sent")
    sent = table.data([tuple(row) for row in named]).cte("sent").c
    owned = (
        sa.select(*sent)
        .join(t.page, t.page.c.id == sent.page)
        .join(t.assignment, sa.and_(t.assignment.c.id == t.page.c.assignment, t.assignment.c.session == sent.session))
        .join(t.session, t.session.c.id == sent.session)
        .where(
            t.session.c.state.in_([sa.literal_column(f"'{state}'") for state in RECORDING]),
            t.session.c.consent_at.is_not(None),
            ~_bundled(sent.session, sent.tab, sent.seq).exists(),
        )
        .with_for_update(read=True, of=t.session)
    )
    kinds = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}
    made = kinds[dialect](paramstyle="qmark" if dialect == "sqlite" else "format")
    made.cte_follows_insert = True  # drivers count rows of what begins with INSERT
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    putting = insert(t.chunk).from_select([column.name for column in COLUMNS], owned).on_conflict_do_nothing()
    return str(putting.compile(dialect=made))
