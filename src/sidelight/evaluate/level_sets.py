"""What a map leaves above a level, at all 256 levels at once: the connected pieces, their rectangles, areas and holes.

Thresholding and following contours once a level repeats almost the same work 255 times. Here the map is walked once:
every pixel climbs to a peak, slopes meet at saddles, and what is left above level l is read off the small tree of
these. The pieces of `{q > l}` (8-connected) are slopes joined by saddles above l, each cut off at l. A piece's
rectangle is that of its slopes; the area within its contour, and the number of holes, are counts of 2 x 2 windows.

Pixels of a block of 2 x 2 all touch each other, so that the walk goes from block to block.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Heights = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]
Edges = tuple[Grey, Grey, Grey, Grey]

LEVELS = 256
_OTHER = 255
"""So many slopes are told apart by one byte; it stands for all others."""


@dataclass(frozen=True)
class Pieces:
    """The 8-connected pieces of `{q > l}` for every l in [0, 255].

    Attributes:
        corners: [pieces, 4, 256] (x0, y0, x1, y1) of a piece's pixels at level l, ends included; anything where the
            piece is not there.
        there: [pieces, 256] whether it is there.
        area: [pieces, 256] twice the area that its outer contour encloses, less that of its holes.
        holes: [256] number of holes in all pieces together.
    """

    corners: npt.NDArray[np.int16]
    there: npt.NDArray[np.bool_]
    area: npt.NDArray[np.int32]
    holes: npt.NDArray[np.int64]


def pieces(heights: Heights) -> Pieces:
    """Take a map apart.

    Args:
        heights: [h, w] in [0, 255], at most 2^20 pixels; q is their whole part.

    >>> found = pieces(np.array([[3.0, 1.0, 2.0]], np.float32))
    >>> found.there[:, :4].sum(axis=0).tolist(), found.corners[found.there[:, 0], :, 0].tolist()
    ([1, 2, 1, 0], [[0, 0, 2, 0]])
    """
    if any(odd := [side % 2 for side in heights.shape]):
        heights = np.pad(heights, [(0, more) for more in odd])
    q = heights.astype(np.uint8)
    peaks, label = _climb(heights)
    framed = np.zeros((q.shape[0] + 2, q.shape[1] + 2), np.uint8)
    framed[1:-1, 1:-1] = q
    windows = _windows(framed)
    there = q.ravel()[peaks][:, None] > np.arange(LEVELS)
    edges = _block_edges(q)
    sides = _sides(edges, label, len(peaks))
    area = _areas(framed, windows, label, len(peaks))
    for saddle, kept, lost in _merges(q, edges, label, len(peaks)):
        there[lost, :saddle] = False
        joined = sides[kept, :, :saddle]
        np.minimum(joined, sides[lost, :, :saddle], out=joined)
        area[kept, :saddle] += area[lost, :saddle]
    sides[:, 2:] = np.array(q.shape[::-1], np.int16)[:, None] - 1 - sides[:, 2:]
    return Pieces(sides, there, area, there.sum(axis=0) - _euler_numbers(framed, windows))


def _climb(heights: Heights) -> tuple[Places, Labels]:
    """Flat places of the peaks, and for every block [h / 2, w / 2] to which of them steepest ascent leads.

    Equal pixels are told apart by their place, so that a plateau may have several peaks: they meet at its level.
    """
    bits = heights.size.bit_length()
    # Level, fraction and place as one number: the order agrees with the levels.
    key = (heights * np.float32(1 << (24 - bits))).astype(np.uint32)
    key <<= np.uint32(bits)
    key |= _places(heights.size).reshape(heights.shape)
    highest = key.copy()
    np.maximum(highest[:, 1:], key[:, :-1], out=highest[:, 1:])
    np.maximum(highest[:, :-1], key[:, 1:], out=highest[:, :-1])
    lines = highest.copy()
    np.maximum(highest[1:], lines[:-1], out=highest[1:])
    np.maximum(highest[:-1], lines[1:], out=highest[:-1])
    mask = np.uint32((1 << bits) - 1)
    top = (_of_blocks(key) & mask).ravel().astype(np.intp)
    above = _block_of_place(heights.shape)[highest.ravel()[top] & mask]
    peaks = np.flatnonzero(above == np.arange(above.size))
    while not np.array_equal(further := above[above], above):  # twice as far every time
        above = further
    label = np.zeros(above.size, np.int32)
    label[peaks] = np.arange(len(peaks), dtype=np.int32)
    return top[peaks], label[above].reshape(heights.shape[0] // 2, -1)


@functools.lru_cache(maxsize=4)
def _block_of_place(shape: tuple[int, ...]) -> Places:
    """Flat place of a pixel -> flat place of its block."""
    blocks = np.arange(shape[0] * shape[1] // 4, dtype=np.intp).reshape(shape[0] // 2, -1)
    return blocks.repeat(2, axis=0).repeat(2, axis=1).ravel()


@functools.lru_cache(maxsize=4)
def _places(count: int) -> npt.NDArray[np.uint32]:
    return np.arange(count, dtype=np.uint32)


def _of_blocks(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """[h / 2, w / 2] the highest of each block."""
    lines = np.maximum(values[::2], values[1::2])
    return np.maximum(lines[:, ::2], lines[:, 1::2])


def _merges(q: Grey, edges: Edges, label: Labels, count: int) -> Iterator[tuple[int, int, int]]:
    """(level, slope, slope): below that level the second belongs to the first; from high to low."""
    root = list(range(count))
    for saddle, first, second in _saddles(q, edges, label, count):
        kept, lost = _root(root, first), _root(root, second)
        if kept != lost:
            root[lost] = kept
            yield saddle, kept, lost


def _root(root: list[int], piece: int) -> int:
    while root[piece] != piece:
        root[piece] = root[root[piece]]
        piece = root[piece]
    return piece


def _saddles(q: Grey, edges: Edges, label: Labels, count: int) -> Iterator[tuple[int, int, int]]:
    """(level, slope, slope) of every two slopes that touch: the highest level at which they do, from high to low."""
    a, b, c, d = q[::2, ::2], q[::2, 1::2], q[1::2, ::2], q[1::2, 1::2]
    left, up, right, down = edges
    borders = (
        (label[:, :-1], label[:, 1:], right[:, :-1], left[:, 1:]),
        (label[:-1], label[1:], down[:-1], up[1:]),
        (label[:-1, :-1], label[1:, 1:], d[:-1, :-1], a[1:, 1:]),
        (label[:-1, 1:], label[1:, :-1], c[:-1, 1:], b[1:, :-1]),
    )
    codes = []
    for first, second, here, there in borders:
        differ = np.divmod(np.flatnonzero(first != second), first.shape[1])
        one, other = first[differ].astype(np.int64), second[differ]
        level = np.minimum(here[differ], there[differ])
        codes.append((np.minimum(one, other) * count + np.maximum(one, other)) * LEVELS + level)
    pairs, level = np.divmod(np.sort(np.concatenate(codes)), LEVELS)
    last = np.flatnonzero(np.diff(pairs, append=-1))
    order = last[np.argsort(-level[last], kind="stable")]
    slopes = np.divmod(pairs[order], count)
    return zip(level[order].tolist(), *(each.tolist() for each in slopes), strict=True)


def _block_edges(q: Grey) -> Edges:
    """The highest of the two pixels at the left, top, right and bottom of every block."""
    a, b, c, d = q[::2, ::2], q[::2, 1::2], q[1::2, ::2], q[1::2, 1::2]
    return np.maximum(a, c), np.maximum(a, b), np.maximum(b, d), np.maximum(c, d)


def _sides(edges: Edges, label: Labels, count: int) -> npt.NDArray[np.int16]:
    """[count, 4, 256]: how far a slope stays away from the left, top, right and bottom border, above a level."""
    sides = np.empty((count, 4, LEVELS), np.int16)
    left, up, right, down = edges
    for axis, ends, labels in ((0, (left.T, right.T), label.T), (1, (up, down), label)):
        line_and_slope = (labels + (np.arange(len(labels), dtype=np.int32) * np.int32(count))[:, None]).ravel()
        starts = np.concatenate([[0], np.flatnonzero(line_and_slope[1:] != line_and_slope[:-1]) + 1])
        highest = np.zeros((2, len(labels) * count), np.uint8)
        for found, values in zip(highest, ends, strict=True):
            np.maximum.at(found, line_and_slope[starts], np.maximum.reduceat(values.ravel(), starts))
        by_line = highest.reshape(2, len(labels), count).transpose(1, 0, 2).reshape(-1, count)
        for far, ordered in ((0, by_line), (2, by_line[::-1])):
            reached = np.maximum.accumulate(ordered, axis=0) + np.arange(count) * LEVELS
            counts = np.bincount(reached.ravel(), minlength=count * LEVELS).reshape(count, LEVELS)
            np.cumsum(counts, axis=1, out=sides[:, axis + far], dtype=np.int16)
    return sides


def _windows(framed: Grey) -> tuple[Grey, Grey, Grey]:
    """The lowest, second lowest and highest values of all 2 x 2 windows, [h + 1, w + 1] each."""
    a, b, c, d = framed[:-1, :-1], framed[:-1, 1:], framed[1:, :-1], framed[1:, 1:]
    low, high, other_low, other_high = np.minimum(a, d), np.maximum(a, d), np.minimum(b, c), np.maximum(b, c)
    second = np.minimum(np.maximum(low, other_low), np.minimum(high, other_high))
    return np.minimum(low, other_low), second, np.maximum(high, other_high)


def _areas(framed: Grey, windows: tuple[Grey, ...], label: Labels, count: int) -> npt.NDArray[np.int32]:
    """[count, 256]: 1 for every window with three pixels above the level, 2 for one with four.

    A contour runs through the centres of its outermost pixels: of a window with four of the piece it takes all, of one
    with three half.
    """
    area = np.empty((count, LEVELS), np.int32)
    slope = np.zeros(framed.shape, np.uint8)
    for first in range(0, count, _OTHER):
        some = np.where((label >= first) & (label < first + _OTHER), label - first, _OTHER).astype(np.uint8)
        for line, column in ((1, 1), (1, 2), (2, 1), (2, 2)):
            slope[line:-1:2, column:-1:2] = some
        # Of a window with three pixels above, at least the higher of two opposite ones is.
        own = np.where(framed[:-1, :-1] >= framed[1:, 1:], slope[:-1, :-1], slope[1:, 1:])
        told = min(_OTHER, count - first)
        counts = [cv2.calcHist([own, part], [0, 1], None, [told, LEVELS], [0, told, 0, LEVELS]) for part in windows[:2]]
        area[first : first + told] = _above(counts[0] + counts[1])
    return area


def _euler_numbers(framed: Grey, windows: tuple[Grey, ...]) -> npt.NDArray[np.int64]:
    """[256]: pieces less holes above each level.

    `E = (any + four - opposite) / 2 - n`, from the numbers of windows with any, with four, and with just two opposite
    pixels above the level, and the number n of these pixels.

    Source: gray1971local, for 8-connected pieces; each pixel lies in four windows, which is where n comes from.
    """
    parts = (windows[2], windows[0], framed)
    some, four, pixels = (_above(_histogram(each)) for each in parts)
    a, b, c, d = framed[:-1, :-1], framed[:-1, 1:], framed[1:, :-1], framed[1:, 1:]
    changes = np.zeros(LEVELS + 1, np.int64)
    for pair, others in (((a, d), (b, c)), ((b, c), (a, d))):
        low, high = np.maximum(*others), np.minimum(*pair)
        only = low < high
        changes += np.bincount(low[only], minlength=LEVELS + 1) - np.bincount(high[only], minlength=LEVELS + 1)
    opposite = changes.cumsum()[:LEVELS]
    return ((some + four).astype(np.int64) - opposite) // 2 - pixels.astype(np.int64)


def _histogram(values: Grey) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.calcHist([values], [0], None, [LEVELS], [0, LEVELS]), np.float32).reshape(LEVELS)


def _above(counts: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """[..., 256] how many values lie above each level, from how many lie on it."""
    at_least = counts[..., ::-1].cumsum(axis=-1)[..., ::-1]
    return at_least - counts
