"""Right for the right reasons: no input gradient where people did not look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.objective.classes import labelled
from sidelight.train.objective.map_guided import MapGuided
from sidelight.train.objective.pair import Pair, over_maps, pair_at
from sidelight.train.term import Labels, Term


def gradient_outside(
    gradient: Float[Tensor, "batch 3 height width"], human: Pair
) -> tuple[Float[Tensor, "batch 1"], Float[Tensor, "batch 1"]]:
    """`sum over pixels and channels of (A g)^2` with `A = w (1 - s)`: 1 where people did not look.

    Args:
        gradient: g, of the sum over classes of the log-probabilities with respect to the picture.
        human: at the picture's resolution.

    Returns:
        Sums [B, 1] >= 0 and their weights; 0 for blank maps (nothing would be left to look at).
    """
    away = human.weight * (1 - human.saliency)
    blank = human.saliency.flatten(2).amax(dim=2) <= 0
    return (away * gradient).square().sum(dim=(2, 3)).sum(dim=1, keepdim=True), human.has * ~blank


@dataclass(frozen=True, kw_only=True)
class Rrr(MapGuided):
    """`L_class + lambda |A d(sum_k log p_k)/dx|^2`: where people did not look, no pixel may move the answer.

    The gradient of the loss is a gradient of a gradient: a step costs three to four plain ones, the network must not be
    compiled, and attention runs unfused.

    Differs from the authors' code: a mean over annotated images where it has the sum over the batch; its second weight
    is the optimiser's weight decay; A may lie between 0 and 1. Pixels are those the network sees (normalised), so that
    lambda is not portable between inputs of other scales: prefer a `ratio`. It compares the pulls at the classifier's
    weights, the last tensor of which both terms are made.

    Raises:
        UserFault: if a knob is out of range.

    Source: ross2017rrr, eq. 1.
    """

    weight: float = 1.0
    """Lambda, >= 0; counts when `ratio` is not given. Large values are usual: the gradients are small."""

    labels: ClassVar[Labels] = "single"
    second_order = True
    reaches = frozenset({"backbone", "classifier"})

    def shared(self, outputs: Outputs) -> Tensor:
        """The classifier's weights: no map lies between the gradient and the classes."""
        return outputs.weight

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class", "map"}`.

        Raises:
            ValueError: if the batch's pictures carry no gradient (`train.look` gives such a batch).
        """
        del heads
        if not batch.images.requires_grad:
            raise ValueError(
                f"no gradient can reach these pictures {tuple(batch.images.shape)}: use sidelight.train.look"
            )
        said = outputs.logits.float().log_softmax(dim=1).sum()
        (gradient,) = torch.autograd.grad(said, batch.images, create_graph=True)
        human = pair_at(batch, (gradient.shape[2], gradient.shape[3]), k=1)
        value, has = gradient_outside(gradient.float(), human)
        return {
            "class": labelled(outputs, batch, labels="single", label_smoothing=self.label_smoothing),
            "map": over_maps(value, has),
        }
