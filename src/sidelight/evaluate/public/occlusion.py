"""Accuracy when the middle of the picture is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from sidelight.evaluate.public.measure import Columns, Fill, Number, Preparation, Scores, share, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class CentreOcclusion:
    """How often the model names the class with a square hole in the middle of its input.

    No code of it is public. LUAB gives neither the side of the hole nor when the zeros are written: 112 of 224 pixels
    after normalisation is the likeliest reading, not a known one.

    Source: yun2019cutmix (its centre occlusion); han2023luab, table 1.
    """

    hole: int = 112
    """Side of the hole in pixels of an input of 224; other inputs have it in proportion."""

    fill: Fill = "normalized_zero"
    """What is in it: 0 after normalisation (ImageNet's mean colour), or black (0 before it)."""

    def __post_init__(self) -> None:
        if not 0 < self.hole < 224:
            raise UserFault("option hole", seen=f"{self.hole}", allowed="1 to 223 pixels", remedy="Leave it at 112")

    @property
    def preparation(self) -> Preparation:
        """The model's own, with the hole."""
        return Preparation(hole=self.hole, fill=self.fill)

    @property
    def depth(self) -> int:
        """The highest class."""
        return 1

    def definition(self) -> dict[str, Metric]:
        """Top-1 behind this hole."""
        filled = "zeros after normalisation (mean colour)" if self.fill == "normalized_zero" else "black"
        said = (
            f"Share of the pictures whose highest of 1000 scores is that of their class, the central square of "
            f"{self.hole}/224 of each side of the input filled with {filled}."
        )
        return {"top1": Metric(said, higher_is_better=True)}

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the highest score is right."""
        del classes
        return {"top1": top1_correct(scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The share."""
        return [Number("top1", share(columns["top1"], "top1"), len(rows))]
