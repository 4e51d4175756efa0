"""Class activation maps: the places whose features speak for a class."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from sidelight.explain.method import Choose, Explained
from sidelight.model.backbone import Backbone
from sidelight.model.outputs import Outputs
from sidelight.records.errors import UserFault


@dataclass(frozen=True)
class Cam:
    """Each place's exact part of a class's logit, at the speed of a prediction. See `cam`."""

    @torch.no_grad()
    def __call__(self, backbone: Backbone, images: Tensor, choose: Choose) -> Explained:
        """One forward pass."""
        outputs = backbone(images)
        classes = choose(outputs.logits)
        return Explained(cam(outputs, classes), classes, outputs.logits.float())


def cam(outputs: Outputs, classes: Int[Tensor, " batch"]) -> Float[Tensor, "batch h w"]:
    """Where a network saw a class: each place's part of its logit, exactly.

    With `pooled = s * sum over (y, x) of a(y, x) F(y, x) + t`,

        M_c(y, x) = h w a(y, x) sum_d W[c, d] s_d F_d(y, x),     mean over (y, x) of M_c + b_c = logit[c],

    negative parts included, where `b_c = bias[c] + sum_d W[c, d] t_d` (`cam_bias`). Average pooling has a = 1 / (h w);
    without a norm after it (s = 1, t = 0) this is the map of Zhou et al. A norm between pooling and classifier
    (ConvNeXt, average-pool ViT) is folded in at the statistics of each sample.

    Args:
        outputs: of one forward pass. Dropout before the classifier, in training, breaks the equation, not the map.
        classes: which class to explain, one an image, in [0, C).

    Returns:
        [B, h, w] float32 at the features' own resolution, unscaled; differentiable with respect to features and
        classifier.

    Raises:
        UserFault: if what the classifier sees is no weighted sum of the features (a class token, max pooling): such a
            network has no CAM.

    Source:
        zhou2016cam, eq. 2. choe2020wsol take the mean over d instead of the sum, the same up to scale.

    >>> outputs = Outputs(logits=torch.tensor([[2.0]]), features=torch.tensor([[[[1.0, 3.0]]]]),
    ...                   pooled=torch.tensor([[2.0]]), weight=torch.tensor([[1.0]]), bias=torch.tensor([0.0]),
    ...                   pooling="mean")
    >>> cam(outputs, torch.tensor([0]))
    tensor([[[1., 3.]]])
    """
    return _weighted("bd,bdhw->bhw", outputs, outputs.weight[classes])


def cams(outputs: Outputs) -> Float[Tensor, "batch classes h w"]:
    """The map of every class at once; see `cam`.

    Returns:
        [B, C, h, w] float32.

    Raises:
        UserFault: as `cam` does.
    """
    return _weighted("bcd,bdhw->bchw", outputs, outputs.weight.expand(len(outputs.logits), -1, -1))


def cam_bias(outputs: Outputs, classes: Int[Tensor, " batch"]) -> Float[Tensor, " batch"]:
    """What no place accounts for: the b of `mean over places of cam + b = logit`.

    Args:
        outputs: of a network that has a CAM.
        classes: one an image.

    Returns:
        [B] float32; the classifier's bias, and the part of a norm's offset where there is one.
    """
    bias = outputs.bias.float()[classes]
    if outputs.shift is None:
        return bias
    return bias + (outputs.weight.float()[classes] * outputs.shift).sum(dim=1)


def has_cam(outputs: Outputs) -> bool:
    """Whether the network has an exact `cam`."""
    return outputs.pooling != "other"


def upsample(maps: Float[Tensor, "batch h w"], size: tuple[int, int]) -> Float[Tensor, "batch height width"]:
    """Enlarge maps to an image, bilinearly.

    Args:
        maps: at the features' resolution.
        size: (height, width) in pixels.

    Returns:
        [B, height, width]; feature cell i covers [i / h, (i + 1) / h] of the image (`align_corners=False`).
    """
    return functional.interpolate(maps[:, None], size=size, mode="bilinear", align_corners=False)[:, 0]


def _weighted(
    sum_over: str, outputs: Outputs, weight: Float[Tensor, "batch *classes width"]
) -> Float[Tensor, "batch *classes h w"]:
    if not has_cam(outputs):
        raise UserFault(
            "cam",
            seen=f"a classifier that sees no weighted sum of its features {tuple(outputs.features.shape)}",
            allowed="networks that pool by a mean or by attention, then classify linearly",
            remedy="A network with a class token, say, needs Grad-CAM: take the method 'gradcam'",
        )
    weight = weight.float()
    if outputs.scale is not None:
        weight = weight * (outputs.scale if weight.ndim == 2 else outputs.scale[:, None])
    maps = torch.einsum(sum_over, weight, outputs.on_grid(outputs.features).float())
    if outputs.attention is not None:
        share = outputs.attention if maps.ndim == 3 else outputs.attention[:, None]
        maps = maps * share * share[0].numel()
    return maps
