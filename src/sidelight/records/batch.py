"""What a training step sees. The only record that holds tensors."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Pictures, their labels, and what is known about where to look.

    K is 1 (guidance about the whole picture) or C (one a class). Missing guidance is a weight of 0, never a sentinel.

    Attributes:
        ids: of the examples.
        images: [B, 3, H, W] float, normalised as the model wants.
        targets: [B, C] float in [0, 1]; one-hot, smoothed, mixed, or multi-hot.
        points: [B, K, 2] float, (x, y) in [0, 1] of `images`; whatever where `has_point` is 0.
        has_point: [B, K] float weight in [0, 1]; 0 = no point.
        saliency: [B, K, h, w] float in [0, 1], where people looked; None when the run uses no maps.
        weight: [B, K, h, w] float; 0 = unknown there.
        has_saliency: [B, K] float.

    Raises:
        ValueError: if the first axes differ.
    """

    ids: tuple[str, ...]
    images: Float[Tensor, "batch 3 height width"]
    targets: Float[Tensor, "batch classes"]
    points: Float[Tensor, "batch k 2"]
    has_point: Float[Tensor, "batch k"]
    saliency: Float[Tensor, "batch k h w"] | None = None
    weight: Float[Tensor, "batch k h w"] | None = None
    has_saliency: Float[Tensor, "batch k"] | None = None

    def __post_init__(self) -> None:
        sizes = {name: len(value) for name, value in vars(self).items() if value is not None}
        if len(set(sizes.values())) > 1:
            raise ValueError(f"a batch's parts differ in length: {sizes}")

    def __len__(self) -> int:
        return len(self.ids)

    def to(self, device: torch.device, *, channels_last: bool = False) -> "Batch":
        """The same batch on another device, images in the memory layout asked for."""
        layout = torch.channels_last if channels_last else torch.contiguous_format
        moved: dict[str, Any] = {
            k: v.to(device, non_blocking=True) for k, v in vars(self).items() if isinstance(v, Tensor)
        }
        moved["images"] = moved["images"].contiguous(memory_format=layout)
        return replace(self, **moved)
