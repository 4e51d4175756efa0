"""The four columns of a chunk's samples: second differences, zigzag, LEB128; without a loop over samples."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

T_SCALE, XY_SCALE = 10.0, 8.0
"""Times are kept in 1/10 ms, places in 1/8 px."""

_MOST_T, _MOST_XY = int(1e9 * T_SCALE), int(1e6 * XY_SCALE)
_MOST_DIFFERENCE = 2 * _MOST_T
LONGEST_VARINT = 6
"""Bytes of the largest value that a limit lets through: a second difference of 4e10."""

STATES = frozenset({0, 1, 2, 4, 5, 6})
"""4 * pressed + modality."""

_FAULTY = re.compile(rb"[\x80-\xff](?:(\x00)|[\x80-\xff]{%d})" % (LONGEST_VARINT - 1))
"""A value whose last byte says nothing, or one of too many bytes."""

_PLACES = np.array([[True, True, True, False]])
_TIMES = np.array([[True, False, False]])
"""Which of a chunk's columns are places, and which of these are times."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ByteArray = npt.NDArray[np.uint8]
Columns = tuple[FloatArray, FloatArray, FloatArray, ByteArray]


class ColumnFault(ValueError):
    """What is wrong with columns, in a few words."""


def write_columns(t: FloatArray, x: FloatArray, y: FloatArray, state: ByteArray) -> list[bytes]:
    """The bytes of each column.

    Args:
        t: [n] ms.
        x: [n] client px.
        y: [n] client px.
        state: [n] 4 * pressed + modality.
    """
    whole = [_whole(column, scale) for column, scale in ((t, T_SCALE), (x, XY_SCALE), (y, XY_SCALE))]
    ends = np.flatnonzero(np.diff(state, append=255)) if len(state) else np.empty(0, dtype=np.int64)
    runs = np.column_stack([state[ends].astype(np.int64), np.diff(ends, prepend=-1)]).ravel()
    return [*(write_varints(_zigzag(_second_differences(column))) for column in whole), write_varints(runs)]


def read_columns(data: memoryview, lengths: tuple[int, int, int, int], n: int) -> Columns:
    """The columns that the bytes hold.

    Args:
        data: all columns, one after the other.
        lengths: bytes of each; their sum is the length of `data`.
        n: number of samples.

    Returns:
        t [n] ms, x and y [n] client px, state [n].

    Raises:
        ColumnFault: if the bytes are no such columns, or a value is out of its limits.
    """
    places, state = _read(data, np.array([lengths]), np.array([n]))
    t, x, y = places.reshape(3, n)
    return t / T_SCALE, x / XY_SCALE, y / XY_SCALE, state


def check_columns(data: bytes, lengths: Sequence[tuple[int, int, int, int]], n: Sequence[int]) -> None:
    """Refuse columns of several chunks if `read_columns` refuses any of them; for small ones in a tenth of its time.

    Args:
        data: t, x, y and state of the first chunk, then of the next, and so on.
        lengths: bytes of each column, a chunk a row.
        n: number of samples of each chunk.

    Raises:
        ColumnFault: it does not say which chunk.
    """
    _read(data, np.array(lengths), np.array(n))


