"""What the right background is worth to a model: the Backgrounds Challenge's variants of ImageNet-9."""

from collections.abc import Sequence
from dataclasses import dataclass

from sidelight.evaluate.public.groups import shares_by_group
from sidelight.evaluate.public.measure import Columns, Number, Preparation, Scores, top1_correct
from sidelight.evaluate.table import Metric
from sidelight.records.shown import Shown

AMONG = (
    "whose highest of 1000 scores is that of any ImageNet class of their coarse class; classes that belong to none are "
    "always wrong"
)


@dataclass(frozen=True)
class Backgrounds:
    """How often the model names the coarse class of each variant, and how much a foreign background costs.

    `bg_gap = accuracy(mixed_same) - accuracy(mixed_rand)`. The 630 classes of ImageNet that are in none of the nine
    stay in the competition, and an answer among them is wrong. The README's numbers belong to torchvision's first
    weights: the script it names loads newer ones of timm by now (78.9 became 84.3 % on mixed_rand).

    Source: xiao2021noise, section 3; han2023luab, table 1.
    """

    @property
    def preparation(self) -> Preparation:
        """As stored: 224 pixels, not resized."""
        return Preparation(fit="none")

    @property
    def depth(self) -> int:
        """The highest class."""
        return 1

    def definition(self) -> dict[str, Metric]:
        """Accuracy of a variant, and the gap."""
        gap = "Accuracy on mixed_same (background of the same class) minus that on mixed_rand (of any class)."
        return {
            "accuracy": Metric(f"Share of a variant's pictures, not resized, {AMONG}.", higher_is_better=True),
            "bg_gap": Metric(gap, higher_is_better=False),
        }

    def answers(self, scores: Scores, rows: Sequence[Shown], classes: Sequence[int]) -> Columns:
        """Whether the highest score is right."""
        del classes
        return {"top1": top1_correct(scores, rows)}

    def numbers(self, columns: Columns, rows: Sequence[Shown]) -> list[Number]:
        """Each variant's share, and the gap where both of its variants were shown."""
        shares = shares_by_group(columns["top1"], rows)
        found = [Number("accuracy", share.value, share.n, name) for name, share in shares.items()]
        if "mixed_same" in shares and "mixed_rand" in shares:
            same, rand = shares["mixed_same"], shares["mixed_rand"]
            found.append(Number("bg_gap", same.value - rand.value, same.n + rand.n))
        return found
