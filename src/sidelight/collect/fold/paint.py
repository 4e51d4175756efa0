"""What a painting page's log comes to."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from sidelight.collect.fold.tip import covered
from sidelight.collect.wire.answer import PaintAnswer
from sidelight.collect.wire.log import Clear, Decide, Entry, Redo, Stroke, Undo

Mask = npt.NDArray[np.bool_]

LARGEST_GRID = 256
"""Cells a side: up to it the browser's doubles are exact."""


def fold(entries: Iterable[Entry], grid: tuple[int, int]) -> PaintAnswer:
    """The last decision and the mask.

    Args:
        entries: of all segments, in order; those of other kinds change nothing.
        grid: (width, height) of the mask, at most 256 each.

    Raises:
        ValueError: if the grid is none.

    >>> dot = Stroke(t=1.0, i=0, tool="brush", radius=0.5, cells=(24, 8), by="mouse")
    >>> fold([Decide(t=0.0, i=0, label="cat", by="mouse"), dot], (3, 2))
    PaintAnswer(label='cat', grid=(3, 2), runs=(1, 1, 4))
    """
    if not all(1 <= side <= LARGEST_GRID for side in grid):
        raise ValueError(f"a grid of {grid} cells; 1 to {LARGEST_GRID} a side are allowed")
    label = ""
    stack: list[Stroke | Clear] = []
    undone: list[Stroke | Clear] = []
    for entry in entries:
        match entry:
            case Decide(label=decided):
                label = decided
            case Stroke() | Clear():
                stack.append(entry)
                undone.clear()
            case Undo() if stack:
                undone.append(stack.pop())
            case Redo() if undone:
                stack.append(undone.pop())
    return PaintAnswer(label, grid, run_lengths(_drawn(stack, grid)))


def _drawn(stack: Sequence[Stroke | Clear], grid: tuple[int, int]) -> Mask:
    """The stack drawn in order; what lies before the last clearing need not be."""
    cleared = max((number for number, entry in enumerate(stack) if isinstance(entry, Clear)), default=-1)
    mask = np.zeros((grid[1], grid[0]), dtype=np.bool_)
    for entry in stack[cleared + 1 :]:
        assert isinstance(entry, Stroke)
        mask[covered(np.array(entry.cells, dtype=np.int64).reshape(-1, 2), entry.radius, grid)] = entry.tool == "brush"
    return mask


def run_lengths(mask: Mask) -> tuple[int, ...]:
    """Lengths of alternating runs of 0 and 1, row by row, beginning with 0.

    Args:
        mask: [height, width].

    >>> run_lengths(np.array([[True, True], [False, True]])), run_lengths(np.zeros((1, 2), dtype=bool))
    ((0, 2, 1, 1), (2,))
    """
    flat = mask.ravel()
    changes = np.flatnonzero(flat != np.concatenate([[False], flat[:-1]]))
    return tuple(np.diff(changes, prepend=0, append=len(flat)).tolist())
