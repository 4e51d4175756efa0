"""Pointer samples of a page, mapped from the window to the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sidelight.collect.showing import Showing
from sidelight.collect.wire.boxes import Box, boxes_after
from sidelight.collect.wire.log import Layout

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NOWHERE = -1

SMALLEST_PX = 1.0
"""Side of the smallest box that is a picture on the screen."""


@dataclass(frozen=True)
class Placed:
    """Where the samples of a showing were.

    Attributes:
        picture: [n] index of the picture each sample belongs to; -1 if to none.
        x: [n] in [0, 1] of that picture, to the right; outside it where the sample lay around it. NaN if to none.
        y: [n] likewise, downwards.
    """

    picture: IntArray
    x: FloatArray
    y: FloatArray


def place(showing: Showing, pictures: Sequence[str], *, around_px: float = 0.0) -> Placed:
    """Say on which picture each sample lay, and where on it.

    A sample is mapped with the layout that was in force when it was recorded: so it stays on its place of the picture
    whatever the page was scrolled, zoomed and resized before and after. It belongs to the picture that holds it, else
    to the nearest one if that is near enough: to one, or to none.

    Args:
        showing: of the page.
        pictures: ids.
        around_px: how far from a picture, in CSS px, a sample still belongs to it; infinite takes every sample.
    """
    n = len(showing.samples)
    made = Placed(np.full(n, NOWHERE, dtype=np.int64), np.full(n, np.nan), np.full(n, np.nan))
    layouts = in_force(showing)
    ends = [*(first for first, _ in layouts), n][1:]
    for (first, boxes), last in zip(layouts, ends, strict=True):
        if first < last and boxes and pictures:
            _fill(made, showing, slice(first, last), _corners(boxes, pictures), around_px)
    return made


def in_force(showing: Showing) -> list[tuple[int, dict[str, Box]]]:
    """Every layout: the number of samples before it, and the box of every picture from then on."""
    made: list[tuple[int, dict[str, Box]]] = []
    boxes: dict[str, Box] = {}
    last: Layout | None = None
    for before, entry in zip(showing.before.tolist(), showing.entries, strict=True):
        if isinstance(entry, Layout):
            boxes = boxes_after(boxes, last, entry)
            last = entry
            made.append((before, boxes))
    return made


def _corners(boxes: dict[str, Box], pictures: Sequence[str]) -> FloatArray:
    """[pictures, 4] left, top, width, height; NaN where a picture has no box, or one that nobody can see."""
    none = (np.nan,) * 4
    corners = np.array([boxes.get(picture, none) for picture in pictures], dtype=np.float64).reshape(-1, 4)
    corners[~(corners[:, 2:] >= SMALLEST_PX).all(axis=1)] = np.nan
    return corners


def _fill(made: Placed, showing: Showing, span: slice, corners: FloatArray, around_px: float) -> None:
    x, y = showing.samples.x[span], showing.samples.y[span]
    left, top, width, height = corners.T
    dx, dy = x[:, None] - left, y[:, None] - top
    inside = (dx >= 0) & (dx < width) & (dy >= 0) & (dy < height)
    aside = np.hypot(np.maximum(-dx, np.maximum(dx - width, 0)), np.maximum(-dy, np.maximum(dy - height, 0)))
    away = np.where(inside, -1.0, np.where(np.isnan(aside), np.inf, aside))
    nearest = away.argmin(axis=1)
    rows = np.arange(len(x))
    near = np.isfinite(away[rows, nearest]) & (away[rows, nearest] <= around_px)
    made.picture[span] = np.where(near, nearest, NOWHERE)
    made.x[span] = np.where(near, dx[rows, nearest] / width[nearest], np.nan)
    made.y[span] = np.where(near, dy[rows, nearest] / height[nearest], np.nan)
