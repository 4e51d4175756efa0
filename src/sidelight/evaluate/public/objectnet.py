"""Accuracy on photos of household objects in unusual places: ObjectNet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, share, top1_correct
from sidelight.evaluate.public.subset import sliced
from sidelight.evaluate.table import Metric
from sidelight.records.shown import Shown

BORDER = 2


@dataclass(frozen=True)
class ObjectNetTop1:
    """How often the model names one of the ImageNet classes that stand for the photo's object.

    Published numbers mean different things: of one network 17, 27 or 36 % can be read. LUAB's fit the answer among all
    thousand classes over the photos of the 113 classes that ImageNet-1K also has; torchvision's first ResNet-50 has
    35.8 % when the answer is taken among the 125 ImageNet classes that these 113 are.

    Source: barbu2019objectnet; han2023luab, table 1.
    """

    slice: bool = False
    """Take the highest score among the 125 ImageNet classes that occur; off: among all thousand."""

    @property
    def preparation(self) -> Preparation:
        """Without the red border (one pixel, which decoders smear over two), the shorter side resized to the input."""
        return Preparation(border=BORDER, fit="input")

    @property
    def depth(self) -> int:
        """All scores are needed to leave classes out."""
        return 0 if self.slice else 1

    def definition(self) -> dict[str, Metric]:
        """Top-1 over the photos of known classes, and over all photos."""
        among = "those of the 125 ImageNet classes that occur" if self.slice else "1000"
        right = (
            f"whose highest score among {among} is that of any ImageNet class of their object, {BORDER} pixels cut off "
            "each side and the shorter side resized to the input"
        )
        return {
            "top1": Metric(
                f"Share of the photos of the 113 classes that ImageNet-1K also has {right}.", higher_is_better=True
            ),
            "top1_of_all": Metric(
                f"Share of the photos of all 313 classes {right}; the other 200 classes cannot be right.",
                higher_is_better=True,
            ),
        }

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the highest score is right."""
        return {"top1": top1_correct(sliced(scores, classes) if self.slice else scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The share of the photos of known classes; that of all photos where others were shown."""
        right = columns["top1"]
        known = np.array([bool(row.labels) for row in rows], dtype=bool)
        found = [Number("top1", share(right[known], "top1"), int(known.sum()))]
        return found if known.all() else [*found, Number("top1_of_all", share(right, "top1_of_all"), len(rows))]
