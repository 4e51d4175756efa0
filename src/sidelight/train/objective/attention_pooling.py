"""Attention pooling: features are pooled by an attention that learns from where people looked."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.objective.classes import labelled
from sidelight.train.objective.map_guided import MapGuided
from sidelight.train.objective.pair import Pair, one_map_at, over_maps
from sidelight.train.term import Term

LEAST = 1e-12
"""Below this no logarithm is taken."""


def attention_divergence(
    attention: Float[Tensor, "batch 1 h w"], human: Pair
) -> tuple[Float[Tensor, "batch 1"], Float[Tensor, "batch 1"]]:
    """`KL(q | a) = sum q log(q / a)` between where people looked and where the network pools.

    Over the known cells: `q = w s / sum w s` and `a = w attention / sum w attention`.

    Args:
        attention: >= 0.
        human: at the same resolution.

    Returns:
        Divergences [B, 1] >= 0 and their weights; 0 for blank maps.
    """
    looked, pooled = human.weight * human.saliency, human.weight * attention
    total = looked.sum(dim=(2, 3), keepdim=True)
    q = looked / torch.where(total > 0, total, 1.0)
    a = pooled / pooled.sum(dim=(2, 3), keepdim=True).clamp(min=LEAST)
    divergence = (q * (q.clamp(min=LEAST).log() - a.clamp(min=LEAST).log())).sum(dim=(2, 3))
    return divergence.clamp(min=0), human.has * (total > 0)[..., 0, 0]


@dataclass(frozen=True, kw_only=True)
class AttentionPooling(MapGuided):
    """`L_class + lambda KL(Z | attention)`: the network pools where people looked, and needs no people to do so.

    The attention is predicted from the features (`Network.pooling = "attention"`), and where people looked supervises
    it in training. At inference nothing is read but the picture.

    With several labels there is still one attention, from which every class is told: Z is where people looked for any
    class that is there (`union`).

    Differs from the paper, which only says "forcing the model to pool features with attention Z": pooling with Z itself
    would need a click on every picture that is to be classified.

    Raises:
        UserFault: if a knob is out of range, or the network does not pool by attention.

    Source: han2023luab, section 4 (the idea, in one sentence); the divergence is ours.
    """

    weight: float = 1.0
    """Lambda, >= 0; counts when `ratio` is not given."""

    reaches = frozenset({"attention", "backbone"})

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class", "map"}`."""
        del heads
        if outputs.attention is None:
            raise UserFault(
                "objective AttentionPooling",
                seen="a network that does not pool by attention",
                allowed="network.pooling 'attention'",
                remedy="Set it in the recipe",
            )
        attention = outputs.attention.float()[:, None]
        human = one_map_at(batch, (attention.shape[2], attention.shape[3]), labels=self.labels)
        value, has = attention_divergence(attention, human)
        return {
            "class": labelled(outputs, batch, labels=self.labels, label_smoothing=self.label_smoothing),
            "map": over_maps(value, has),
        }
