"""Grad-CAM: activation maps of any layer of any network, weighted by the gradient of a class."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from sidelight.explain.method import Choose, Explained
from sidelight.model.backbone import Backbone
from sidelight.model.outputs import Outputs
from sidelight.records.errors import UserFault


@dataclass(frozen=True)
class GradCam:
    """What a layer's activations do for a class, to first order. See `grad_cam`."""

    layer: str = ""
    """A layer inside timm's network, by name; '' takes the features, with a class token the norm before the last
    attention."""
    relu: bool = True
    """Keep only what speaks for the class, as the original does."""

    @torch.enable_grad()
    def __call__(self, backbone: Backbone, images: Tensor, choose: Choose) -> Explained:
        """One forward pass, and the backward pass down to the layer."""
        layer = self.layer or token_layer(backbone)
        outputs = backbone(images, (layer,) if layer else ())
        classes = choose(outputs.logits)
        maps = grad_cam(outputs, classes, layer, relu=self.relu).detach()
        return Explained(maps, classes, outputs.logits.detach().float())


def token_layer(backbone: Backbone) -> str:
    """The norm before the last attention, for a transformer that classifies its class token; "" for other networks.

    After that attention no place reaches the logits any more.
    """
    token = backbone.pooling == "other" and getattr(backbone.net, "global_pool", "") == "token"
    blocks = list(getattr(backbone.net, "blocks", []))
    return f"blocks.{len(blocks) - 1}.norm1" if token and blocks and hasattr(blocks[-1], "norm1") else ""


def grad_cam(
    outputs: Outputs, classes: Int[Tensor, " batch"], layer: str = "", *, relu: bool = False, create_graph: bool = False
) -> Float[Tensor, "batch h w"]:
    """Where a layer's activations raise a class, to first order.

    With `A` the layer's output and `g = d logit[c] / d A`,

        M_c(y, x) = sum_d (mean over (y, x) of g_d) A_d(y, x),

    after which the original takes the positive part (`relu`). At the features of a network that ends in average pooling
    and a linear classifier it is CAM / (h w). Tokens become a map; class and register tokens are left out, of the mean
    over places as well.

    Args:
        outputs: of one forward pass with gradients enabled.
        classes: which class to explain, one an image, in [0, C).
        layer: a name in `outputs.inner`; "" for the features before the pooling. The tokens after the last block of
            a network that classifies its class token have no gradient: name the norm before the last attention.
        relu: keep only what speaks for the class.
        create_graph: a loss is built on the map: the weights stay differentiable too (a second backward pass follows).
            Without it only A carries a gradient, and the classifier, for one, gets none.

    Returns:
        [B, h, w] float32 at the layer's own resolution.

    Raises:
        UserFault: if the layer was not asked for in the forward pass, has no gradient, or is no map.

    Source:
        selvaraju2017gradcam, eq. 1 and 2. The gradient is taken of the sum over the batch, which is each image's own
        as long as images do not meet; batch norm in training mode mixes them.

    >>> features = torch.tensor([[[[1.0, 3.0]]]], requires_grad=True)
    >>> pooled, weight = features.mean(dim=(2, 3)), torch.tensor([[1.0]])
    >>> outputs = Outputs(pooled @ weight.T, features, pooled, weight, torch.zeros(1))
    >>> grad_cam(outputs, torch.tensor([0])).tolist()
    [[[0.5, 1.5]]]
    """
    activations = _activations(outputs, layer)
    chosen = outputs.logits.gather(1, classes[:, None]).sum()
    (gradient,) = torch.autograd.grad(
        chosen, activations, create_graph=create_graph, retain_graph=True, allow_unused=True
    )
    if gradient is None:
        raise _silent(layer)
    places = outputs.on_grid(gradient).float()
    if not create_graph and not bool(places.any()):
        raise _silent(layer)
    maps = torch.einsum("bd,bdhw->bhw", places.mean(dim=(2, 3)), outputs.on_grid(activations).float())
    return maps.relu() if relu else maps


def _activations(outputs: Outputs, layer: str) -> Tensor:
    if layer and layer not in outputs.inner:
        raise UserFault(
            f"Grad-CAM at layer '{layer}'",
            seen=f"a forward pass that kept {', '.join(outputs.inner) or 'no inner layer'}",
            allowed="'' for the features, or a layer named to the forward pass",
            remedy=f"Call the backbone with layers=['{layer}']",
        )
    activations = outputs.inner[layer] if layer else outputs.features
    if not activations.requires_grad:
        raise UserFault(
            f"Grad-CAM at layer '{layer or 'features'}'",
            seen="a forward pass without gradients",
            allowed="one with gradients enabled, and at least one weight or picture that needs them",
            remedy="Leave torch.no_grad() and torch.inference_mode() away",
        )
    return activations


def _silent(layer: str) -> UserFault:
    return UserFault(
        f"Grad-CAM at layer '{layer or 'features'}'",
        seen="no logit depends on any place of it",
        allowed="a layer whose places reach the classifier",
        remedy="After the last attention only the class token does: name the norm before it ('blocks.11.norm1', say)",
    )
