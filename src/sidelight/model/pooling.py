"""From the features of the places to the one vector that is classified."""

from typing import Any

import torch
from jaxtyping import Float
from timm.layers.norm import RmsNorm, RmsNorm2d
from torch import Tensor, nn

from sidelight.model.weights import TimmNet

NORMS_AFTER_POOLING = (("fc_norm",), ("head", "norm"))
"""Where timm keeps a norm between pooling and classifier: the ViT family, and the ConvNeXt family."""
ROOT_MEAN_SQUARE = (RmsNorm, RmsNorm2d, nn.RMSNorm)


class AttentionPool(nn.Module):
    """Pooling by a predicted attention: `a = softmax over places of v . F(y, x)`, `pooled = sum a(y, x) F(y, x)`.

    It starts close to the plain mean (v is small, not zero: a loss on `a` must reach the features from the first step
    on), and reads nothing but the features: where people looked may teach it, and is not needed to use it.

    Args:
        width: D, of the features.

    Shape:
        features [B, D, h, w] -> attention [B, h, w] float32, pooled [B, D] in the features' type.

    Source: han2023luab, section 4 names "forcing the model to pool features with attention" as one use of byproducts
    without a formula; the softmax over a 1 x 1 convolution is our reading.

    >>> pool = AttentionPool(4)
    >>> attention, pooled = pool(torch.ones(1, 4, 2, 3))
    >>> attention[0, 0], pooled[0]
    (tensor([0.1667, 0.1667, 0.1667], grad_fn=<SelectBackward0>), tensor([1., 1., 1., 1.], grad_fn=<SelectBackward0>))
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        # Without a bias: it would move every place alike, and the softmax forgets it.
        self.score = nn.Conv2d(width, 1, 1, bias=False)
        nn.init.normal_(self.score.weight, std=0.01)

    def forward(
        self, features: Float[Tensor, "batch width h w"]
    ) -> tuple[Float[Tensor, "batch h w"], Float[Tensor, "batch width"]]:
        """Attention, and the features' sum weighted with it."""
        scores = self.score(features)[:, 0].float()
        attention = scores.flatten(1).softmax(dim=1).unflatten(1, scores.shape[1:])
        return attention, torch.einsum("bhw,bdhw->bd", attention.to(features.dtype), features)


def norm_after_pooling(net: TimmNet) -> nn.Module | None:
    """The norm between pooling and classifier, if the network has one of a kind that `folded` knows."""
    for path in NORMS_AFTER_POOLING:
        found: Any = net
        for name in path:
            found = getattr(found, name, None)
        if isinstance(found, nn.LayerNorm | RmsNorm | RmsNorm2d | nn.RMSNorm):
            return found
    return None


def folded(
    norm: nn.Module, pooled: Float[Tensor, "batch width"]
) -> tuple[Float[Tensor, "batch width"], Float[Tensor, "batch width"]]:
    """A norm as an affine map at the statistics of each sample: `norm(pooled) = scale * pooled + shift`.

    For layer norm `scale = gamma / sqrt(var + eps)` and `shift = beta - mean * scale`, mean and variance over the D
    numbers of a sample; for root-mean-square norm the mean is 0. The logits are then linear in the features of the
    places, which is what an exact activation map needs. Gradients flow through the statistics too.

    Args:
        norm: one that `norm_after_pooling` returned.
        pooled: what it is given, any float type.

    Returns:
        Scale and shift, float32.

    >>> scale, shift = folded(nn.LayerNorm(2, eps=0.0), torch.tensor([[1.0, 3.0]]))
    >>> (scale * torch.tensor([[1.0, 3.0]]) + shift).tolist()
    [[-1.0, 1.0]]
    """
    known: Any = norm
    seen = pooled.float()
    if isinstance(norm, nn.LayerNorm):
        variance, centre = torch.var_mean(seen, dim=1, correction=0, keepdim=True)
    else:
        variance, centre = seen.square().mean(dim=1, keepdim=True), torch.zeros_like(seen[:, :1])
    epsilon = torch.finfo(pooled.dtype).eps if known.eps is None else known.eps
    gain = torch.ones_like(seen[0]) if known.weight is None else known.weight.float()
    scale = (variance + epsilon).rsqrt() * gain
    offset = getattr(norm, "bias", None)
    shift = -centre * scale
    return scale, shift if offset is None else shift + offset.float()


def everywhere(summed: Float[Tensor, "batch width"], ndim: int, prefix: int) -> Tensor:
    """One vector as features: at the only place of a map (ndim 4), or as every token (ndim 3).

    Whatever way a head pools such features (mean, maximum, class token), it gives this vector.
    """
    return summed[:, :, None, None] if ndim == 4 else summed[:, None].expand(-1, prefix + 1, -1)
