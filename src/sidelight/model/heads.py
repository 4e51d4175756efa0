"""Heads beside the classifier: trained with it, dropped when the backbone is exported."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

PointActivation = Literal["linear", "sigmoid"]


class PointHead(nn.Module):
    """h of LUAB's eq. 1: from pooled features to points.

    `h(f) = A f + b`, or its sigmoid. A starts as in any linear layer of torch (uniform within 1/sqrt(D)), b at the
    centre of the picture: .5 for the linear head, 0 for the sigmoid one.

    Args:
        width: D, of the pooled features.
        points: K, 1 (one for the picture) or C (one a class).
        activation: `linear` may point outside the picture; `sigmoid` stays in (0, 1), and its gradient vanishes near
            the borders.

    Shape:
        pooled [B, D] -> [B, K, 2] float32, (x, y) in units of the picture.

    Source: han2023luab, section 4.2 (h maps to "normalised x-y coordinates") and 5.1 ("a separate head ... at the
    penultimate layer"). Neither says whether there is a sigmoid, nor how the head starts; the centre is our choice.
    """

    kind = "point"

    def __init__(self, width: int, points: int, activation: PointActivation = "linear") -> None:
        super().__init__()
        self.width, self.points, self.activation = width, points, activation
        self.linear = nn.Linear(width, 2 * points)
        nn.init.constant_(self.linear.bias, 0.5 if activation == "linear" else 0.0)

    def forward(self, pooled: Float[Tensor, "batch width"]) -> Float[Tensor, "batch k 2"]:
        """Where the person would have clicked, as far as the features tell."""
        raw = self.linear(pooled.to(self.linear.weight.dtype)).float()
        placed = raw.sigmoid() if self.activation == "sigmoid" else raw
        return placed.unflatten(1, (self.points, 2))

    def settings(self) -> dict[str, Any]:
        """What `build_head` needs to make the same head again (weights apart)."""
        return {"kind": self.kind, "width": self.width, "points": self.points, "activation": self.activation}


class SaliencyHead(nn.Module):
    """A small decoder: from the features, before they are pooled, to a map of where people looked.

    `1x1 convolution to `hidden` channels -> ReLU -> bilinear enlargement -> 3x3 convolution to a channel a map`. Layers
    start as torch starts them: a last layer of zeros would pass no gradient down to the backbone.

    Args:
        width: D, channels of the features.
        hidden: channels inside.
        scale: how many times finer than the features the map is.
        maps: K, 1 (one for the picture) or C (one a class).

    Shape:
        features [B, D, h, w] -> logits [B, K, scale h, scale w] float32.

    Source: crum2025mentor (a decoder that predicts where people look). Ours has no connections from earlier
    layers: it reads what the classifier reads, and costs next to nothing.
    """

    kind = "saliency"

    def __init__(self, width: int, hidden: int = 64, scale: int = 2, maps: int = 1) -> None:
        super().__init__()
        self.width, self.hidden, self.scale, self.maps = width, hidden, scale, maps
        self.narrow = nn.Conv2d(width, hidden, kernel_size=1)
        self.map = nn.Conv2d(hidden, maps, kernel_size=3, padding=1)

    def forward(self, features: Float[Tensor, "batch width h w"]) -> Float[Tensor, "batch k height width"]:
        """Logits of "somebody looked here"."""
        narrow = functional.relu(self.narrow(features.to(self.narrow.weight.dtype)))
        finer = functional.interpolate(narrow, scale_factor=self.scale, mode="bilinear", align_corners=False)
        return self.map(finer).float()

    def settings(self) -> dict[str, Any]:
        """What `build_head` needs to make the same head again (weights apart)."""
        sizes = {"width": self.width, "hidden": self.hidden, "scale": self.scale, "maps": self.maps}
        return {"kind": self.kind, **sizes}


Head = PointHead | SaliencyHead
HEAD_KINDS: dict[str, type[PointHead] | type[SaliencyHead]] = {
    PointHead.kind: PointHead,
    SaliencyHead.kind: SaliencyHead,
}
"""Every kind of head that a checkpoint may hold."""


def build_head(settings: Mapping[str, Any]) -> Head:
    """Make a head from what `settings()` wrote.

    >>> build_head(PointHead(8, 1, "sigmoid").settings()).activation
    'sigmoid'
    """
    arguments = dict(settings)
    return HEAD_KINDS[arguments.pop("kind")](**arguments)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make modules inside from `seed` alone, and leave the caller's random numbers as they were.

    >>> with seeded(3):
    ...     first = torch.rand(2)
    >>> with seeded(3):
    ...     bool((first == torch.rand(2)).all())
    True
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield
