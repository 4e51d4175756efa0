"""Which cells a round tip covers on its way: exact, in whole numbers, so that browser and service agree to the bit.

A row of cells cuts the region within R of a segment in one interval, and each border of it is the solution of a linear
or quadratic inequality in whole numbers. So a stroke costs its number of segments times the rows, however wide the tip.
"""

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
Interval = tuple[IntArray, IntArray]
"""Whole numbers from and to, both included; empty where from > to. In 1/16 of a cell, from the segment's start."""

SUB = 16
"""Parts of a cell."""

FAR = 2**20
"""Beyond every grid, in 1/16 of a cell."""

AT_ONCE = 512
"""Segments whose rows are in memory together."""


def covered(points: IntArray, radius: float, grid: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """The cells whose centre is at most the radius away from a polyline.

    A cell (column c, row r) has its centre at (16 c + 8, 16 r + 8); R = floor(16 radius + 1/2). For a segment a -> b
    with L = |b - a|^2 and s = (p - a) . (b - a), the centre p is covered

        if s <= 0:  |p - a|^2 <= R^2;   if s >= L:  |p - b|^2 <= R^2;   else  cross(p - a, b - a)^2 <= R^2 L.

    Args:
        points: [n, 2] x, y of the tip's centre in 1/16 of a cell; one point is a stamp.
        radius: in cells.
        grid: (width, height) in cells.

    Returns:
        [height, width] bool.

    >>> covered(np.array([[8, 8], [40, 8]]), 0.5, (4, 2)).astype(int).tolist()
    [[1, 1, 1, 0], [0, 0, 0, 0]]
    """
    width, height = grid
    reach = int(np.floor(SUB * radius + 0.5))
    rows = SUB * np.arange(height, dtype=np.int64) + SUB // 2
    edges = np.zeros((height, width + 1), dtype=np.int64)
    starts, ends = (points, points) if len(points) == 1 else (points[:-1], points[1:])
    for first in range(0, len(starts), AT_ONCE):
        a, b = (side[first : first + AT_ONCE] for side in (starts, ends))
        for low, high in _intervals(a, b, reach, rows):
            _mark(edges, low + a[:, :1], high + a[:, :1])
    return np.cumsum(edges, axis=1)[:, :width] > 0


def _intervals(a: IntArray, b: IntArray, reach: int, rows: IntArray) -> tuple[Interval, Interval, Interval]:
    """Where each row [segments, rows] is within reach of a, of b, and of what lies between."""
    dx, dy = (b - a)[:, :1], (b - a)[:, 1:]
    down = rows - a[:, 1:]
    from_a, from_b = _disc(reach, down), _disc(reach, rows - b[:, 1:])
    length = dx * dx + dy * dy
    aside = _root(reach * reach * length)
    beside = _solve(dy, -down * dx, -aside, aside)
    between = _solve(dx, down * dy, np.ones_like(length), length - 1)
    strip = np.maximum(beside[0], between[0]), np.minimum(beside[1], between[1])
    return from_a, (from_b[0] + dx, from_b[1] + dx), strip


def _disc(reach: int, down: IntArray) -> Interval:
    """Numbers u with u^2 + down^2 <= reach^2."""
    left = reach * reach - down * down
    half = np.where(left < 0, -1, _root(np.maximum(left, 0)))
    return np.where(half < 0, FAR, -half), half


def _solve(slope: IntArray, offset: IntArray, low: IntArray, high: IntArray) -> Interval:
    """Numbers u with low <= slope u + offset <= high."""
    steep = np.where(slope == 0, 1, np.abs(slope))
    turned = slope < 0
    least = np.where(turned, offset - high, low - offset)
    most = np.where(turned, offset - low, high - offset)
    flat = np.where((low <= offset) & (offset <= high), -FAR, FAR)
    return np.where(slope == 0, flat, -(-least // steep)), np.where(slope == 0, -flat, most // steep)


def _root(squares: IntArray) -> IntArray:
    """Floor of the square root; exact below 2^52, where rounding can only be one too high."""
    roots = np.sqrt(squares.astype(np.float64)).astype(np.int64)
    return roots - (roots * roots > squares)


def _mark(edges: IntArray, low: IntArray, high: IntArray) -> None:
    """Note where intervals of whole numbers begin and end, as columns whose centres they hold."""
    width = edges.shape[1] - 1
    first = np.clip(-((SUB // 2 - low) // SUB), 0, width)
    behind = np.clip((high - SUB // 2) // SUB + 1, 0, width)
    segment, row = np.nonzero(first < behind)
    np.add.at(edges, (row, first[segment, row]), 1)
    np.add.at(edges, (row, behind[segment, row]), -1)
