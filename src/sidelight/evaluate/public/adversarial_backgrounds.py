"""Whether any background at all makes the model miss the object: the Backgrounds Challenge's accuracy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, share, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class AnyBackground:
    """Share of the objects that no background of the test set hides.

    Each of 4,050 objects is pasted on each of 4,050 backgrounds, its own class's included; a single wrong answer makes
    it vulnerable. One answer that flips counts, so everything is computed in 32 bits.

    Source: xiao2021noise, section 4 (adversarial backgrounds); han2023luab, table 1.
    """

    @property
    def preparation(self) -> Preparation:
        """As stored: 224 pixels, not resized."""
        return Preparation(fit="none")

    @property
    def depth(self) -> int:
        """All scores: pasted pictures are in no dump of predictions."""
        return 0

    def definition(self) -> dict[str, Metric]:
        """The challenge's accuracy."""
        said = (
            "Share of the foregrounds that are named rightly on every background of only_bg_t: the highest of 1000 "
            "scores is that of any ImageNet class of their coarse class; classes that belong to none are always wrong."
        )
        return {"accuracy": Metric(said, higher_is_better=True)}

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether a pasted picture hides its object; `rows` are the objects."""
        del classes
        return {"vulnerable": ~top1_correct(scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The share, of the pictures of group "foreground"."""
        foreground = np.array([row.group == "foreground" for row in rows], dtype=bool)
        robust = ~columns["vulnerable"][foreground].astype(bool)
        return [Number("accuracy", share(robust, "accuracy"), len(robust))]
