"""A pointer's path, columnar."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Trace:
    """Where the pointer was over one picture, sample by sample.

    Attributes:
        elapsed_ms: [n] float64, milliseconds since the page was shown; may repeat (browsers give equal stamps).
        x: [n] float64, to the right, in [0, 1] of the image (recorded values may lie slightly outside).
        y: [n] float64, downwards.

    Raises:
        ValueError: if the three columns differ in length.

    >>> len(Trace(np.array([0.0, 16.0]), np.array([0.1, 0.2]), np.array([0.5, 0.5])))
    2
    """

    elapsed_ms: FloatArray
    x: FloatArray
    y: FloatArray

    def __post_init__(self) -> None:
        if not len(self.elapsed_ms) == len(self.x) == len(self.y):
            raise ValueError(f"a trace's columns have {len(self.elapsed_ms)}, {len(self.x)}, {len(self.y)} samples")

    def __len__(self) -> int:
        return len(self.elapsed_ms)
