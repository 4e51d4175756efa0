"""Plain multi-label training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from sidelight.model.heads import Head
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.objective.cross_entropy import class_term
from sidelight.train.term import Labels, Needs, Term


def binary_cross_entropy(
    logits: Float[Tensor, "batch classes"], targets: Float[Tensor, "batch classes"]
) -> Float[Tensor, " batch"]:
    """Mean over classes of `-y log s(z) - (1 - y) log(1 - s(z))`, image by image, in float32.

    Args:
        logits: [B, C], any float type.
        targets: [B, C] in [0, 1]; multi-hot or mixed.

    Returns:
        [B] float32, in nats. The mean and not the sum over classes, so that lambda means the same for any C.

    Source: han2023luab, section 4.2 names the binary cross-entropy for COCO, and leaves open sum or mean.

    >>> import torch
    >>> round(binary_cross_entropy(torch.zeros(1, 80), torch.zeros(1, 80)).exp().item(), 4)
    2.0
    """
    return binary_cross_entropy_with_logits(logits.float(), targets.float(), reduction="none").mean(dim=1)


@dataclass(frozen=True)
class BinaryCrossEntropy:
    """A sigmoid a class, nothing else: the plain condition of multi-label data."""

    guidance = None
    reaches = frozenset[str]()
    needs: ClassVar[Needs] = "nothing"
    labels: ClassVar[Labels] = "multi"
    label_smoothing = 0.0

    def heads(self, width: int, classes: int) -> dict[str, Head]:
        """None."""
        del width, classes
        return {}

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class"}`."""
        del heads
        return {"class": class_term(binary_cross_entropy(outputs.logits, batch.targets))}
