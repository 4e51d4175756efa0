"""RISE: cover parts of a picture at random, and see what the class needs. Any model, no gradients, much work."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from sidelight.explain.method import Choose, Explained
from sidelight.model.backbone import Backbone
from sidelight.records.errors import UserFault

CHUNK, GPU_CHUNK = 16, 64
"""Enough to keep a processor and a GPU busy, and under 2 GB for a ResNet-50."""


@dataclass(frozen=True)
class Rise:
    """What a class needs to see, by hiding the rest thousands of times. See `rise`.

    The authors' own notebooks differ in their settings: N = 2000, s = 8, p = .5 in one (ours), N = 6000, s = 8, p = .1
    in the other.

    Raises:
        UserFault: if a number is out of range.
    """

    masks: int = 2000
    """N, how many masks; the noise falls with its square root, the cost rises with it."""
    cells: int = 8
    """s, cells a side of the coarse random grids that masks are enlarged from."""
    keep: float = 0.5
    """p, probability that a cell is shown."""
    chunk: int | None = None
    """Masked pictures in one forward pass; it decides memory and speed, not the result. None = 16, on a GPU 64."""
    probability: Literal["softmax", "sigmoid"] = "softmax"
    """How a class is scored: `softmax` where classes exclude each other, `sigmoid` where each is there or not."""
    seed: int = 0
    """Of the masks, which are the same for every picture."""

    def __post_init__(self) -> None:
        smallest = min(self.masks, self.cells, 1 if self.chunk is None else self.chunk)
        if smallest < 1 or not 0 < self.keep < 1:
            raise UserFault(
                "RISE",
                seen=f"masks={self.masks}, cells={self.cells}, keep={self.keep}, chunk={self.chunk}",
                allowed="at least 1 mask, cell and picture a chunk, and 0 < keep < 1",
                remedy="Choose other values",
            )

    @torch.no_grad()
    def __call__(self, backbone: Backbone, images: Tensor, choose: Choose) -> Explained:
        """N + 1 forward passes a picture."""
        logits = backbone(images).logits.float()
        classes = choose(logits)
        return Explained(
            rise(lambda masked: self._score(backbone, masked), images, classes, settings=self), classes, logits
        )

    def _score(self, backbone: Backbone, masked: Tensor) -> Tensor:
        logits = backbone(masked).logits.float()
        return logits.softmax(dim=1) if self.probability == "softmax" else logits.sigmoid()


@torch.no_grad()
def rise(
    score: Callable[[Tensor], Tensor],
    images: Float[Tensor, "batch 3 height width"],
    classes: Int[Tensor, " batch"],
    *,
    settings: Rise,
) -> Float[Tensor, "batch height width"]:
    """The expected score of a class when a pixel is shown.

    With random masks m_i in [0, 1] of mean p,

        S(y, x) = 1 / (N p) sum_i f_c(picture * m_i) m_i(y, x).

    Memory is that of one chunk of masked pictures, whatever N is: the maps are summed up as masks come. (The authors'
    batched version keeps the masked pictures' N x B x C x H x W numbers, 96 GB for an ordinary setting, and leaves
    1 / (N p) out.)

    Args:
        score: [n, 3, H, W] -> [n, C], probabilities in the original.
        images: normalised; what is hidden becomes 0, the mean colour.
        classes: which class to explain, one an image, in [0, C).
        settings: number, grid and chance of the masks.

    Returns:
        [B, H, W] float32, in the score's unit; where nothing matters it is the mean score.

    Source: petsiuk2018rise, eq. 6.
    """
    total = images.new_zeros(len(images), *images.shape[2:], dtype=torch.float32)
    sized = replace(settings, chunk=settings.chunk or GPU_CHUNK) if images.is_cuda else settings
    for masks in random_masks(images.shape[2], images.shape[3], settings=sized):
        masks = masks.to(images.device)  # noqa: PLW2901
        for place, (image, label) in enumerate(zip(images, classes.tolist(), strict=True)):
            scores = score(image * masks[:, None].to(image.dtype))[:, label].float()
            total[place] += torch.einsum("n,nhw->hw", scores, masks)
    return total / (settings.masks * settings.keep)


def random_masks(height: int, width: int, *, settings: Rise) -> Iterator[Float[Tensor, "n height width"]]:
    """Draw N smooth masks, a chunk at a time.

    A grid of s x s cells, each shown with probability p, is enlarged bilinearly by the size of a cell, which is
    ceil(H / s) x ceil(W / s) pixels, to one cell more than the picture each way, and cut at a random place.

    Args:
        height: of the pictures, pixels.
        width: of the pictures, pixels.
        settings: the draws depend on seed, cells and keep; not on the chunk.

    Yields:
        [n, H, W] float32 in [0, 1] on the CPU, `chunk` of them but for the last.

    Source: petsiuk2018rise, section 3.2.
    """
    generator = torch.Generator().manual_seed(settings.seed)
    s = settings.cells
    cell = math.ceil(height / s), math.ceil(width / s)
    chunk = settings.chunk or CHUNK
    for first in range(0, settings.masks, chunk):
        n = min(chunk, settings.masks - first)
        draws = torch.rand(n, s * s + 2, generator=generator)
        grids = (draws[:, : s * s] < settings.keep).float().reshape(n, 1, s, s)
        size = (s + 1) * cell[0], (s + 1) * cell[1]
        large = functional.interpolate(grids, size=size, mode="bilinear")[:, 0]
        rows = (draws[:, -2] * cell[0]).long()[:, None] + torch.arange(height)
        columns = (draws[:, -1] * cell[1]).long()[:, None] + torch.arange(width)
        yield large[torch.arange(n)[:, None, None], rows[:, :, None], columns[:, None, :]]
