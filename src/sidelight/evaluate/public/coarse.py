"""Accuracy when ImageNet's classes are put together to fewer: ImageNet-9, or any map."""

from collections.abc import Sequence
from dataclasses import dataclass

from sidelight.evaluate.public.backgrounds import AMONG
from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, share, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class CoarseTop1:
    """How often the model names any class of the photo's coarse class, of a thousand.

    Source: xiao2021noise, section 2.
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
        """Top-1 of coarse classes."""
        return {"top1": Metric(f"Share of the photos of the map's classes {AMONG}.", higher_is_better=True)}

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the highest score is right."""
        del classes
        return {"top1": top1_correct(scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The share."""
        return [Number("top1", share(columns["top1"], "top1"), len(rows))]