def _read(data: bytes | memoryview, lengths: IntArray, n: IntArray) -> tuple[IntArray, ByteArray]:
    """Places of all chunks in their whole units (t, x, y of the first, then of the next), and states.

    Raises:
        ColumnFault: as above.
    """
    every = np.frombuffer(data, dtype=np.uint8)
    values, ends = read_varints(every)
    borders = lengths.cumsum()
    before = ends.searchsorted(borders, side="right")
    counts = np.diff(before, prepend=0).reshape(-1, 4)
    cut = (every[borders[borders > 0] - 1] > 127).any()
    if cut or (counts[:, :3] != n[:, None]).any() or (counts[:, 3] % 2).any():
        seen = f"{_all(counts.ravel())} values for {_all(n)} samples"
        raise ColumnFault(f"columns hold {seen}, or a value lies across their border")
    is_place = _PLACES.repeat(len(n), axis=0).ravel().repeat(counts.ravel())
    return _places(values[is_place], n), _states(values[~is_place], counts[:, 3] // 2, n)


def write_varints(values: IntArray) -> bytes:
    """LEB128: seven bits a byte, the lowest first; the top bit says that more follow.

    Args:
        values: [n] int64, not negative.

    >>> write_varints(np.array([0, 127, 128, 300])).hex()
    '007f8001ac02'
    """
    lengths = np.ones(len(values), dtype=np.int64)
    for bits in range(7, 63, 7):
        lengths += values >= (1 << bits)
    last = np.cumsum(lengths)
    place = np.arange(last[-1] if len(last) else 0) - np.repeat(last - lengths, lengths)
    septets = (np.repeat(values, lengths) >> (7 * place)) & 127
    return (septets | (128 * (place < np.repeat(lengths, lengths) - 1))).astype(np.uint8).tobytes()


def read_varints(data: ByteArray) -> tuple[IntArray, IntArray]:
    """The values that the bytes hold, and where each ends (one past its last byte).

    Raises:
        ColumnFault: if the last value is cut off, or one is longer than it need be.

    >>> read_varints(np.frombuffer(bytes.fromhex("007f8001ac02"), dtype=np.uint8))[0].tolist()
    [0, 127, 128, 300]
    """
    if not len(data):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    if data[-1] > 127:
        raise ColumnFault("a value that is cut off")
    ends = (data < 128).nonzero()[0]
    ends += 1
    if fault := _FAULTY.search(data.data):
        longer = "longer than it need be" if fault[1] else f"of more bytes than {LONGEST_VARINT}, which suffice"
        raise ColumnFault(f"a value that is {longer}")
    lengths = ends.copy()
    lengths[1:] -= ends[:-1]
    starts = ends - lengths
    shifts = np.arange(len(data))
    shifts -= starts.repeat(lengths)
    shifts *= 7
    return np.add.reduceat((data & 127).astype(np.int64) << shifts, starts), ends


def _states(pairs: IntArray, counts: IntArray, n: IntArray) -> ByteArray:
    """States from (state, run) pairs, so many pairs a chunk."""
    states, runs = pairs[::2], pairs[1::2]
    if strange := set(states.tolist()) - STATES:
        raise ColumnFault(f"state {min(strange)}, which is 4 * pressed + modality of nothing")
    covered = np.diff(_before(runs)[_before(counts)])
    if (covered != n).any() or runs.min(initial=1) < 1:
        raise ColumnFault(f"runs of states that cover {_all(covered)} of {_all(n)} samples, or an empty one")
    return states.astype(np.uint8).repeat(runs)


def _places(values: IntArray, n: IntArray) -> IntArray:
    """Times and places from zigzag-coded second differences, in their whole units; three rows a chunk.

    Second differences are below 2^42 and rows shorter than 2^15: their sums, first differences, stay below 2^63 (sums
    over several rows may not, but their differences are right, as they wrap around). First differences are looked at
    before they are summed in turn; values within the limits have none beyond theirs.
    """
    if not len(values):
        return values
    rows = n.repeat(3)
    timed = _TIMES.repeat(len(n), axis=0).ravel().repeat(rows)
    first = _sums(_unzigzag(values), rows)
    if abs(first).max() > _MOST_DIFFERENCE:
        raise ColumnFault("a difference beyond the limits of times or places")
    if first[timed].min() < 0:
        raise ColumnFault("times that are negative or fall")
    sums = _sums(first, rows)
    if sums[timed].max() > _MOST_T or abs(sums[~timed]).max() > _MOST_XY:
        raise ColumnFault("a value beyond the limits of times or places")
    return sums


def _sums(values: IntArray, rows: IntArray) -> IntArray:
    """Cumulative sums within each row; `rows` are their lengths."""
    before = _before(values)
    return before[1:] - before[_before(rows)[:-1]].repeat(rows)


def _before(values: IntArray) -> IntArray:
    """[n + 1] sum of the values before each place."""
    sums = np.zeros(len(values) + 1, dtype=np.int64)
    values.cumsum(out=sums[1:])
    return sums


def _all(counts: IntArray) -> str:
    return ", ".join(map(str, counts))


def _whole(column: FloatArray, scale: float) -> IntArray:
    return np.floor(scale * column + 0.5).astype(np.int64)


def _second_differences(values: IntArray) -> IntArray:
    return np.diff(values, n=2, prepend=[0, 0]) if len(values) else values


def _zigzag(values: IntArray) -> IntArray:
    return (values << 1) ^ (values >> 63)


def _unzigzag(values: IntArray) -> IntArray:
    return (values >> 1) ^ -(values & 1)
