"""Plain accuracy among the thousand classes: ImageNet, ImageNetV2, ImageNet-Sketch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, share, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class Top1:
    """How often the model names the class, of a thousand."""

    top5: bool = True
    """Also give top-5; a dump of fewer than five classes a picture has none."""

    @property
    def preparation(self) -> Preparation:
        """The model's own."""
        return Preparation()

    @property
    def depth(self) -> int:
        """The five highest classes, or the highest."""
        return 5 if self.top5 else 1

    def definition(self) -> dict[str, Metric]:
        """Top-1 and, where asked for, top-5."""
        first = Metric(
            "Share of the pictures whose highest of 1000 scores is that of their class.", higher_is_better=True
        )
        fifth = Metric("Share of the pictures whose class is among the five highest of 1000.", higher_is_better=True)
        return {"top1": first, "top5": fifth} if self.top5 else {"top1": first}

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the class is the first, and among the first five."""
        del classes
        return {"top1": top1_correct(scores, rows)} | ({"top5": _among_five(scores, rows)} if self.top5 else {})

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The shares, of every group by itself: ImageNetV2's three sets are three benchmarks."""
        groups = np.array([row.group for row in rows])
        found = []
        for group in dict.fromkeys(groups.tolist()):
            inside = groups == group
            for metric, right in columns.items():
                found.append(Number(metric, share(right[inside], metric), int(inside.sum()), group or "all"))
        return found


def _among_five(scores: Scores, rows: Sequence[Shown]) -> npt.NDArray[np.bool_]:
    """[B]; of equal scores the lower index goes first."""
    labels = np.array([row.labels[0] for row in rows])
    own = np.take_along_axis(scores, labels[:, None], axis=1)
    earlier = np.arange(scores.shape[1]) < labels[:, None]
    return np.asarray(((scores > own) | ((scores == own) & earlier)).sum(axis=1) < 5)
