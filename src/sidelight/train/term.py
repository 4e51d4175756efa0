"""What an objective is, what it answers, and how its answers become one number."""

from collections.abc import Mapping
from typing import Literal, Protocol, runtime_checkable

import msgspec
import torch
from jaxtyping import Float
from torch import Tensor, distributed, nn

from sidelight.model.heads import Head
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch

Normalise = Literal["annotated", "batch"]
"""Divide a term by the number of images it knows something about, or by the number of images. With the second, a batch
with few annotations guides less; lambda is not portable between the two."""


Needs = Literal["nothing", "points", "maps"]
"""Which annotation an objective lives on."""
Labels = Literal["single", "multi"]
"""One label an image, or several."""


class Term(msgspec.Struct, frozen=True, eq=False):
    """One part of an objective, image by image.

    A struct and not a dataclass, for the reason given at `Outputs`.

    Attributes:
        value: [B] float32 >= 0; whatever where `weight` is 0, but finite.
        weight: [B] float32 in [0, 1]; 0 = nothing is known about this image.
    """

    value: Float[Tensor, " batch"]
    weight: Float[Tensor, " batch"]


@runtime_checkable
class Objective(Protocol):
    """What a model is trained for. Implementations are frozen dataclasses whose fields are the knobs.

    The formula itself is a pure function in the same file.
    """

    @property
    def guidance(self) -> str | None:
        """Name of the term that guides; None for an objective without guidance. The class term is always "class"."""

    @property
    def labels(self) -> Labels:
        """Whether it is for one label an image, or for several."""

    @property
    def reaches(self) -> frozenset[str]:
        """Parameter groups that the guidance must move: "backbone" (all that comes before the pooled features),
        "classifier", "attention" (of attention pooling), and "<name>_head" of a head.
        """

    @property
    def needs(self) -> Needs:
        """Which annotation the guidance is made of."""

    def heads(self, width: int, classes: int) -> dict[str, Head]:
        """New heads for pooled features of this width."""

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """The terms of one batch, by name."""


@runtime_checkable
class GuidedObjective(Objective, Protocol):
    """An objective with guidance, and with a say in how much it counts: `class_weight x class + weight x guidance`."""

    @property
    def class_weight(self) -> float:
        """Of the class term: 1 but for an objective that blends the two."""

    @property
    def weight(self) -> float:
        """Lambda; counts when `ratio` is None."""

    @property
    def ratio(self) -> float | None:
        """Gradient ratio that lambda is to be chosen for."""

    @property
    def log_only(self) -> bool:
        """Compute and log the guidance term, and train on the class term alone."""

    @property
    def second_order(self) -> bool:
        """Whether the guidance is made of gradients with respect to the pictures."""

    def layers(self, net: nn.Module) -> tuple[str, ...]:
        """Names of the network's inner layers that the guidance looks at."""

    def shared(self, outputs: Outputs) -> Tensor:
        """The last tensor that class and guidance share: where their pulls are compared."""


def reduce_term(term: Term, *, normalise: Normalise = "annotated") -> Float[Tensor, ""]:
    """One number for a batch: `sum(w v) / sum(w)`, or `sum(w v) / B`.

    The sums run over the batches of all ranks where torch.distributed is initialised. The number is then the same on
    every rank, and its local gradient is so scaled that the mean over ranks (what DDP takes) is the gradient of that
    number, also when the ranks hold different numbers of annotations. Where no image of any rank is annotated the
    result is a 0 that still touches the graph, so that every rank runs the same backward pass.

    Args:
        term: of the local batch.
        normalise: what to divide by.

    Returns:
        A scalar >= 0, float32.

    >>> float(reduce_term(Term(torch.tensor([1.0, 3.0, 9.0]), torch.tensor([1.0, 1.0, 0.0]))))
    2.0
    >>> float(reduce_term(Term(torch.tensor([1.0, 2.0, 9.0]), torch.tensor([1.0, 1.0, 0.0])), normalise="batch"))
    1.0
    """
    known = term.weight > 0
    local = (torch.where(known, term.value, 0.0) * term.weight).sum()
    count = term.weight.sum() if normalise == "annotated" else term.weight.new_tensor(float(len(term.weight)))
    if not (distributed.is_available() and distributed.is_initialized()):
        return local / _never_zero(count)
    sums = torch.stack([local.detach(), count.detach()])
    distributed.all_reduce(sums)
    mine = local * distributed.get_world_size()
    return (mine - mine.detach() + sums[0]) / _never_zero(sums[1])


def _never_zero(count: Tensor) -> Tensor:
    return torch.where(count > 0, count, torch.ones_like(count))


def total(
    terms: Mapping[str, Term], weights: Mapping[str, float], *, normalise: Normalise = "annotated"
) -> Float[Tensor, ""]:
    """`sum over terms of weight x reduce_term`: what is differentiated.

    Args:
        terms: what an objective answered.
        weights: lambda of each term; terms that are not named count once.
        normalise: see `reduce_term`.

    Raises:
        ValueError: if a weight names no term, or there are no terms.

    >>> one = Term(torch.tensor([2.0]), torch.tensor([1.0]))
    >>> float(total({"class": one, "point": one}, {"point": 0.25}))
    2.5
    """
    if not terms or set(weights) - set(terms):
        raise ValueError(f"weights for {sorted(weights)}, but the terms are {sorted(terms)}")
    parts = [weights.get(name, 1.0) * reduce_term(term, normalise=normalise) for name, term in terms.items()]
    return torch.stack(parts).sum()
