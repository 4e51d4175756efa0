"""What one forward pass gives."""

from collections.abc import Mapping
from typing import Literal

import msgspec
import torch
from jaxtyping import Float
from torch import Tensor

from sidelight.records.errors import UserFault

Pooling = Literal["mean", "attention", "other"]


class Outputs(msgspec.Struct, frozen=True, eq=False):
    """Everything an objective or an explanation may need, from ONE forward pass.

    Every tensor is the very one that the logits were computed from, so that gradients of the logits with respect to
    it, and of anything that is built on it, exist and are exact. It is a struct and not a dataclass on purpose:
    wrappers that cast what a module returns (mixed precision) look into dataclasses and would put copies in their
    place, through which no gradient of the logits flows.

    Attributes:
        logits: [B, C] scores before softmax or sigmoid.
        features: the very tensor that is pooled: [B, D, h, w] of a convolutional network (also of one that works
            channels-last inside), [B, T, D] tokens of a transformer, class and register tokens first.
        pooled: [B, D] what the classifier sees; after any dropout of the head.
        weight: [C, D] of the linear classifier; the parameter itself, not a copy.
        bias: [C] of the linear classifier; zeros where it has none.
        pooling: how the features of the places became `pooled`: by their `mean`, by their sum weighted with
            `attention`, or by any `other` way (class token, maximum). Nothing is guessed from numbers: whoever fills
            this struct by hand says it.
        scale: [B, D] of the norm between pooling and classifier, at the statistics of each sample:
            `pooled = scale * (mean or weighted sum) + shift`. None without such a norm.
        shift: [B, D], likewise.
        attention: [B, h, w] >= 0, adds up to 1 over the places; None unless the network pools by it.
        inner: layers inside the network that were asked for, by name, as [B, D', h', w'] or tokens [B, T', D'].
        prefix: how many leading tokens belong to no place (class token, registers); 0 for feature maps.
        aspect: height / width of the pictures; it decides the grid of tokens.
    """

    logits: Float[Tensor, "batch classes"]
    features: Float[Tensor, "batch channels h w"] | Float[Tensor, "batch tokens channels"]
    pooled: Float[Tensor, "batch width"]
    weight: Float[Tensor, "classes width"]
    bias: Float[Tensor, " classes"]
    pooling: Pooling = "other"
    scale: Float[Tensor, "batch width"] | None = None
    shift: Float[Tensor, "batch width"] | None = None
    attention: Float[Tensor, "batch h w"] | None = None
    inner: Mapping[str, Tensor] = {}
    prefix: int = 0
    aspect: float = 1.0

    def on_grid(self, tensor: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch channels h w"]:
        """Features or an inner layer as a map over the picture; tokens of no place are left out.

        Raises:
            UserFault: if the tokens do not fill a grid of the pictures' shape.
        """
        return on_grid(tensor, prefix=self.prefix, aspect=self.aspect)

    def to(self, device: torch.device | str) -> "Outputs":
        """The same on another device, gradients and all."""
        moved = {
            name: value.to(device) for name, value in msgspec.structs.asdict(self).items() if isinstance(value, Tensor)
        }
        inner = {name: value.to(device) for name, value in self.inner.items()}
        return msgspec.structs.replace(self, **moved, inner=inner)


def on_grid(tensor: Float[Tensor, "batch ..."], *, prefix: int, aspect: float) -> Float[Tensor, "batch channels h w"]:
    """A map as it is; tokens without their prefix, row by row on the grid h x w with h / w nearest to `aspect`.

    Raises:
        UserFault: if the tokens do not fill such a grid.

    >>> tokens = torch.arange(9.0).reshape(1, 9, 1)
    >>> on_grid(tokens, prefix=1, aspect=0.5)[0, 0]
    tensor([[1., 2., 3., 4.],
            [5., 6., 7., 8.]])
    """
    if tensor.ndim == 4:
        return tensor
    if tensor.ndim != 3:
        raise _no_grid(tensor, prefix, aspect)
    places = tensor.shape[1] - prefix
    height = max(1, round((max(places, 0) * aspect) ** 0.5))
    if places < 1 or places % height:
        raise _no_grid(tensor, prefix, aspect)
    return tensor[:, prefix:].transpose(1, 2).reshape(len(tensor), -1, height, places // height)


def _no_grid(tensor: Tensor, prefix: int, aspect: float) -> UserFault:
    return UserFault(
        f"a layer of shape {tuple(tensor.shape)}",
        seen=f"no map, and its tokens after the first {prefix} do not fill a grid of height / width {aspect:g}",
        allowed="[B, D, h, w], or [B, T, D] with one token a place",
        remedy="Name another layer",
    )
