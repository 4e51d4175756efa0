"""Whether the model is less sure of things that are none of its classes: ImageNet-O."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores
from sidelight.evaluate.table import Metric
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class OutOfDistribution:
    """How well a low highest probability (MSP) tells strange photos, group "out", from photos of the classes, "in".

    Nobody says which of the three numbers LUAB's table holds; AUROC is the one that fits its values (52 to 62): the
    authors' own headline, AUPR, is near its chance level of 16.7 % for these models.

    Source: hendrycks2021natural; han2023luab, table 1.
    """

    slice: bool = True
    """Take the softmax over the benchmark's 200 classes; off: over all thousand."""

    @property
    def preparation(self) -> Preparation:
        """The model's own."""
        return Preparation()

    @property
    def depth(self) -> int:
        """All scores are needed for a probability."""
        return 0

    def definition(self) -> dict[str, Metric]:
        """AUROC, AUPR, FPR95."""
        over = "the benchmark's 200 classes" if self.slice else "all 1000 classes"
        ending = f"; the score is the highest probability of the softmax over {over}, low meaning strange."
        sentences = {
            "auroc": "Chance that a strange photo looks stranger than one of the classes, a tie counting half",
            "aupr": "Un-interpolated average precision of finding the strange photos among all",
            "fpr95": "Share of photos of the classes flagged at the threshold that flags 95 % of the strange ones",
        }
        return {name: Metric(said + ending, higher_is_better=name != "fpr95") for name, said in sentences.items()}

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """The highest probability of each photo."""
        del rows
        return {"msp": highest_probability(scores[:, list(classes)] if self.slice else scores)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The three numbers, strange photos being the positives."""
        strange = np.array([row.group == "out" for row in rows], dtype=bool)
        if strange.all() or not strange.any():
            raise UserFault(
                "benchmark 'imagenet_o'",
                seen=f"{int(strange.sum())} strange photos of {len(rows)}",
                allowed="some of both kinds",
                remedy="Check its folder, and that of ImageNet's validation photos",
            )
        strangeness = -columns["msp"].astype(np.float64)
        missed, found, _ = roc_curve(strange, strangeness, drop_intermediate=False)
        values = {
            "auroc": roc_auc_score(strange, strangeness),
            "aupr": average_precision_score(strange, strangeness),
            "fpr95": missed[np.argmax(found >= 0.95)],
        }
        return [Number(name, float(value), len(rows)) for name, value in values.items()]


def highest_probability(scores: Scores) -> npt.NDArray[np.float64]:
    """[B] of scores [B, C]: the largest entry of their softmax.

    >>> highest_probability(np.log(np.array([[0.25, 0.75]], dtype=np.float32))).round(6).tolist()
    [0.75]
    """
    logits = scores.astype(np.float64)
    return np.asarray(1 / np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1))
