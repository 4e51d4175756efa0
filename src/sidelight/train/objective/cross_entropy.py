"""Plain single-label training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sidelight.model.heads import Head
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.term import Labels, Needs, Term


def soft_cross_entropy(
    logits: Float[Tensor, "batch classes"], targets: Float[Tensor, "batch classes"], *, label_smoothing: float = 0.0
) -> Float[Tensor, " batch"]:
    """`-sum_c t_c log softmax(z)_c` with `t = (1 - s) y + s / C`, image by image, in float32.

    Args:
        logits: [B, C], any float type.
        targets: [B, C] y, non-negative, rows sum to 1; one-hot or mixed.
        label_smoothing: s in [0, 1). Smoothing after mixing equals mixing after smoothing, as both are linear.

    Returns:
        [B] float32, in nats.

    Source: szegedy2016inception, section 7 (smoothing).

    >>> round(soft_cross_entropy(torch.zeros(1, 4), torch.eye(4)[:1]).exp().item(), 4)
    4.0
    """
    smooth = targets.float() * (1 - label_smoothing) + label_smoothing / targets.shape[1]
    return -(smooth * logits.float().log_softmax(dim=1)).sum(dim=1)


@dataclass(frozen=True)
class CrossEntropy:
    """Softmax cross-entropy, nothing else: the plain condition.

    Raises:
        UserFault: if the smoothing is out of range.
    """

    label_smoothing: float = 0.0
    """Share of every target that is spread evenly over all classes, in [0, 1)."""

    guidance = None
    reaches = frozenset[str]()
    needs: ClassVar[Needs] = "nothing"
    labels: ClassVar[Labels] = "single"

    def __post_init__(self) -> None:
        refuse_smoothing(self.label_smoothing)

    def heads(self, width: int, classes: int) -> dict[str, Head]:
        """None."""
        del width, classes
        return {}

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class"}`."""
        del heads
        return {
            "class": class_term(soft_cross_entropy(outputs.logits, batch.targets, label_smoothing=self.label_smoothing))
        }


def class_term(value: Float[Tensor, " batch"]) -> Term:
    """A term about which every image says something: they all have labels."""
    return Term(value, torch.ones_like(value))


def refuse_smoothing(smoothing: float) -> None:
    """Raise a UserFault unless `smoothing` is in [0, 1)."""
    if not 0 <= smoothing < 1:
        raise UserFault("label_smoothing", seen=str(smoothing), allowed="[0, 1)", remedy="0.1 is usual, 0 is none")
