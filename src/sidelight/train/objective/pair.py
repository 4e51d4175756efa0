"""Where people looked, brought to the features: the (saliency, weight) pair of a batch as every objective takes it."""

from functools import lru_cache

import msgspec
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.signal.heat_map import area_shares
from sidelight.train.term import Labels, Term

FLAT = 1e-4
"""Maps that vary by less are constant: it is a fortieth of a step of an 8-bit picture, and far above rounding."""
EPSILON = 1e-3
"""Least spread by which a network's map is stretched; bounds the gradient of a constant one."""


class Pair(msgspec.Struct, frozen=True, eq=False):
    """A batch's maps at the resolution of some features.

    Attributes:
        saliency: [B, K, h, w] float32 in [0, 1]; 0 where unknown.
        weight: [B, K, h, w] float32 in [0, 1]; 0 = unknown there.
        has: [B, K] float32 in [0, 1]; 0 = no map, or one of which nothing is known.
    """

    saliency: Float[Tensor, "batch k h w"]
    weight: Float[Tensor, "batch k h w"]
    has: Float[Tensor, "batch k"]


def pair_at(batch: Batch, size: tuple[int, int], *, k: int) -> Pair:
    """Bring a batch's maps to a grid, by area.

    A cell's saliency is the mean over the cell of what is known, `sum a w s / sum a w` with a the areas of overlap, its
    weight the mean of the weights, `sum a w / sum a`. Nothing is lost between cells, as it is where the nearest of many
    is taken. A finer grid than the maps' cuts their cells.

    Args:
        batch: with maps. Saliency where the weight is 0, and all of a map that is not there, may be anything.
        size: (h, w) of the grid.
        k: maps an image that the objective wants: 1, or C.

    Raises:
        ValueError: if the batch has no maps.
        UserFault: if it has another number of them.

    >>> one = torch.ones(1, 1, 1, 2)
    >>> batch = Batch(("a",), torch.zeros(1, 3, 1, 2), torch.ones(1, 1), torch.zeros(1, 1, 2), torch.zeros(1, 1),
    ...               saliency=torch.tensor([[[[1.0, 0.5]]]]), weight=one, has_saliency=torch.ones(1, 1))
    >>> pair_at(batch, (1, 1), k=1).saliency
    tensor([[[[0.7500]]]])
    """
    if batch.saliency is None or batch.weight is None or batch.has_saliency is None:
        raise ValueError(f"no maps in this batch of {len(batch)}: set the recipe's saliency")
    if batch.saliency.shape[1] != k:
        raise UserFault(
            "the data's maps",
            seen=f"{batch.saliency.shape[1]} an image",
            allowed=f"{k}, since the objective compares so many",
            remedy="Boxes, masks and clicks give a map a class where there are several; heat maps and traces give one",
        )
    present = (batch.has_saliency > 0)[..., None, None]
    weight = torch.where(present, batch.weight.float(), 0.0)
    mass = weight * torch.where(weight > 0, batch.saliency.float(), 0.0)
    if mass.shape[2:] != size:
        weight, mass = _by_area(weight, size), _by_area(mass, size)
    known = weight > 0
    saliency = torch.where(known, mass / torch.where(known, weight, 1.0), 0.0)
    has = batch.has_saliency.float() * known.flatten(2).any(dim=2)
    return Pair(saliency.clamp(0, 1), weight, has)


def union(pair: Pair, present: Bool[Tensor, "batch k"]) -> Pair:
    """One map an image: where people looked for any of the classes that are there.

    Over the classes P that are present, cell by cell: `s = max_P s_k`, `w = min_P w_k`, and for the image
    `has = min_P has_k`.

    The union is known only as far as each of its parts is. A cell that is unknown for one class is unknown, whatever
    the others say of it, and an image of which one class has no map (or a blank one, which says nothing) has no union:
    what people would have looked at for that class would be called background. For the same reason an image without
    any class has none.

    Args:
        pair: maps of the classes [B, K, h, w].
        present: [B, K] which classes are on the image; the others' maps count for nothing.

    Returns:
        The pair with one map an image: [B, 1, h, w], `has` [B, 1].

    >>> cells = torch.tensor([[[[1.0, 0.0, 0.0]], [[0.0, 0.0, 0.5]]]])
    >>> both = union(Pair(cells, torch.ones(1, 2, 1, 3), torch.ones(1, 2)), torch.tensor([[True, True]]))
    >>> both.saliency, both.has
    (tensor([[[[1.0000, 0.0000, 0.5000]]]]), tensor([[1.]]))
    """
    there = present[..., None, None]
    some = present.any(dim=1, keepdim=True)
    weight = torch.where(there, pair.weight, 1.0).amin(dim=1, keepdim=True) * some[..., None, None]
    saliency = torch.where(there, pair.saliency, 0.0).amax(dim=1, keepdim=True)
    told = pair.has * (pair.saliency.flatten(2).amax(dim=2) > 0)
    has = torch.where(present, told, 1.0).amin(dim=1, keepdim=True) * some
    known = weight > 0
    return Pair(torch.where(known, saliency, 0.0), weight, has * known.flatten(2).any(dim=2))


