"""Lambda of the guidance, before the first step; and the proof that there is guidance at all."""

import itertools
import statistics
from collections.abc import Callable, Iterable, Iterator

import torch
from lightning_fabric import Fabric
from torch import Tensor

from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.alive import assert_guidance_alive
from sidelight.train.gradient_ratio import gradient_ratio
from sidelight.train.objective.pair import uneven
from sidelight.train.step import Learner, forward
from sidelight.train.term import GuidedObjective, Needs


def find_lambda(
    learner: Learner,
    objective: GuidedObjective,
    batches: Callable[[], Iterator[Batch]],
    *,
    calibration_batches: int,
    fabric: Fabric,
) -> float:
    """See that the guidance is alive on the first annotated batch; then take the given lambda, or find it for a ratio.

    Args:
        learner: not wrapped, in training mode; nothing of it changes.
        objective: what it learns.
        batches: gives the first epoch's, from the first on, on the learner's device.
        calibration_batches: how many of them lambda is measured on.
        fabric: for precision and ranks.

    Raises:
        UserFault: if no picture of the epoch is annotated, or none of the calibration batches'.
        GuidanceDead: if the guidance moves nothing.
    """
    annotated = first_annotated(batches(), needs=objective.needs, fabric=fabric)
    assert_guidance_alive(objective, learner.backbone, learner.named_heads(), annotated)
    if objective.ratio is None:
        return objective.weight
    first = itertools.islice(batches(), calibration_batches)
    return calibrate(learner, objective, first, ratio=objective.ratio, fabric=fabric)


def calibrate(
    learner: Learner, objective: GuidedObjective, batches: Iterable[Batch], *, ratio: float, fabric: Fabric
) -> float:
    """The lambda at which the guidance pulls `ratio` times as hard as the classes at the tensor that they share.

    lambda = ratio / median over batches of |d guidance / d x| / |d class / d x|, with x of `gradient_ratio`

    A raw lambda means nothing across heads, data and reductions (the papers do not state theirs); this ratio does. It
    is measured on the initial weights. Nothing of the learner changes: no step is taken, no gradient is left, and batch
    norm's statistics are put back.

    Args:
        learner: not wrapped, in training mode.
        objective: what it learns; its class term counts once.
        batches: on the learner's device; those without an annotated sample are passed over.
        ratio: wanted, > 0.
        fabric: for the precision of the forward pass; the median is over the batches of all ranks.

    Raises:
        UserFault: if no batch has guidance with a gradient.
    """
    before = {name: buffer.clone() for name, buffer in learner.named_buffers()}
    found = [_ratio(learner, objective, batch, fabric=fabric) for batch in batches]
    for name, buffer in learner.named_buffers():
        buffer.copy_(before[name])
    everywhere = torch.as_tensor(fabric.all_gather(torch.stack(found))).flatten().tolist()
    ratios = [measured for measured in everywhere if measured > 0]  # neither 0 (nothing annotated) nor NaN
    if not ratios:
        raise UserFault(
            "lambda from a gradient ratio",
            seen=f"no gradient of guidance in the first {len(found)} batches",
            allowed="at least one batch with an annotated picture",
            remedy="Raise calibration_batches, or check that the dataset's annotations are used",
        )
    return ratio / statistics.median(ratios)


def first_annotated(batches: Iterable[Batch], *, needs: Needs, fabric: Fabric) -> Batch:
    """The first batch that holds a picture with this kind of annotation in every rank's share.

    A map that is the same everywhere does not count: it tells nothing by which to see whether guidance is alive.

    Raises:
        UserFault: if there is none.
    """
    for batch in batches:
        annotated = (_annotations(batch, needs).sum() > 0).to(torch.int32)
        if int(torch.as_tensor(fabric.all_reduce(annotated, reduce_op="sum"))) == fabric.world_size:
            return batch
    raise UserFault(
        "guidance of the first epoch",
        seen=f"no picture annotated with {needs}",
        allowed="one or more",
        remedy="Check that the dataset has the annotations that this recipe uses, or train without guidance",
    )


def _annotations(batch: Batch, needs: Needs) -> Tensor:
    if needs == "points":
        return batch.has_point
    if batch.saliency is None or batch.weight is None or batch.has_saliency is None:
        return batch.has_point.new_zeros(1)
    return batch.has_saliency * uneven(batch.saliency, batch.weight)


def _ratio(learner: Learner, objective: GuidedObjective, batch: Batch, *, fabric: Fabric) -> Tensor:
    with fabric.autocast():
        seen = forward(learner, batch)
    at = objective.shared(seen.outputs)
    return gradient_ratio(seen.outputs, seen.terms, guidance=str(objective.guidance), at=at)
