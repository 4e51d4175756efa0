"""A chunk of a page's log, as bytes and as values. `README.md` beside this file says what each byte means."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Meta

from sidelight.collect.wire.columns import ColumnFault, Columns, check_columns, read_columns, write_columns
from sidelight.collect.wire.log import Entry, Ms, Stroke
from sidelight.records.errors import UserFault

MAGIC = b"SLC1"
LONGEST, LONGEST_HEAD, MOST_SAMPLES = 64 * 1024, 48 * 1024, 20_000

FloatArray = npt.NDArray[np.float64]
ByteArray = npt.NDArray[np.uint8]

_Id = Annotated[str, Meta(pattern=r"^[!-~]{1,64}$")]
_Number = Annotated[int, Meta(ge=0, le=2**31 - 1)]
_Length = Annotated[int, Meta(ge=0, le=LONGEST)]

H = TypeVar("H", bound="Head")


class BadChunk(UserFault):
    """Bytes that are no chunk, or break a limit. Nothing of them is kept."""


@dataclass(frozen=True)
class Samples:
    """Where the pointer was, sample by sample.

    Attributes:
        t: [n] float64, ms since the page was shown in this segment; never falling, may repeat.
        x: [n] float64, client px, to the right.
        y: [n] float64, client px, downwards.
        modality: [n] uint8; 0 mouse, 1 touch, 2 pen.
        pressed: [n] uint8; 1 while a button or the tip is down.

    Raises:
        ValueError: if the columns differ in length.

    >>> len(Samples.none())
    0
    """

    t: FloatArray
    x: FloatArray
    y: FloatArray
    modality: ByteArray
    pressed: ByteArray

    def __post_init__(self) -> None:
        lengths = {len(column) for column in (self.t, self.x, self.y, self.modality, self.pressed)}
        if len(lengths) != 1:
            raise ValueError(f"columns of samples have different lengths: {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.t)

    @classmethod
    def none(cls) -> "Samples":
        """No samples: the pointer did not move."""
        empty, bytes_ = np.empty(0), np.empty(0, dtype=np.uint8)
        return cls(empty, empty, empty, bytes_, bytes_)


class Head(msgspec.Struct, frozen=True):
    """Where a chunk belongs, without what is in it.

    Attributes:
        page: id of the page.
        tab: of the browser.
        seq: number within (session, tab), from 0.
        segment: showing of the page, from 0.
        anchor: (ms of the segment, ms since 1970), read together when the chunk was cut.
        n: number of pointer samples.
        bytes: length of each column: t, x, y, state.
        coalesced: whether the browser hands out coalesced samples.
    """

    page: _Id
    tab: _Id
    seq: _Number
    segment: _Number
    anchor: tuple[Ms, Annotated[float, Meta(ge=0.0, le=1e14)]]
    n: Annotated[int, Meta(ge=0, le=MOST_SAMPLES)]
    bytes: tuple[_Length, _Length, _Length, _Length]
    coalesced: bool


class _Whole(Head, frozen=True, forbid_unknown_fields=True):
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Chunk:
    """A stretch of a page's log, mostly 2 s.

    Attributes:
        page: id of the page.
        tab: of the browser.
        seq: number within (session, tab), from 0.
        segment: showing of the page, from 0.
        anchor: (ms of the segment, ms since 1970), read together when the chunk was cut.
        coalesced: whether the browser hands out coalesced samples.
        entries: in order; `entry.i` samples of this chunk come before an entry.
        samples: of the pointer.
    """

    page: str
    tab: str
    seq: int
    segment: int
    anchor: tuple[float, float]
    coalesced: bool
    entries: tuple[Entry, ...]
    samples: Samples


_HEADS = msgspec.json.Decoder(Head)
_WHOLES = msgspec.json.Decoder(_Whole)


def encode(chunk: Chunk) -> bytes:
    """A chunk's bytes. Times are rounded to 0.1 ms, places to 1/8 px; the rest is exact.

    Raises:
        BadChunk: if it would break a limit, or is empty.

    >>> from sidelight.collect.wire.log import Shown
    >>> chunk = Chunk("p", "t", 0, 0, (5.0, 1.8e12), True, (Shown(t=0.0, i=0),), Samples.none())
    >>> decode(encode(chunk)).entries
    (Shown(t=0.0, i=0),)
    """
    samples = chunk.samples
    _refuse_too_many(len(samples))
    columns = write_columns(samples.t, samples.x, samples.y, 4 * samples.pressed + samples.modality)
    t, x, y, state = map(len, columns)
    place = (chunk.page, chunk.tab, chunk.seq, chunk.segment, chunk.anchor)
    head = _Whole(*place, len(samples), (t, x, y, state), chunk.coalesced, chunk.entries)
    text = msgspec.json.encode(head)
    made = b"".join((MAGIC, len(text).to_bytes(4, "little"), text, *columns))
    check(made)
    return made


def decode(data: bytes) -> Chunk:
    """The chunk that the bytes hold, every limit checked.

    Takes memory and time in proportion to the bytes, which are at most 64 KiB, whatever they say.

    Raises:
        BadChunk: if anything is wrong with them.
    """
    head, (t, x, y, state) = _checked(data)
    return Chunk(
        page=head.page,
        tab=head.tab,
        seq=head.seq,
        segment=head.segment,
        anchor=head.anchor,
        coalesced=head.coalesced,
        entries=head.entries,
        samples=Samples(t, x, y, modality=state & np.uint8(3), pressed=state >> np.uint8(2)),
    )


def check(data: bytes) -> Head:
    """Where a chunk belongs, every limit checked: it refuses what `decode` refuses.

    Raises:
        BadChunk: if anything is wrong with the bytes.
    """
    return _checked(data)[0]


def check_entries(data: bytes) -> Head:
    """Where a chunk belongs, everything checked but the values of its columns: `check_columns_of` sees to these.

    Raises:
        BadChunk: if anything else is wrong with the bytes.
    """
    return _opened(data)[0]


def check_columns_of(chunks: Sequence[tuple[Head, bytes]]) -> list[BadChunk | None]:
    """What is wrong with the columns of chunks; many that are small take a tenth of the time that each by itself does.

    Args:
        chunks: heads as `check_entries` gave them, and all bytes.

    Returns:
        For each the fault that `check` would raise, or None.
    """
    full = [(head, data) for head, data in chunks if any(head.bytes)]
    columns = b"".join(data[-sum(head.bytes) :] for head, data in full)
    if not full:
        return [None] * len(chunks)
    if len(columns) <= LONGEST:  # so that memory stays bounded, whatever people send at a time
        with contextlib.suppress(ColumnFault):
            check_columns(columns, [head.bytes for head, _ in full], [head.n for head, _ in full])
            return [None] * len(chunks)
    return [_fault(data) for _, data in chunks]


def _fault(data: bytes) -> BadChunk | None:
    try:
        check(data)
    except BadChunk as fault:
        return fault
    return None


def peek(data: bytes) -> Head:
    """Where a chunk belongs; its entries and columns are not looked at.

    Raises:
        BadChunk: if the head cannot be read or the lengths do not fit.
    """
    text, columns = _split(data)
    head = _read(_HEADS, text)
    _refuse_lengths(head, len(columns))
    return head


def _checked(data: bytes) -> tuple[_Whole, Columns]:
    head, columns = _opened(data)
    try:
        return head, read_columns(columns, head.bytes, head.n)
    except ColumnFault as fault:
        raise _bad(f"samples of chunk {head.seq}", str(fault), "columns as the protocol says") from None


def _opened(data: bytes) -> tuple[_Whole, memoryview]:
    """The head, checked, and the columns, of which only the lengths are."""
    text, columns = _split(data)
    head = _read(_WHOLES, text)
    _refuse_lengths(head, len(columns))
    _refuse_entries(head)
    return head, columns


def _split(data: bytes) -> tuple[memoryview, memoryview]:
    """The head's text and the columns."""
    if len(data) > LONGEST:
        raise _bad("chunk", f"{len(data)} bytes", f"at most {LONGEST}")
    if data[:4] != MAGIC or len(data) < 8:
        raise _bad("chunk", f"it begins with {bytes(data[:8])!r}", f"{MAGIC!r} and the length of the head")
    length = int.from_bytes(data[4:8], "little")
    if length > min(LONGEST_HEAD, len(data) - 8):
        raise _bad("head of a chunk", f"{length} bytes announced, {len(data) - 8} there", f"at most {LONGEST_HEAD}")
    view = memoryview(data)
    return view[8 : 8 + length], view[8 + length :]


