"""Which names occur twice among millions, in little memory."""

from array import array

import numpy as np


class Repeats:
    """Finds candidates for names that occur more than once, in eight bytes a name where a set of names takes a hundred.

    A candidate is a hash: every repeated name has one, and another name has one with a chance of about 1e-7 among a
    million. So go through the names a second time, and compare only those whose `hash` is a candidate.

    >>> repeats = Repeats()
    >>> for name in ("cat", "dog", "cat"):
    ...     repeats.add(name)
    >>> repeats.candidates() == {hash("cat")}
    True
    """

    def __init__(self) -> None:
        self._hashes = array("q")

    def add(self, name: str) -> None:
        """Count a name in."""
        self._hashes.append(hash(name))

    def candidates(self) -> frozenset[int]:
        """The hashes that were met more than once."""
        values, counts = np.unique(np.array(self._hashes, dtype=np.int64), return_counts=True)
        return frozenset(values[counts > 1].tolist())
