"""Accuracy while one factor of a made picture varies: SI-Score's size, location and rotation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sidelight.evaluate.public.groups import shares_by_group
from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, share, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class Factor:
    """How often the model names the class of a pasted object, every value of the factor weighing the same.

    For sizes and rotations the two means differ, as pictures with less than 95 % of the object inside were left out;
    every location has the same number of pictures. LUAB does not say which of the two its table holds.

    Source: djolonga2021robustness; yung2021siscore; han2023luab, table 1.
    """

    @property
    def preparation(self) -> Preparation:
        """The model's own, although its central cut takes away objects at the picture's edge: so is the protocol."""
        return Preparation()

    @property
    def depth(self) -> int:
        """The highest class."""
        return 1

    def definition(self) -> dict[str, Metric]:
        """The mean over the factor's values, and that over pictures."""
        right = "Share of the pictures whose highest of 1000 scores is that of their class"
        return {
            "group_mean": Metric(
                f"{right}, taken for each value of the factor; the mean over the values.", higher_is_better=True
            ),
            "micro": Metric(f"{right}, over all pictures together.", higher_is_better=True),
        }

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the highest score is right."""
        del classes
        return {"top1": top1_correct(scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """Both means, groups being the values of the factor."""
        micro = share(columns["top1"], "micro")
        values = [each.value for each in shares_by_group(columns["top1"], rows).values()]
        return [Number("group_mean", float(np.mean(values)), len(rows)), Number("micro", micro, len(rows))]
