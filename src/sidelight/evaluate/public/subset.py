"""Accuracy on the pictures of 200 classes, answered among these 200: ImageNet-A and ImageNet-R."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, share, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class Subset:
    """How often the model names the class, of the 200 that occur.

    The authors' code, and published numbers, take the highest among the 200: torchvision's first ResNet-50 has 36.2 %
    on ImageNet-R then, and about 24 among all thousand.

    Source: hendrycks2021natural; hendrycks2021many.
    """

    slice: bool = True
    """Take the highest score among the benchmark's 200 classes; off: among all thousand."""

    @property
    def preparation(self) -> Preparation:
        """The model's own."""
        return Preparation()

    @property
    def depth(self) -> int:
        """All scores are needed to leave classes out."""
        return 0 if self.slice else 1

    def definition(self) -> dict[str, Metric]:
        """Top-1 among 200 or 1000."""
        among = "those of the benchmark's 200 classes" if self.slice else "1000"
        said = f"Share of the pictures for which the highest score among {among} is that of their class."
        return {"top1": Metric(said, higher_is_better=True)}

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the highest score is right."""
        return {"top1": top1_correct(sliced(scores, classes) if self.slice else scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The share."""
        return [Number("top1", share(columns["top1"], "top1"), len(rows))]


def sliced(scores: Scores, classes: Sequence[int]) -> Scores:
    """The scores, -inf where a class is not asked about.

    >>> sliced(np.array([[3.0, 1.0, 2.0]], dtype=np.float32), [1, 2]).tolist()
    [[-inf, 1.0, 2.0]]
    """
    kept = np.full_like(scores, -np.inf)
    kept[:, list(classes)] = scores[:, list(classes)]
    return kept
