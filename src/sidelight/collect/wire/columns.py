"""The four columns of a chunk's samples: second differences, zigzag, LEB128; without a loop over samples."""

import numpy as np
import numpy.typing as npt

T_SCALE, XY_SCALE = 10.0, 8.0
"""Times are kept in 1/10 ms, places in 1/8 px."""

_MOST_T, _MOST_XY = int(1e9 * T_SCALE), int(1e6 * XY_SCALE)
LONGEST_VARINT = 6
"""Bytes of the largest value that a limit lets through: a second difference of 4e10."""

LAST_STATE = 6
"""4 * pressed + modality, of a pressed pen."""

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
    values, ends = read_varints(np.frombuffer(data, dtype=np.uint8))
    borders = np.cumsum((0, *lengths))
    before = np.searchsorted(ends, borders, side="right")
    counts = (before[1:] - before[:-1]).tolist()
    whole = np.array_equal(np.concatenate([[0], ends])[before], borders)
    if not whole or counts[:3] != [n, n, n] or counts[3] % 2:
        raise ColumnFault(f"columns hold {counts} values for {n} samples, or a value lies across their border")
    state = _runs(values[3 * n :], n)
    if n == 0:
        return np.empty(0), np.empty(0), np.empty(0), state
    second = _unzigzag(values[: 3 * n].reshape(3, n))
    limits = np.array([[_MOST_T], [_MOST_XY], [_MOST_XY]])
    t, x, y = _sums(_sums(second, 2 * limits, "a difference"), limits, "a value")
    if t[0] < 0 or np.any(t[1:] < t[:-1]):
        raise ColumnFault("times that are negative or fall")
    return t / T_SCALE, x / XY_SCALE, y / XY_SCALE, state


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
    ends = np.flatnonzero(data < 128) + 1
    starts = np.concatenate([[0], ends[:-1]])
    lengths = ends - starts
    if lengths.max() > LONGEST_VARINT:
        raise ColumnFault(f"a value of {lengths.max()} bytes; {LONGEST_VARINT} suffice")
    if np.any((data[ends - 1] == 0) & (lengths > 1)):
        raise ColumnFault("a value that is longer than it need be")
    place = np.arange(len(data)) - np.repeat(starts, lengths)
    return np.add.reduceat((data & 127).astype(np.int64) << (7 * place), starts), ends


def _runs(pairs: IntArray, n: int) -> ByteArray:
    """States from (state, run) pairs."""
    states, runs = pairs[::2], pairs[1::2]
    strange = (states > LAST_STATE) | (states & 3 == 3)
    if strange.any():
        raise ColumnFault(f"state {states[strange][0]}, which is 4 * pressed + modality of nothing")
    if np.any(runs < 1) or np.any(runs > n) or runs.sum() != n:
        raise ColumnFault(f"runs of states that cover {runs.sum()} of {n} samples")
    return np.repeat(states.astype(np.uint8), runs)


def _sums(differences: IntArray, limits: IntArray, what: str) -> IntArray:
    """Running sums along a row. Steps are below 2^42 and rows shorter than 2^15: they stay far below 2^63."""
    sums = np.cumsum(differences, axis=1)
    if np.any(np.abs(sums) > limits):
        raise ColumnFault(f"{what} beyond the limits of times or places")
    return sums


def _whole(column: FloatArray, scale: float) -> IntArray:
    return np.floor(scale * column + 0.5).astype(np.int64)


def _second_differences(values: IntArray) -> IntArray:
    return np.diff(values, n=2, prepend=[0, 0]) if len(values) else values


def _zigzag(values: IntArray) -> IntArray:
    return (values << 1) ^ (values >> 63)


def _unzigzag(values: IntArray) -> IntArray:
    return (values >> 1) ^ -(values & 1)
