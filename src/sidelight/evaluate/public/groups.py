"""Shares within groups of pictures: a benchmark's sets, corruptions, factor values."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sidelight.records.shown import Shown


class Share(NamedTuple):
    """Share of the pictures of a group, and how many they are."""

    value: float
    n: int


def shares_by_group(counted: npt.NDArray[np.bool_], rows: Sequence[Shown]) -> Mapping[str, Share]:
    """Share of true values within each group, in the order in which groups first occur.

    Args:
        counted: [n], one a picture.
        rows: the n pictures; there may be millions, so their groups are counted without making an array of text.

    >>> shares_by_group(np.array([True, False, True]), [Shown("a", (0,), "x"), Shown("b", (0,), "x"), Shown("c", (0,))])
    {'x': Share(value=0.5, n=2), '': Share(value=1.0, n=1)}
    """
    number: dict[str, int] = {}
    group = np.fromiter((number.setdefault(row.group, len(number)) for row in rows), dtype=np.int32, count=len(rows))
    shown = np.bincount(group, minlength=len(number))
    true = np.bincount(group, weights=counted, minlength=len(number))
    return {name: Share(float(true[place] / shown[place]), int(shown[place])) for name, place in number.items()}
