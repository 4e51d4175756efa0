"""Input gradients: which pixels would change a class most."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from sidelight.explain.method import Choose, Explained
from sidelight.model.backbone import Backbone


@dataclass(frozen=True)
class InputGradient:
    """How much each pixel would change a class's logit. See `input_gradient`."""

    @torch.enable_grad()
    def __call__(self, backbone: Backbone, images: Tensor, choose: Choose) -> Explained:
        """One forward and one backward pass; the largest absolute value over the channels."""
        images = images.detach().requires_grad_()
        outputs = backbone(images)
        classes = choose(outputs.logits)
        gradient = input_gradient(outputs.logits.gather(1, classes[:, None])[:, 0], images)
        return Explained(largest(gradient), classes, outputs.logits.detach().float())


def input_gradient(
    scores: Float[Tensor, " batch"], images: Float[Tensor, "batch 3 height width"], *, create_graph: bool = False
) -> Float[Tensor, "batch 3 height width"]:
    """`d score / d picture`, each picture's own.

    Args:
        scores: one number a picture, computed from `images`: a class's logit, the sum of all log-probabilities (as
            "right for the right reasons" has it) ...
        images: what the network was given, with `requires_grad`.
        create_graph: a loss is built on the gradient. Then the network must not be compiled, and attention must run
            unfused: neither fused kernels nor compiled graphs can be differentiated twice.

    Returns:
        [B, 3, H, W] in the images' type: per normalised unit of a channel, not per grey level.

    Raises:
        ValueError: if the images do not need a gradient.

    Source:
        simonyan2014saliency, section 3. The gradient is taken of the sum over the batch, which is each picture's own as
        long as pictures do not meet; batch norm in training mode mixes them.

    >>> images = torch.ones(2, 3, 1, 1, requires_grad=True)
    >>> input_gradient((images * torch.tensor([1.0, -2.0, 3.0]).reshape(3, 1, 1)).sum((1, 2, 3)), images)[1, :, 0, 0]
    tensor([ 1., -2.,  3.])
    """
    if not images.requires_grad:
        raise ValueError(f"no gradient can reach pictures {tuple(images.shape)} that do not need one")
    (gradient,) = torch.autograd.grad(scores.sum(), images, create_graph=create_graph)
    return gradient


def largest(gradient: Float[Tensor, "batch 3 height width"]) -> Float[Tensor, "batch height width"]:
    """A map of an input gradient: its largest absolute value over the channels, float32.

    Source: simonyan2014saliency, section 3.1.
    """
    return gradient.float().abs().amax(dim=1)
