"""Mixup and cutmix of a whole batch, with a stated meaning for Z.

The partner of photo b is photo B - 1 - b (the batch read backwards). Targets are mixed by the share lambda of the own
photo. Points are never averaged, since nobody looked at the place between two Z:

- *mixup* keeps the guidance (points and maps) of the photo with the larger share; of equal shares, of the own photo.
- *cutmix* keeps a Z whose pixel is still seen: the own Z if it was not pasted over, the partner's if it lies in the
  pasted rectangle. If both are seen, the photo with the larger share gives it (of equal shares, the own). If neither
  is, there is no Z. With a Z a class (K = C) this is decided for each class by itself. Maps are pasted like pixels, a
  cell by the share of its area under the rectangle, weighted by what was known there.
"""

import math
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.crop import Window
from sidelight.records.batch import Batch


def mix(batch: Batch, config: Augmentation, rng: np.random.Generator) -> Batch:
    """Mix a batch with itself read backwards, by mixup or cutmix, or leave it as it is.

    One lambda and one rectangle are drawn for the whole batch.

    Args:
        batch: of any size; a middle photo is its own partner.
        config: gives `mixup`, `cutmix`, `switch` and `mix_probability`.
        rng: the only source of chance.

    Returns:
        A batch of the same shapes; the very `batch` if nothing is mixed.

    Source: [@zhang2018mixup], eq. 1; [@yun2019cutmix], eq. 1 and 2; the draws of timm's `Mixup` in its batch mode,
    lambda corrected to the pasted area. What happens to Z is in neither paper nor in [@han2023luab].
    """
    if not (config.mixup or config.cutmix) or rng.random() >= config.mix_probability:
        return batch
    both = bool(config.mixup and config.cutmix)
    cut = rng.random() < config.switch if both else bool(config.cutmix)
    alpha = config.cutmix if cut else config.mixup
    share = float(rng.beta(alpha, alpha))
    if not cut:
        return blend(batch, share)
    height, width = batch.images.shape[-2:]
    return paste(batch, draw_paste(height, width, share, rng))


def draw_paste(height: int, width: int, share: float, rng: np.random.Generator) -> Window:
    """Draw the rectangle that cutmix pastes: sides sqrt(1 - share) of the photo's, centre uniform, cut at the border.

    Source: [@yun2019cutmix], eq. 2.
    """
    tall, wide = int(height * math.sqrt(1 - share)), int(width * math.sqrt(1 - share))
    middle_y, middle_x = int(rng.integers(height)), int(rng.integers(width))
    top, left = max(0, middle_y - tall // 2), max(0, middle_x - wide // 2)
    bottom, right = min(height, middle_y + (tall + 1) // 2), min(width, middle_x + (wide + 1) // 2)
    return Window(top, left, bottom - top, right - left)


def blend(batch: Batch, share: float) -> Batch:
    """Mixup: share x own + (1 - share) x partner; guidance of the larger share.

    Args:
        batch: to be mixed with itself read backwards.
        share: of the own photo, in [0, 1].
    """
    mixed = replace(batch, images=_between(batch.images, share), targets=_between(batch.targets, share))
    if share >= 0.5:
        return mixed
    return replace(
        mixed,
        points=batch.points.flip(0),
        has_point=batch.has_point.flip(0),
        saliency=_flipped(batch.saliency),
        weight=_flipped(batch.weight),
        has_saliency=_flipped(batch.has_saliency),
    )


def paste(batch: Batch, window: Window) -> Batch:
    """Cutmix: a rectangle of the partner replaces the own pixels; each Z stays with the photo that owns its pixel.

    Args:
        batch: to be mixed with itself read backwards.
        window: the rectangle, in pixels of `batch.images`.
    """
    height, width = batch.images.shape[-2:]
    rows, columns = slice(window.top, window.top + window.height), slice(window.left, window.left + window.width)
    images = batch.images.clone()
    images[:, :, rows, columns] = batch.images.flip(0)[:, :, rows, columns]
    share = 1 - window.height * window.width / (height * width)
    points, has_point = _surviving_points(batch, window, share)
    mixed = replace(batch, images=images, targets=_between(batch.targets, share), points=points, has_point=has_point)
    return mixed if batch.saliency is None else _paste_maps(mixed, window)


def _surviving_points(
    batch: Batch, window: Window, share: float
) -> tuple[Float[Tensor, "batch k 2"], Float[Tensor, "batch k"]]:
    height, width = batch.images.shape[-2:]
    pasted_over = _in_window(batch.points, window, height=height, width=width)
    own = (batch.has_point > 0) & ~pasted_over
    partner = ((batch.has_point > 0) & pasted_over).flip(0)
    from_partner = partner & ~own if share >= 0.5 else partner
    points = torch.where(from_partner[..., None], batch.points.flip(0), batch.points)
    has_point = torch.where(from_partner, batch.has_point.flip(0), batch.has_point)
    return points, torch.where(own | partner, has_point, 0.0)


def _in_window(
    points: Float[Tensor, "batch k 2"], window: Window, *, height: int, width: int
) -> Bool[Tensor, "batch k"]:
    """Whether the pixel at each point is the window's. A point on the right or lower border is the last pixel's."""
    column = (points[..., 0] * width).floor().clamp(0, width - 1)
    row = (points[..., 1] * height).floor().clamp(0, height - 1)
    across = (column >= window.left) & (column < window.left + window.width)
    return across & (row >= window.top) & (row < window.top + window.height)


def _paste_maps(batch: Batch, window: Window) -> Batch:
    """Paste maps by area. What a photo as a whole is worth (`has_saliency`) becomes part of the weight of its cells."""
    if batch.saliency is None or batch.weight is None or batch.has_saliency is None:
        raise ValueError("a batch with saliency needs weight and has_saliency")
    height, width = batch.images.shape[-2:]
    down = _covered(window.top, window.height, height, cells=batch.saliency.shape[-2])
    across = _covered(window.left, window.width, width, cells=batch.saliency.shape[-1])
    pasted = (down[:, None] * across).to(batch.saliency)
    known = batch.weight * batch.has_saliency[..., None, None]
    own, partner = known * (1 - pasted), known.flip(0) * pasted
    weight = own + partner
    mass = batch.saliency * own + batch.saliency.flip(0) * partner
    saliency = torch.where(weight > 0, mass / weight.clamp_min(torch.finfo(weight.dtype).tiny), 0.0)
    has_saliency = (mass.flatten(2) > 0).any(dim=2).to(batch.has_saliency)  # of evidence pasted over nothing is left
    return replace(batch, saliency=saliency, weight=weight, has_saliency=has_saliency)


def _covered(start: int, length: int, pixels: int, *, cells: int) -> Float[Tensor, " cells"]:
    """Share of each of `cells` equal parts of an axis that pixels start to start + length cover."""
    borders = torch.arange(cells + 1, dtype=torch.float64) * pixels / cells
    overlap = borders[1:].clamp(max=start + length) - borders[:-1].clamp(min=start)
    return (overlap.clamp_min(0) * cells / pixels).float()


def _between(own: Tensor, share: float) -> Tensor:
    return own * share + own.flip(0) * (1 - share)


def _flipped(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None else tensor.flip(0)
