"""ReaL: any label that people found right counts, and photos with none do not count at all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, share, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class Real:
    """How often the model's answer is among the labels that people found right.

    Counting the 3,163 photos without a label as wrong would give 77.7 instead of 83.0 % for torchvision's first
    ResNet-50.

    Source: beyer2020real.
    """

    @property
    def preparation(self) -> Preparation:
        """The model's own."""
        return Preparation()

    @property
    def depth(self) -> int:
        """The highest class."""
        return 1

    def definition(self) -> dict[str, Metric]:
        """Top-1 against ReaL's lists."""
        said = "Share of the photos with a ReaL label whose highest of 1000 scores is that of any of their labels."
        return {"top1": Metric(said, higher_is_better=True)}

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the highest score is right."""
        del classes
        return {"top1": top1_correct(scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The share, photos without a label left out."""
        right = columns["top1"][np.array([bool(row.labels) for row in rows], dtype=bool)]
        return [Number("top1", share(right, "top1"), len(right))]
