"""What every way of explaining a model has in common."""

from collections.abc import Callable
from typing import Protocol

import msgspec
from jaxtyping import Float, Int
from torch import Tensor

from sidelight.model.backbone import Backbone

Choose = Callable[[Tensor], Tensor]
"""Logits [B, C] -> which class to explain of each image, int64 [B]."""


class Explained(msgspec.Struct, frozen=True, eq=False):
    """Where a model saw one class on each picture, and what else it said.

    Attributes:
        maps: [B, h, w] float32, unscaled, without a graph; h and w depend on method and network.
        classes: [B] int64, the explained ones.
        logits: [B, C] float32.
    """

    maps: Float[Tensor, "batch h w"]
    classes: Int[Tensor, " batch"]
    logits: Float[Tensor, "batch classes"]


class Method(Protocol):
    """A frozen dataclass whose fields are the knobs; it needs nothing but a model in evaluation mode and pictures."""

    def __call__(self, backbone: Backbone, images: Tensor, choose: Choose) -> Explained:
        """Explain.

        Args:
            backbone: in evaluation mode, on the images' device.
            images: [B, 3, H, W], normalised as the backbone wants.
            choose: which class, given the logits.

        Raises:
            UserFault: if the method does not fit the network.
        """
        ...


def predicted(logits: Float[Tensor, "batch classes"]) -> Int[Tensor, " batch"]:
    """The class that the model names.

    >>> import torch
    >>> predicted(torch.tensor([[0.0, 2.0, 1.0]])).tolist()
    [1]
    """
    return logits.argmax(dim=1)
