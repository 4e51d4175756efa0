"""What every public benchmark is: a frozen dataclass whose fields are its ambiguities, with pure functions.

A pass over the pictures keeps, of each, the few numbers that `answers` gives (its columns), never its scores;
`numbers` makes the benchmark's values of them at the end. So memory stays small, an interrupted pass can go on, and a
picture that was shown twice counts once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.table import Metric
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown

Scores = npt.NDArray[np.float32]
"""[B, 1000] logits, in the order of ImageNet-1K's wnids."""
Columns = Mapping[str, npt.NDArray[Any]]
"""{name: [n]} numbers of every picture; booleans and floats of fixed type, the same names in every batch."""
Fill = Literal["normalized_zero", "black"]


class Number(NamedTuple):
    """One value of a benchmark.

    Attributes:
        metric: as in its `definition`.
        value: shares are in [0, 1].
        n: pictures behind it.
        subset: which pictures these are.
    """

    metric: str
    value: float
    n: int
    subset: str = "all"


@dataclass(frozen=True)
class Preparation:
    """How a stored picture becomes an input. Benchmarks with equal ones share their pass.

    Attributes:
        border: pixels that are cut off each side first.
        fit: "model" = the model's own resizing and central crop; "input" = the shorter side is resized to the input's
            and the central square cut; "none" = no resizing, the central square of 224 pixels is cut.
        hole: side of a square in the middle of the input that shows nothing, in pixels of an input of 224 (other
            inputs have it in proportion); 0 = none.
        fill: what is in the hole: "normalized_zero" = 0 after normalisation, ImageNet's mean colour;
            "black" = 0 before it.
    """

    border: int = 0
    fit: Literal["model", "input", "none"] = "model"
    hole: int = 0
    fill: Fill = "normalized_zero"


class Measure(Protocol):
    """A benchmark's numbers, with its options as fields."""

    @property
    def preparation(self) -> Preparation:
        """How pictures are shown."""

    @property
    def depth(self) -> int:
        """How many of the highest classes must be known in their order; 0 = all scores must be."""

    def definition(self) -> Mapping[str, Metric]:
        """{metric: the sentence that says what is computed with these options}."""

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """What is kept of a batch.

        Args:
            scores: [B, 1000], finite but for -inf.
            rows: the B pictures.
            classes: what the benchmark asks about, rising; empty = all.

        Returns:
            Columns [B].
        """

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The benchmark's values.

        Args:
            columns: of all pictures, as `answers` gave them.
            rows: all pictures, in the same order.

        Raises:
            UserFault: if there is no picture to count.
        """


def top1_correct(scores: Scores, rows: Sequence[Shown]) -> npt.NDArray[np.bool_]:
    """[B] whether the highest score is that of a right answer; of equal ones the lowest index counts.

    >>> top1_correct(np.eye(3, dtype=np.float32), [Shown("a", (0,)), Shown("b", (0, 2)), Shown("c", (2,))]).tolist()
    [True, False, True]
    """
    said = scores.argmax(axis=1).tolist()
    return np.array([answer in row.labels for answer, row in zip(said, rows, strict=True)], dtype=bool)


def share(counted: npt.NDArray[np.bool_], what: str) -> float:
    """Share of true values.

    Args:
        counted: [n], one a picture.
        what: the number they make, for the fault.

    Raises:
        UserFault: if nothing is counted.

    >>> share(np.array([True, False]), "top1")
    0.5
    """
    if not len(counted):
        raise UserFault(what, seen="no picture counts", allowed=">= 1 picture", remedy="Check the benchmark's folder")
    return float(np.mean(counted))
