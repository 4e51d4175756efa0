"""Learning using annotation byproducts: name the class and say where the person clicked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import smooth_l1_loss

from sidelight.model.heads import Head, PointActivation, PointHead
from sidelight.model.outputs import Outputs
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.objective.classes import labelled
from sidelight.train.objective.cross_entropy import refuse_smoothing
from sidelight.train.term import Labels, Needs, Term

Coordinates = Literal["sum", "mean"]


def point_loss(
    predicted: Float[Tensor, "batch k 2"],
    points: Float[Tensor, "batch k 2"],
    has_point: Float[Tensor, "batch k"],
    *,
    beta: float = 1.0,
    coordinates: Coordinates = "sum",
) -> Term:
    """Smooth l1 between predicted and clicked points; mean over an image's points.

    With d = predicted - clicked and `s(d) = d^2 / (2 beta)` where |d| < beta, `|d| - beta / 2` elsewhere:
    `l_k = s(dx) + s(dy)` (or half of it), `value = sum_k w_k l_k / sum_k w_k`, `weight = max_k w_k`.

    Args:
        predicted: [B, K, 2], any float type, (x, y) in units of the picture.
        points: [B, K, 2] in the same units; anything at all, NaN too, where `has_point` is 0.
        has_point: [B, K] w in [0, 1]; 0 = no click.
        beta: > 0, where the parabola becomes a line, in units of the picture.
        coordinates: add the losses of x and y, or take their mean.

    Returns:
        The term; `value` is 0 where an image has no point.

    Source: han2023luab, eq. 1 and the sentence after it (the mean over the classes present); girshick2015fast, eq. 3
    (smooth l1, there with beta = 1). Eq. 1 leaves open beta, and whether x and y are added or averaged.

    >>> term = point_loss(torch.tensor([[[0.5, 0.5]]]), torch.tensor([[[0.1, 0.7]]]), torch.ones(1, 1))
    >>> term.value, term.weight
    (tensor([0.1000]), tensor([1.]))
    """
    present = has_point > 0
    clicked = torch.where(present[..., None], points, 0.0).float()
    both = smooth_l1_loss(predicted.float(), clicked, reduction="none", beta=beta)
    each = both.sum(dim=-1) if coordinates == "sum" else both.mean(dim=-1)
    weights = has_point.float()
    count = weights.sum(dim=1)
    value = (each * weights).sum(dim=1) / torch.where(count > 0, count, 1.0)
    return Term(value, weights.amax(dim=1))


@dataclass(frozen=True)
class Luab:
    """`L(g(f(X)), Y) + lambda |h(f(X)) - Z|_s1`: eq. 1 of the LUAB paper.

    L is the cross-entropy (`labels="single"`) or the binary cross-entropy (`labels="multi"`); h is one linear map of
    the pooled features to a point, or to one point a class. The second term speaks only of images, and of classes
    present in them, that have a point. Lambda is not in the paper. A raw value means little, as it depends on beta,
    on sum or mean, and on how large the two gradients happen to be: give a `ratio` and let it be found.

    Raises:
        UserFault: if a knob is out of range, or both `weight` and `ratio` are set.

    Source: han2023luab, section 4.2, eq. 1; section 5.2 (one head a class).
    """

    weight: float = 1.0
    """Lambda, >= 0; counts when `ratio` is not given."""
    ratio: float | None = None
    """Choose lambda so that the guidance's gradient at the pooled features is this multiple of the class term's."""
    beta: float = 1.0
    """Miss at which smooth l1 turns from a parabola into a line, in units of the picture's side; 1 is usual."""
    coordinates: Coordinates = "sum"
    """Add the losses of x and y, or take their mean (half the value: lambda must double for the same effect)."""
    head: PointActivation = "linear"
    """Whether the point head ends in a sigmoid."""
    labels: Labels = "single"
    """One label an image and one point (ImageNet), or several labels and a point for each (COCO)."""
    label_smoothing: float = 0.0
    """Of the class term, single-label only; in [0, 1)."""

    guidance = "point"
    reaches = frozenset({"backbone", "point_head"})
    needs: ClassVar[Needs] = "points"
    class_weight = 1.0
    log_only = False  # what a head says that is not trained means nothing
    second_order = False

    def __post_init__(self) -> None:
        refuse_smoothing(self.label_smoothing)
        self._refuse(self.weight < 0, "weight", self.weight, ">= 0")
        self._refuse(self.ratio is not None and self.ratio <= 0, "ratio", self.ratio, "> 0")
        self._refuse(
            self.ratio is not None and self.weight != 1, "weight", self.weight, "its default, as a ratio is given"
        )
        self._refuse(self.beta <= 0, "beta", self.beta, "> 0")
        multi = self.labels == "multi"
        self._refuse(
            multi and self.label_smoothing > 0, "label_smoothing", self.label_smoothing, "0 with several labels"
        )

    def _refuse(self, bad: bool, field: str, seen: object, allowed: str) -> None:
        if bad:
            raise UserFault(f"objective luab, {field}", seen=str(seen), allowed=allowed, remedy="Correct the value")

    def layers(self, net: nn.Module) -> tuple[str, ...]:
        """None."""
        del net
        return ()

    def shared(self, outputs: Outputs) -> Tensor:
        """The pooled features, which both heads see."""
        return outputs.pooled

    def heads(self, width: int, classes: int) -> dict[str, Head]:
        """`{"point"}`: D -> 2, or D -> 2 C."""
        return {"point": PointHead(width, 1 if self.labels == "single" else classes, self.head)}

    def __call__(self, outputs: Outputs, batch: Batch, heads: Mapping[str, nn.Module]) -> dict[str, Term]:
        """`{"class", "point"}`.

        Raises:
            ValueError: if the batch does not have one point an image (single) or one a class (multi).
        """
        predicted = heads["point"](outputs.pooled)
        if predicted.shape != batch.points.shape:
            raise ValueError(
                f"the head gives points {tuple(predicted.shape)}, the batch has {tuple(batch.points.shape)}"
            )
        known = batch.has_point
        if self.labels == "multi":
            known = torch.where(batch.targets > 0, known, 0.0)
        return {
            "class": labelled(outputs, batch, labels=self.labels, label_smoothing=self.label_smoothing),
            "point": point_loss(predicted, batch.points, known, beta=self.beta, coordinates=self.coordinates),
        }
