"""Accuracy on corrupted pictures: ImageNet-C."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sidelight.evaluate.public.groups import Share, shares_by_group
from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown

ALEXNET: Mapping[str, float] = {
    "gaussian_noise": 0.886428,
    "shot_noise": 0.894468,
    "impulse_noise": 0.922640,
    "defocus_blur": 0.819880,
    "glass_blur": 0.826268,
    "motion_blur": 0.785948,
    "zoom_blur": 0.798360,
    "snow": 0.866816,
    "frost": 0.826572,
    "fog": 0.819324,
    "brightness": 0.564592,
    "contrast": 0.853204,
    "elastic_transform": 0.646056,
    "pixelate": 0.717840,
    "jpeg_compression": 0.606500,
}
"""AlexNet's errors on the fifteen corruptions of the benchmark, each averaged over its five severities."""


@dataclass(frozen=True)
class Corruptions:
    """How often the model names the class of a corrupted photo, and its errors in units of AlexNet's.

    The stored JPEGs are shown as they are, without resizing: cut to 224 after resizing to 256 as usual, torchvision's
    first ResNet-50 has 38.1 % and an mCE of 78.2 instead of 39.2 % and 76.7. LUAB does not say whether its "IN-C" is
    over the fifteen corruptions of the benchmark or the nineteen that the authors' script prints.

    Source: hendrycks2019benchmarking, section 4.1; han2023luab, table 1.
    """

    @property
    def preparation(self) -> Preparation:
        """The central 224 pixels, not resized."""
        return Preparation(fit="none")

    @property
    def depth(self) -> int:
        """The highest class."""
        return 1

    def definition(self) -> dict[str, Metric]:
        """Mean accuracies, and the mean corruption error."""
        top1 = (
            "Share of the 224-pixel JPEGs, not resized, whose highest of 1000 scores is that of their class; the mean "
        )
        mce = (
            "Error (1 - top-1) averaged over the five severities of a corruption, divided by AlexNet's average, and "
            "averaged over the benchmark's 15 corruptions; 1 is AlexNet's."
        )
        return {
            "accuracy": Metric(f"{top1}over 15 corruptions of five severities.", higher_is_better=True),
            "accuracy_19": Metric(f"{top1}over 19 corruptions, the four extra ones too.", higher_is_better=True),
            "corruption_accuracy": Metric(f"{top1}over the five severities of one corruption.", higher_is_better=True),
            "mce": Metric(mce, higher_is_better=False),
        }

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the highest score is right."""
        del classes
        return {"top1": top1_correct(scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """The means, groups being "CORRUPTION/SEVERITY"; those of 19 only if the extra corruptions were shown."""
        means = corruption_means(shares_by_group(columns["top1"], rows))
        fifteen = {name: mean for name, mean in means.items() if name in ALEXNET}
        if not fifteen:
            raise UserFault(
                "benchmark 'imagenet_c'",
                seen="none of the 15 corruptions was shown",
                allowed=", ".join(ALEXNET),
                remedy="Unpack noise.tar, blur.tar, weather.tar and digital.tar",
            )
        count = sum(mean.n for mean in fifteen.values())
        errors = [(1 - mean.value) / ALEXNET[name] for name, mean in fifteen.items()]
        found = [
            Number("accuracy", float(np.mean([mean.value for mean in fifteen.values()])), count),
            Number("mce", float(np.mean(errors)), count),
        ]
        if len(means) > len(fifteen):
            found.append(Number("accuracy_19", float(np.mean([mean.value for mean in means.values()])), len(rows)))
        return found + [Number("corruption_accuracy", mean.value, mean.n, name) for name, mean in means.items()]


def corruption_means(cells: Mapping[str, Share]) -> dict[str, Share]:
    """Accuracy of each corruption, its severities weighing the same.

    >>> corruption_means({"fog/1": Share(1.0, 3), "fog/2": Share(0.0, 1)})
    {'fog': Share(value=0.5, n=4)}
    """
    of: dict[str, list[Share]] = {}
    for cell, share in cells.items():
        of.setdefault(cell.partition("/")[0], []).append(share)
    return {
        name: Share(float(np.mean([share.value for share in shares])), sum(share.n for share in shares))
        for name, shares in of.items()
    }
