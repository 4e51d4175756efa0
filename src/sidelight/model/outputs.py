"""What one forward pass gives."""

import msgspec
import torch
from jaxtyping import Float
from torch import Tensor


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
    """

    logits: Float[Tensor, "batch classes"]
    features: Float[Tensor, "batch channels h w"] | Float[Tensor, "batch tokens channels"]
    pooled: Float[Tensor, "batch width"]
    weight: Float[Tensor, "classes width"]
    bias: Float[Tensor, " classes"]

    def to(self, device: torch.device | str) -> "Outputs":
        """The same on another device, gradients and all."""
        return Outputs(
            logits=self.logits.to(device),
            features=self.features.to(device),
            pooled=self.pooled.to(device),
            weight=self.weight.to(device),
            bias=self.bias.to(device),
        )
