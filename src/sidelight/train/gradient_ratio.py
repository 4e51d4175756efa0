"""How hard the guidance pulls, compared with the classes."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from sidelight.model.outputs import Outputs
from sidelight.train.term import Normalise, Term, reduce_term


def gradient_ratio(
    outputs: Outputs,
    terms: Mapping[str, Term],
    *,
    guidance: str,
    normalise: Normalise = "annotated",
    at: Tensor | None = None,
) -> Float[Tensor, ""]:
    """`|d guidance / d x| / |d class / d x|` before lambda: Frobenius norms over the batch.

    x is the last tensor that both terms share, so that the gradients there say which of the two shapes what comes
    before. With a head on the pooled features it is these; with a map of the features it is the features. It costs next
    to nothing where the gradients pass through the heads only. To be called between forward and backward; no `.grad`
    changes and the graph stays. With more than one rank it is this rank's own ratio, of terms reduced over all (every
    rank must call it).

    Args:
        outputs: of the forward pass that `terms` came from.
        terms: "class" and the guidance.
        guidance: name of the guidance term.
        normalise: as in the loss.
        at: x; None takes the pooled features. An objective tells its own: `GuidedObjective.shared`.

    Returns:
        A scalar >= 0, float32: 0 where nothing is annotated, NaN where the class term has no gradient (a classifier
        that starts at zero has none at step 1). Times lambda it is what an objective's `ratio` asks for.

    Source: our own measure; han2023luab gives neither lambda nor a way to choose it.

    >>> pooled, a = torch.ones(1, 2, requires_grad=True), torch.ones(1)
    >>> outputs = Outputs(pooled, pooled, pooled, torch.eye(2), torch.zeros(2))
    >>> terms = {"class": Term(2 * pooled.sum(dim=1), a), "point": Term(0.5 * pooled.sum(dim=1), a)}
    >>> gradient_ratio(outputs, terms, guidance="point")
    tensor(0.2500)
    """
    where = outputs.pooled if at is None else at
    class_pull = _norm_at(where, reduce_term(terms["class"], normalise=normalise))
    guidance_pull = _norm_at(where, reduce_term(terms[guidance], normalise=normalise))
    return torch.where(class_pull > 0, guidance_pull / class_pull, torch.nan)


def _norm_at(where: Tensor, value: Tensor) -> Tensor:
    (gradient,) = torch.autograd.grad(value, where, retain_graph=True)
    return gradient.float().norm()
