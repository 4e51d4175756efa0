"""The model part of a recipe: which network, and how it is changed."""

from dataclasses import dataclass
from typing import Literal

from sidelight.records.errors import UserFault


@dataclass(frozen=True)
class Network:
    """A timm network by name, with the few changes that our experiments need. A value: needs neither torch nor timm.

    Raises:
        UserFault: if a value is out of range, or pretrained weights are asked for a network of other widths.

    >>> Network("resnet18", width=0.5, first_pool=False).width
    0.5
    """

    name: str = "resnet18"
    """Name of a timm architecture, without a tag ("resnet50", "vit_tiny_patch16_224")."""
    weights: str = "none"
    """Initial weights: `none` (random, by the seed), `timm:TAG` (downloaded), or a file (.safetensors or .pth)."""
    width: float = 1.0
    """Multiplies the channels of all four stages of a ResNet, whose stem keeps its own (0.5 is "half-width"), or the
    channels that each layer of a DenseNet adds, its stem included."""
    stem_stride: int | None = None
    """Stride of the first convolution; None keeps the network's own. 1 suits photos of 64 pixels and less."""
    output_stride: int | None = None
    """ResNet: 16 keeps the last stage as fine as the third by dilating it (twice as many cells a side), 8 also the
    third as fine as the second; the weights have the same shapes. As timm counts, which takes the stem for a stride of
    4, whatever the stem is made to be. None keeps the network's own, 32."""
    first_pool: bool = True
    """Keep the max-pooling after the stem (ResNet and DenseNet families); without it small photos stay larger."""
    drop_path: float = 0.0
    """Stochastic depth: the rate at which the last residual branch is dropped; earlier ones less, linearly."""
    image_size: int | None = None
    """Side of the square input in pixels; None is the size the network was made for. Fixes a ViT's number of tokens."""
    pooling: Literal["own", "attention"] = "own"
    """`own` is the network's; `attention` takes the sum of the features weighted with a predicted attention instead."""

    def __post_init__(self) -> None:
        self._refuse(not self.name or "." in self.name, "name", self.name, "a timm architecture without a tag")
        self._refuse(self.width <= 0, "width", self.width, "> 0")
        self._refuse(self.stem_stride is not None and self.stem_stride < 1, "stem_stride", self.stem_stride, ">= 1")
        self._refuse(not 0 <= self.drop_path < 1, "drop_path", self.drop_path, "[0, 1)")
        self._refuse(self.output_stride not in (None, 8, 16), "output_stride", self.output_stride, "None, 16 or 8")
        self._refuse(self.image_size is not None and self.image_size < 1, "image_size", self.image_size, ">= 1")
        if self.weights.startswith("timm:") and self.width != 1:
            raise UserFault(
                f"network '{self.name}'",
                seen=f"weights '{self.weights}' with width {self.width}",
                allowed="timm's weights at width 1",
                remedy="Set width to 1, or weights to 'none'",
            )

    def _refuse(self, bad: bool, field: str, seen: object, allowed: str) -> None:
        if bad:
            raise UserFault(
                f"network '{self.name}', {field}", seen=str(seen), allowed=allowed, remedy="Correct the value"
            )