def one_map_at(batch: Batch, size: tuple[int, int], *, labels: Labels) -> Pair:
    """Bring a batch's maps to a grid, one an image: the only one there is, or the `union` of its classes' maps.

    Args:
        batch: with one map an image, which is about the image as a whole (people's heat maps and traces are, whatever
            the labels), or with several labels and one a class.
        size: (h, w) of the grid.
        labels: of an image.

    Raises:
        ValueError: if the batch has no maps.
        UserFault: if it has another number of them.
    """
    classes = batch.targets.shape[1]
    whole = batch.saliency is not None and batch.saliency.shape[1] == 1 < classes
    if labels == "single" or whole:
        return pair_at(batch, size, k=1)
    return union(pair_at(batch, size, k=classes), batch.targets > 0)


def uneven(maps: Float[Tensor, "batch k h w"], weight: Float[Tensor, "batch k h w"]) -> Bool[Tensor, "batch k"]:
    """Whether a map says anything about one known cell that it does not say about all: blank and constant maps do not.

    Stretched to [0, 1] they would be rounding noise, or no number at all.
    """
    low, high = _ends(maps, weight)
    return high - low > FLAT


def min_max(
    maps: Float[Tensor, "batch k h w"], weight: Float[Tensor, "batch k h w"], *, epsilon: float = EPSILON
) -> Float[Tensor, "batch k h w"]:
    """Stretch every map to [0, 1] over its known cells: `(m - low) / max(high - low, epsilon)`.

    The denominator is limited from below and not replaced afterwards: a number that is thrown away in the forward pass
    still sends its infinite gradient back.

    Args:
        maps: any finite values.
        weight: 0 = unknown there.
        epsilon: > 0, least spread that is stretched.

    Returns:
        [B, K, h, w]; 0 in unknown cells, which have no gradient either.
    """
    low, high = (end[..., None, None] for end in _ends(maps, weight))
    return torch.where(weight > 0, (maps - low) / (high - low).clamp(min=epsilon), 0.0)


def mean_over_known(
    values: Float[Tensor, "batch k h w"], weight: Float[Tensor, "batch k h w"]
) -> Float[Tensor, "batch k"]:
    """`sum w v / sum w` over the cells of every map; 0 where nothing is known."""
    total = weight.sum(dim=(2, 3))
    return (weight * values).sum(dim=(2, 3)) / torch.where(total > 0, total, 1.0)


def over_maps(value: Float[Tensor, "batch k"], has: Float[Tensor, "batch k"]) -> Term:
    """One number an image: the weighted mean over its maps; it weighs as much as its surest map.

    An image of many classes counts as much as one of few, as with points (`point_loss`).
    """
    count = has.sum(dim=1)
    mean = (value * has).sum(dim=1) / torch.where(count > 0, count, 1.0)
    return Term(mean, has.amax(dim=1))


def _ends(maps: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Least and largest value over the known cells, [B, K] each; 0 and 0 where there are none."""
    known = weight > 0
    some = known.flatten(2).any(dim=2)
    low = torch.where(known, maps, torch.inf).flatten(2).amin(dim=2)
    high = torch.where(known, maps, -torch.inf).flatten(2).amax(dim=2)
    return torch.where(some, low, 0.0), torch.where(some, high, 0.0)


def _by_area(values: Tensor, size: tuple[int, int]) -> Tensor:
    down, across = (_shares(old, new, values.device) for old, new in zip(values.shape[2:], size, strict=True))
    return torch.einsum("yi,bkij,xj->bkyx", down, values, across)


@lru_cache(maxsize=64)
def _shares(old: int, new: int, device: torch.device) -> Tensor:
    """Kept on the device: to copy them there at every step would wait for all that it has still to do."""
    return torch.from_numpy(area_shares(old, new)).to(device, torch.float32)
