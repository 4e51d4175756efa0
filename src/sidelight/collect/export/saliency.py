"""Several people's painted masks as one map."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sidelight.collect.wire.answer import PaintAnswer


def painted(answer: PaintAnswer) -> npt.NDArray[np.bool_]:
    """A mask from its run lengths: [height, width] bool.

    Raises:
        ValueError: if the runs do not fill the grid.

    >>> painted(PaintAnswer("cat", (2, 2), (1, 2, 1))).tolist()
    [[False, True], [True, False]]
    """
    width, height = answer.grid
    runs = np.array(answer.runs, dtype=np.int64)
    if runs.sum() != width * height:
        raise ValueError(f"runs cover {runs.sum()} cells of a grid of {width} x {height}")
    return np.repeat(np.arange(len(runs)) % 2 == 1, runs).reshape(height, width)


def mean_map(masks: Sequence[npt.NDArray[np.bool_]]) -> npt.NDArray[np.float64] | None:
    """The share of people who painted each cell, [height, width] in [0, 1].

    Blank masks are no judgement and do not count.

    Args:
        masks: of one picture, all of one shape.

    Returns:
        The map; None where there is nothing to tell: no mask is left, or the mean is the same everywhere (a map that is
        scaled to its own minimum and maximum, as CYBORG does, would be NaN).

    Source: boyd2023cyborg.

    >>> mean_map([np.array([[True, False]]), np.array([[True, True]]), np.array([[False, False]])]).tolist()
    [[1.0, 0.5]]
    >>> mean_map([np.array([[True, True]])]) is None
    True
    """
    kept = [mask for mask in masks if mask.any()]
    if not kept:
        return None
    mean = np.stack(kept).astype(np.float64).mean(axis=0)
    return None if mean.min() == mean.max() else mean
