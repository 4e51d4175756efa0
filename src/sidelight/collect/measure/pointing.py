"""How a pointer moves: whether on lines that no hand draws, and whether through all the places between."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sidelight.collect.showing import showings
from sidelight.collect.wire.chunk import Chunk
from sidelight.collect.wire.log import Layout

FloatArray = npt.NDArray[np.float64]

REST_MS = 100.0
"""Where no sample came for longer, one movement ends and the next begins."""

LONG_PX, FEWEST = 150.0, 5
"""A movement of at least so many px and samples tells something."""

STRAIGHT_SHARE = 0.003
"""A movement is straight when no sample is farther from its chord than this share of the chord."""

JUMP_PX, BORDER_PX = 300.0, 40.0
"""Consecutive samples so far apart are a jump; near the window's border it may be a pointer that came back."""


class Pointing(NamedTuple):
    """Counts over one page.

    Attributes:
        movements: of a mouse or pen, long enough to be judged.
        straight: of these, on a straight line.
        jumps: samples that lie far from the one before, without a way between them.
    """

    movements: int
    straight: int
    jumps: int


def pointing(chunks: Iterable[Chunk]) -> Pointing:
    """Judge a page's movements; fingers are not judged, they come and go where they like.

    Args:
        chunks: of one page, in any order.

    >>> pointing([])
    Pointing(movements=0, straight=0, jumps=0)
    """
    long, straight, jumps = 0, 0, 0
    for showing in showings(chunks):
        hand = showing.samples.modality != 1
        t, xy = showing.samples.t[hand], np.column_stack([showing.samples.x, showing.samples.y])[hand]
        view = next((entry.view for entry in showing.entries if isinstance(entry, Layout)), None)
        for way in np.split(xy, np.flatnonzero(np.diff(t) > REST_MS) + 1):
            if len(way) >= FEWEST and np.hypot(*(way[-1] - way[0])) >= LONG_PX:
                long += 1
                straight += _is_straight(way)
        if view is not None:
            jumps += _jumps(xy, np.array(view))
    return Pointing(long, straight, jumps)


def _is_straight(way: FloatArray) -> bool:
    """Whether every sample lies on the chord."""
    chord = way[-1] - way[0]
    from_start = way - way[0]
    aside = np.abs(from_start[:, 0] * chord[1] - from_start[:, 1] * chord[0])
    return bool(aside.max() <= STRAIGHT_SHARE * (chord @ chord))


def _jumps(xy: FloatArray, view: FloatArray) -> int:
    """Jumps that end well inside the window."""
    far = np.hypot(*np.diff(xy, axis=0).T) > JUMP_PX
    inside = np.all((xy[1:] > BORDER_PX) & (xy[1:] < view - BORDER_PX), axis=1)
    return int((far & inside).sum())
