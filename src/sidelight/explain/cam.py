"""Class activation maps: the places whose features speak for a class."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from sidelight.model.outputs import Outputs
from sidelight.records.errors import UserFault


def cam(outputs: Outputs, classes: Int[Tensor, " batch"]) -> Float[Tensor, "batch h w"]:
    """Where a network that ends in average pooling and a linear classifier saw a class: each place's part of its logit.

    `M_c(y, x) = sum_d W[c, d] F_d(y, x)`, so that `mean over (y, x) of M_c + bias[c] = logit[c]`, negative parts
    included.

    Args:
        outputs: of one forward pass in evaluation mode (dropout before the classifier breaks the equation above).
            Features [B, D, h, w], or [B, T, D] tokens whose last h * h ones form a square grid.
        classes: which class to explain, one an image, in [0, C).

    Returns:
        [B, h, w] float32 at the features' own resolution, unscaled; differentiable.

    Raises:
        UserFault: if the classifier does not see the plain mean of the features (a class token, max pooling, a
            normalisation or dropout after the pooling): such a network has no CAM.

    Source:
        zhou2016cam, eq. 2. choe2020wsol take the mean over d instead of the sum, the same up to scale.

    >>> outputs = Outputs(logits=torch.tensor([[2.0]]), features=torch.tensor([[[[1.0, 3.0]]]]),
    ...                   pooled=torch.tensor([[2.0]]), weight=torch.tensor([[1.0]]), bias=torch.tensor([0.0]))
    >>> cam(outputs, torch.tensor([0]))
    tensor([[[1., 3.]]])
    """
    maps = _pooled_map(outputs)
    if maps is None:
        raise UserFault(
            "cam",
            seen=f"a classifier that does not see the mean of its features {tuple(outputs.features.shape)}",
            allowed="networks with average pooling followed by a linear classifier, in evaluation mode",
            remedy="This network needs Grad-CAM, which this version does not have; choose one with average pooling",
        )
    return torch.einsum("bd,bdhw->bhw", outputs.weight.float()[classes], maps)


def has_cam(outputs: Outputs) -> bool:
    """Whether `cam` is exact for this network: its classifier sees the plain mean of the features."""
    return _pooled_map(outputs) is not None


def min_max(maps: Float[Tensor, "batch h w"]) -> Float[Tensor, "batch h w"]:
    """Stretch every map to [0, 1] on its own: `(m - min m) / (max m - min m)`; a constant map becomes 0.

    Args:
        maps: any finite values.

    Returns:
        [B, h, w] in [0, 1].

    >>> min_max(torch.tensor([[[1.0, 2.0, 5.0]], [[7.0, 7.0, 7.0]]]))
    tensor([[[0.0000, 0.2500, 1.0000]],
    <BLANKLINE>
            [[0.0000, 0.0000, 0.0000]]])
    """
    low, high = maps.amin(dim=(1, 2), keepdim=True), maps.amax(dim=(1, 2), keepdim=True)
    spread = high - low
    return (maps - low) / torch.where(spread > 0, spread, torch.ones_like(spread))


def upsample(maps: Float[Tensor, "batch h w"], size: tuple[int, int]) -> Float[Tensor, "batch height width"]:
    """Enlarge maps to an image, bilinearly.

    Args:
        maps: at the features' resolution.
        size: (height, width) in pixels.

    Returns:
        [B, height, width]; feature cell i covers [i / h, (i + 1) / h] of the image (`align_corners=False`).
    """
    return functional.interpolate(maps[:, None], size=size, mode="bilinear", align_corners=False)[:, 0]


def _pooled_map(outputs: Outputs) -> Float[Tensor, "batch d h w"] | None:
    """The features as a map, if what the classifier saw is their mean over space."""
    maps = outputs.features.float()
    if maps.ndim == 3:
        # How many leading tokens belong to no place is not told; the largest square is the grid, and the mean below
        # proves it or refuses it.
        side = math.isqrt(maps.shape[1])
        maps = maps[:, maps.shape[1] - side * side :].transpose(1, 2)
        maps = maps.reshape(*maps.shape[:2], side, side)
    pooled, mean = outputs.pooled.float(), maps.mean(dim=(2, 3))
    # Half precision rounds the mean; anything that is not a mean is off by far more.
    tolerance = 16 * max(torch.finfo(outputs.features.dtype).eps, torch.finfo(outputs.pooled.dtype).eps)
    scale = maps.abs().mean(dim=(2, 3)).amax()
    same = pooled.shape == mean.shape and bool(((pooled - mean).abs().amax() <= tolerance * scale).item())
    return maps if same else None
