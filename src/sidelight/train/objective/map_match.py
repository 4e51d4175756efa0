"""Map match: the network's activation map against people's, cell by cell, by whichever distance."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.train.objective.map_guided import CamGuided
from sidelight.train.objective.pair import Pair, mean_over_known, min_max, uneven
from sidelight.train.term import Term

Distance = Literal["l1", "mse", "bce"]
MARGIN = 0.01
"""A stretched map holds a 0 and a 1, whose logarithm has no end: the cross-entropy sees it squeezed into
[MARGIN, 1 - MARGIN]."""


def map_distance(
    model: Float[Tensor, "batch k h w"], human: Pair, *, distance: Distance
) -> tuple[Float[Tensor, "batch k"], Float[Tensor, "batch k"]]:
    """The mean over known cells of how far m = mm(model) is from s = mm(human).

    `l1 = |m - s|`, `mse = (m - s)^2`, `bce = -s log p - (1 - s) log(1 - p)` with p = MARGIN + (1 - 2 MARGIN) m.

    Args:
        model: unscaled.
        human: at the same resolution.
        distance: which of the three.

    Returns:
        Distances [B, K] >= 0 and their weights; 0 for maps that are blank or constant.
    """
    m, s = min_max(model, human.weight), min_max(human.saliency, human.weight)
    if distance == "bce":
        p = MARGIN + (1 - 2 * MARGIN) * m
        cells = -(s * p.log() + (1 - s) * torch.log1p(-p))
    else:
        cells = (m - s).abs() if distance == "l1" else (m - s).square()
    return mean_over_known(cells, human.weight), human.has * uneven(human.saliency, human.weight)


@dataclass(frozen=True, kw_only=True)
class MapMatch(CamGuided):
    """`L_class + lambda d(mm(M_y), mm(H))`: the map of the true class matches people's, at any layer.

    M is the exact CAM, or with `layer` Grad-CAM there; it is not rectified, as a rectified map that is negative
    everywhere has no gradient to recover by. Its gradient goes through features, classifier weights and (for an inner
    layer) the gradients that weigh the channels: published code often detaches the last two.

    Differs from the originals: GRADIA takes the l1 distance to the positive part of the annotation, HAICS the binary
    cross-entropy of a rectified Grad-CAM; both are stretched here on either side, over the known cells alone.

    Raises:
        UserFault: if a knob is out of range or contradicts another.

    Source: gao2022gradia (l1), shen2021haics (binary cross-entropy), selvaraju2019hint (importance by gradients).
    """

    weight: float = 1.0
    """Lambda, >= 0; counts when `ratio` is not given."""
    distance: Distance = "l1"
    """Absolute difference, squared difference, or binary cross-entropy."""

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class", "map"}`."""
        del heads
        return self.compared(outputs, batch, partial(map_distance, distance=self.distance))