def _read(decoder: msgspec.json.Decoder[H], text: memoryview) -> H:
    try:
        head = decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _bad("head of a chunk", str(error), "JSON as the protocol says") from None
    if rb"\u0000" in bytes(text):
        raise _bad("head of a chunk", "the character NUL", "text without it: no database takes it")
    return head


def _refuse_lengths(head: Head, length: int) -> None:
    if sum(head.bytes) != length:
        raise _bad(f"chunk {head.seq}", f"columns of {length} bytes where {head.bytes} are announced", "their sum")
    if min(head.bytes[:3]) < head.n:
        raise _bad(f"chunk {head.seq}", f"columns of {head.bytes} bytes for {head.n} samples", "a byte a value or more")


def _refuse_entries(head: _Whole) -> None:
    """Entries are in order of time and of place among the samples, and strokes are whole."""
    if not head.entries and not head.n:
        raise _bad(f"chunk {head.seq}", "neither entries nor samples", "chunks that hold something")
    t, i = 0.0, 0
    for number, entry in enumerate(head.entries):
        if entry.t < t or not i <= entry.i <= head.n:
            seen = f"t = {entry.t} and i = {entry.i}, after t = {t} and i = {i}"
            raise _bad(f"entry {number} of chunk {head.seq}", seen, f"neither falling, i at most {head.n}")
        if isinstance(entry, Stroke) and (len(entry.cells) % 2 or not entry.cells):
            raise _bad(
                f"entry {number} of chunk {head.seq}", f"a stroke of {len(entry.cells)} numbers", "pairs of x, y"
            )
        t, i = entry.t, entry.i


def _refuse_too_many(n: int) -> None:
    if n > MOST_SAMPLES:
        raise _bad("chunk", f"{n} samples", f"at most {MOST_SAMPLES}")


def _bad(thing: str, seen: str, allowed: str) -> BadChunk:
    return BadChunk(thing, seen=seen, allowed=allowed, remedy="Send it as src/sidelight/collect/wire/README.md says")
