"""Right for the right reasons: no input gradient where people did not look."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.objective.classes import labelled
from sidelight.train.objective.map_guided import MapGuided
from sidelight.train.objective.pair import Pair, one_map_at, over_maps
from sidelight.train.term import Labels, Term


def log_probabilities(logits: Float[Tensor, "batch classes"], *, labels: Labels) -> Float[Tensor, " batch"]:
    """The log-probabilities of all answers that a network could give, summed, image by image, in float32.

    One label: `sum_k log p_k` with p the softmax. Several: each class is there or not, and both are answers,
    `sum_k log p_k + log(1 - p_k)` with p the sigmoid. Of one class the latter is the former of two classes, of which
    the second has the logit 0.

    Args:
        logits: [B, C], any float type.
        labels: of an image.

    Returns:
        [B] float32 <= 0, in nats.
    """
    z = logits.float()
    if labels == "multi":
        return (logsigmoid(z) + logsigmoid(-z)).sum(dim=1)
    return z.log_softmax(dim=1).sum(dim=1)


def gradient_outside(
    gradient: Float[Tensor, "batch 3 height width"], human: Pair
) -> tuple[Float[Tensor, "batch 1"], Float[Tensor, "batch 1"]]:
    """`sum over pixels and channels of (A g)^2` with `A = w (1 - s)`: 1 where people did not look.

    Args:
        gradient: g, of `log_probabilities` with respect to the picture.
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

    With several labels the log-probabilities are those of every class and of its absence, and where people did not look
    is where nobody looked for any class that is there (`union`). That is not told class by class: a pixel of the dog
    may go on moving the answer "cat".

    The gradient of the loss is a gradient of a gradient: a step costs three to four plain ones, the network must not be
    compiled, and attention runs unfused.

    Differs from the authors' code: several labels are ours; a mean over annotated images where it has the sum over the
    batch; its second weight is the optimiser's weight decay; A may lie between 0 and 1. Pixels are those the network
    sees (normalised), so that lambda is not portable between inputs of other scales: prefer a `ratio`. It compares the
    pulls at the classifier's weights, the last tensor of which both terms are made.

    Raises:
        UserFault: if a knob is out of range.

    Source: ross2017rrr, eq. 1.
    """

    weight: float = 1.0
    """Lambda, >= 0; counts when `ratio` is not given. Large values are usual: the gradients are small."""

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
        said = log_probabilities(outputs.logits, labels=self.labels).sum()
        (gradient,) = torch.autograd.grad(said, batch.images, create_graph=True)
        human = one_map_at(batch, (gradient.shape[2], gradient.shape[3]), labels=self.labels)
        value, has = gradient_outside(gradient.float(), human)
        return {
            "class": labelled(outputs, batch, labels=self.labels, label_smoothing=self.label_smoothing),
            "map": over_maps(value, has),
        }
