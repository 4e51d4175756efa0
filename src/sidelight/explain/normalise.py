"""Ways to make maps comparable. All are differentiable, and finite for constant maps."""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor

EPSILON = 1e-6
"""Smallest denominator, in units of the map."""


def min_max(maps: Float[Tensor, "*batch h w"], eps: float = EPSILON) -> Float[Tensor, "*batch h w"]:
    """Stretch every map to [0, 1] on its own: `(m - min m) / max(max m - min m, eps)`.

    A constant map becomes 0, with a gradient: dividing where the spread is 0 would make it NaN, and choosing between
    the quotient and the map afterwards would not mend it. No gradient is larger than 2 / eps times the one that comes
    in, so that a loss on maps of small spread wants a larger eps.

    Args:
        maps: any finite values.
        eps: smallest spread that is stretched to 1, > 0.

    Returns:
        [..., h, w] in [0, 1].

    >>> import torch
    >>> min_max(torch.tensor([[[1.0, 2.0, 5.0]], [[7.0, 7.0, 7.0]]]))
    tensor([[[0.0000, 0.2500, 1.0000]],
    <BLANKLINE>
            [[0.0000, 0.0000, 0.0000]]])
    """
    low, high = maps.amin(dim=(-2, -1), keepdim=True), maps.amax(dim=(-2, -1), keepdim=True)
    return (maps - low) / (high - low).clamp(min=eps)


def sum_to_one(maps: Float[Tensor, "*batch h w"], eps: float = EPSILON) -> Float[Tensor, "*batch h w"]:
    """Every map's share a place: `max(m, 0) / max(sum of max(m, 0), eps)`; what speaks against the class is left out.

    Args:
        maps: any finite values.
        eps: smallest sum that is scaled to 1, > 0.

    Returns:
        [..., h, w] >= 0, adding up to 1; all 0 for a map without a positive value.

    >>> import torch
    >>> sum_to_one(torch.tensor([[[3.0, -5.0, 1.0]]]))
    tensor([[[0.7500, 0.0000, 0.2500]]])
    """
    positive = maps.relu()
    return positive / positive.sum(dim=(-2, -1), keepdim=True).clamp(min=eps)


def unscaled(maps: Float[Tensor, "*batch h w"]) -> Float[Tensor, "*batch h w"]:
    """The maps as they are."""
    return maps


NORMALISATIONS: dict[str, Callable[[Tensor], Tensor]] = {"none": unscaled, "min_max": min_max, "sum": sum_to_one}
"""Every policy, by the name that options give it."""
