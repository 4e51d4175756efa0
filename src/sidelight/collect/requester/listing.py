"""Lists of any length, a page at a time: read by key, never by offset, and never more than a window of rows at once.

Asking for page 10,000 of a million rows costs what page 1 costs: the database goes to the key through an index and
reads on from there. A filter that an index knows narrows what is read; any other is tried on `WINDOW` rows a request.
When they hold too few, the answer is short, even empty, and its `next` goes on where the reading stopped.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

WINDOW = 10_000
"""Rows that one request tries filters on."""

COUNTED = 10_000
"""Rows that are counted; of more it is only said that there are more."""

LIMIT = 50
"""Rows of a page of a list."""

Row = TypeVar("Row")
Kind = type[str] | type[float]
Key = tuple[str | float, ...]


class Listed(msgspec.Struct, Generic[Row], frozen=True):
    """A page of a list.

    Attributes:
        rows: in order.
        next: what the next page comes after; "" at the end.
        total: rows in all, as far as they were counted.
        more: there are, or may be, more than that.
    """

    rows: tuple[Row, ...]
    next: str
    total: int
    more: bool


class BadKey(Exception):
    """What a list should go on after is no place in it."""


class Listing(msgspec.Struct, frozen=True):
    """What is listed.

    Attributes:
        rows: selects columns, each under a name; filters that an index knows are in it already.
        key: columns that order it and together are unique: the first through an index.
        descending: last first.
        tried: column -> value; filters tried on every row that is read.
        few: the filters in `rows` leave so few that they are gathered first and then ordered: else a database may walk
            through all there is in the order asked for.
    """

    rows: sa.Select[tuple[object, ...]]
    key: tuple[str, ...]
    descending: bool = False
    tried: Mapping[str, bool | str] = {}
    few: bool = False

    def source(self) -> sa.FromClause:
        """What is read from."""
        return self.rows.cte().prefix_with("MATERIALIZED") if self.few else self.rows.subquery()


def page_of(
    c: Connection, listing: Listing, *, after: str, read: Callable[[sa.RowMapping], Row], limit: int = LIMIT
) -> Listed[Row]:
    """One page of a list.

    Args:
        c: a connection.
        listing: what is listed.
        after: `next` of the page before; "" for the first.
        read: makes a row of the answer.
        limit: rows at most.

    Raises:
        BadKey: `after` is none of ours.
    """
    kinds = [str if isinstance(listing.rows.selected_columns[name].type, sa.Text) else float for name in listing.key]
    ahead = _ahead(listing, decode_key(after, kinds) if after else ())
    if listing.tried:
        found, stopped = _try(c, listing, ahead.limit(WINDOW).subquery(), limit + 1)
    else:
        found, stopped = c.execute(ahead.limit(limit + 1)).mappings().all(), ""
    total, more = _count(c, listing)
    end = _place(listing, found[limit - 1]) if len(found) > limit else stopped
    return Listed(tuple(read(row) for row in found[:limit]), end, total, more)


def encode_key(values: Sequence[str | float]) -> str:
    """A place in a list, as a word that can stand in an address.

    >>> decode_key(encode_key([1.5, "a"]), [float, str])
    (1.5, 'a')
    """
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def decode_key(word: str, kinds: Sequence[Kind]) -> Key:
    """The place that a word names.

    Args:
        word: as `encode_key` makes it.
        kinds: of its values.

    Raises:
        BadKey: it names none, or one of another list.
    """
    try:
        values = msgspec.json.decode(base64.urlsafe_b64decode(word + "==="), type=list[str | float])
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise BadKey from None
    good = len(values) == len(kinds) and all(isinstance(v, kind) for v, kind in zip(values, kinds, strict=True))
    if not good or any("\0" in value for value in values if isinstance(value, str)):
        raise BadKey
    return tuple(values)


def _ahead(listing: Listing, place: Key) -> sa.Select[tuple[object, ...]]:
    """The rows after a place, in order."""
    source = listing.source()
    key = [source.c[name] for name in listing.key]
    rows = sa.select(source).order_by(*(column.desc() if listing.descending else column for column in key))
    if not place:
        return rows
    here = sa.tuple_(*(sa.literal(value) for value in place))
    return rows.where(sa.tuple_(*key) < here if listing.descending else sa.tuple_(*key) > here)


def _try(c: Connection, listing: Listing, window: sa.Subquery, limit: int) -> tuple[Sequence[sa.RowMapping], str]:
    """The first rows of a window that pass, and where the window ends; "" where nothing is beyond it."""
    passed = _ordered(listing, window, last=False).where(*_tests(listing, window)).limit(limit)
    found = c.execute(passed).mappings().all()
    if len(found) == limit:
        return found, ""
    size = c.execute(sa.select(sa.func.count()).select_from(window)).scalar_one()
    if size < WINDOW:
        return found, ""
    return found, _place(listing, c.execute(_ordered(listing, window, last=True).limit(1)).mappings().one())


def _ordered(listing: Listing, source: sa.Subquery, *, last: bool) -> sa.Select[tuple[object, ...]]:
    down = listing.descending is not last
    return sa.select(source).order_by(*(source.c[k].desc() if down else source.c[k] for k in listing.key))


def _tests(listing: Listing, source: sa.Subquery) -> list[sa.ColumnElement[bool]]:
    tried = listing.tried.items()
    return [source.c[k].is_(v) if isinstance(v, bool) else source.c[k] == v for k, v in tried]


def _count(c: Connection, listing: Listing) -> tuple[int, bool]:
    """How many pass of the first rows, whatever their order, and whether there are more rows than these."""
    some = listing.rows.limit(COUNTED + 1).subquery()
    passing = sa.case((sa.and_(sa.true(), *_tests(listing, some)), 1))
    size, total = c.execute(sa.select(sa.func.count(), sa.func.count(passing)).select_from(some)).one()
    return min(total, COUNTED), size > COUNTED


def _place(listing: Listing, row: sa.RowMapping) -> str:
    return encode_key([row[name] for name in listing.key])
