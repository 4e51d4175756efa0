"""Energy: what the network's activation map has, it shall have where people looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import softplus

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.objective.map_guided import CamGuided
from sidelight.train.objective.pair import Pair
from sidelight.train.term import Term

Positive = Literal["relu", "softplus"]
NOTHING = 1e-7
"""Maps with less energy than this have none."""


def energy_outside(
    model: Float[Tensor, "batch k h w"], human: Pair, *, positive: Positive
) -> tuple[Float[Tensor, "batch k"], Float[Tensor, "batch k"]]:
    """The share of the map's positive energy that lies outside: `1 - sum w s P / sum w P`.

    P is the positive part of the map, or the softplus of it; s is where people looked, in [0, 1], as it is: a box or
    mask gives the energy outside, a heat map a weighted one.

    Args:
        model: unscaled, in the units of the logits.
        human: at the same resolution.
        positive: how the map is made positive.

    Returns:
        Shares [B, K] in [0, 1] and their weights; 0 for blank maps (outside of nothing is everywhere). A map without
        positive energy has all of it outside: 1, without a gradient.
    """
    energy = human.weight * (model.relu() if positive == "relu" else softplus(model))
    inside = (human.saliency * energy).sum(dim=(2, 3))
    outside = 1 - inside / energy.sum(dim=(2, 3)).clamp(min=NOTHING)
    blank = human.saliency.flatten(2).amax(dim=2) <= 0
    return outside, human.has * ~blank


@dataclass(frozen=True, kw_only=True)
class Energy(CamGuided):
    """`L_class + lambda (1 - energy inside)`: boxes and masks are enough, and nothing is asked of the map within them.

    The weakest demand of the map objectives: a map may be anything inside the object. Of their authors' comparison it
    gains most in the energy pointing game, and it bears boxes that are half too large.

    A rectified map that is negative everywhere has no energy, and no gradient to get some; with `positive="softplus"`
    every map has.

    Differs from the authors' code: the mean over annotated images and all their annotated classes, not the sum over
    the batch of one class drawn for each; so their weight of .001 or so is not ours. Theirs differentiates input x
    gradient or Grad-CAM at several layers; the CAM of the pooled features is the same map at the last layer, without a
    second backward pass.

    Raises:
        UserFault: if a knob is out of range or contradicts another.

    Source: rao2023guidance (the energy loss).
    """

    weight: float = 1.0
    """Lambda, >= 0; counts when `ratio` is not given."""
    positive: Positive = "relu"
    """How the map is made positive: cut at 0 (as published), or smoothly, so that no map is without a gradient."""

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class", "map"}`."""
        del heads
        return self.compared(outputs, batch, partial(energy_outside, positive=self.positive))
