"""What a model says about many pictures."""

from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from sidelight.model.backbone import Backbone
from sidelight.records.batch import Batch
from sidelight.records.prediction import Prediction

Precision = Literal["32-true", "bf16-mixed"]
Answer = tuple[tuple[str, ...], Tensor, Tensor | None]
"""Of one batch: ids, scores, points."""


def predict(
    backbone: Backbone,
    batches: Iterable[Batch],
    *,
    heads: Mapping[str, nn.Module] | None = None,
    device: torch.device | None = None,
    precision: Precision = "32-true",
) -> Prediction:
    """Run a model over batches, one after the other; only scores and points are kept.

    The model is in evaluation mode meanwhile, and afterwards in whichever mode it was.

    Args:
        backbone: the model.
        batches: of pictures prepared with `backbone.normalisation`.
        heads: beside the classifier; a head named "point" gives the points.
        device: to move to and run on; None stays where the backbone is.
        precision: of the backbone's forward pass; scores are float32 either way.

    Returns:
        The prediction, in the order of the batches.

    Raises:
        ValueError: if there are no batches.
    """
    point_head = (heads or {}).get("point")
    modules = [backbone] if point_head is None else [backbone, point_head]
    modes = [module.training for module in modules]
    where = device or next(backbone.parameters()).device
    for module in modules:
        module.to(where).eval()
    try:
        return _gather(_answer(backbone, point_head, batch.to(where), precision) for batch in batches)
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.train(mode)


@torch.inference_mode()
def _answer(backbone: Backbone, point_head: nn.Module | None, batch: Batch, precision: Precision) -> Answer:
    with torch.autocast(batch.images.device.type, torch.bfloat16, enabled=precision == "bf16-mixed"):
        outputs = backbone(batch.images)
    points = point_head(outputs.pooled).float().cpu() if point_head is not None else None
    return batch.ids, outputs.logits.float().cpu(), points


def _gather(answers: Iterable[Answer]) -> Prediction:
    listed = list(answers)
    if not listed:
        raise ValueError("there are no batches to predict")
    ids, scores, points = zip(*listed, strict=True)
    placed = [each.numpy() for each in points if each is not None]
    return Prediction(
        ids=tuple(name for group in ids for name in group),
        scores=np.concatenate([each.numpy() for each in scores]),
        points=np.concatenate(placed) if placed else None,
    )
