"""How well a detector finds objects: COCO's average precision of boxes and of masks."""

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor
from torchmetrics.detection import MeanAveragePrecision

from sidelight.evaluate.accuracy import refuse_nan
from sidelight.evaluate.table import Metric
from sidelight.records.errors import UserFault
from sidelight.records.objects import Detections, Objects

Shape = Literal["box", "mask"]
"""What of a detection is held against the object: its box, or its pixels."""
IOU_TYPE = {"box": "bbox", "mask": "segm"}
IOU_THRESHOLDS = np.linspace(0.5, 0.95, 10).tolist()
RECALLS = np.linspace(0.0, 1.0, 101).tolist()
"""COCO's own, in double precision: torchmetrics' defaults are rounded to single, which moves recalls that are reached
exactly (1/2, 1/5 ...) beyond their threshold, and AP by some 1e-3."""
NUMBERS = {
    "ap": ("map", "over IoU thresholds .50, .55 ... .95", "all objects"),
    "ap50": ("map_50", "at IoU .50", "all objects"),
    "ap75": ("map_75", "at IoU .75", "all objects"),
    "ap_small": ("map_small", "over IoU thresholds .50, .55 ... .95", "objects of less than 32 x 32 pixels"),
    "ap_medium": ("map_medium", "over IoU thresholds .50, .55 ... .95", "objects of 32 x 32 to 96 x 96 pixels"),
    "ap_large": ("map_large", "over IoU thresholds .50, .55 ... .95", "objects of more than 96 x 96 pixels"),
}
"""Number -> its name in torchmetrics, and the words of its definition."""


def metrics(shape: Shape, *, detector: str, areas: str, fine_tuned: str) -> dict[str, Metric]:
    """The definitions of the numbers, as they were computed.

    Args:
        shape: what was compared.
        detector: what found the objects, in words.
        areas: what the objects' areas and crowds were taken from, in words.
        fine_tuned: how the detector was trained, in words.

    >>> said = metrics("box", detector="Faster R-CNN", areas="boxes", fine_tuned="26 epochs")
    >>> list(said)[:3], said["box_ap50"].higher_is_better
    (['box_ap', 'box_ap50', 'box_ap75'], True)
    """
    how = f"COCO's interpolated average precision of {shape}es" if shape == "box" else "COCO's interpolated AP of masks"
    return {
        f"{shape}_{name}": Metric(
            f"{how} {thresholds}, {which}, at most 100 detections a photo, mean over the classes that occur; "
            f"{detector}, fine-tuned {fine_tuned}; {areas}.",
            higher_is_better=True,
        )
        for name, (_, thresholds, which) in NUMBERS.items()
    }


def detection_ap(photos: Iterable[tuple[Detections, Objects]], shapes: tuple[Shape, ...]) -> dict[str, float]:
    """Average precision as COCO's own evaluation defines it.

    Detections of a class are walked through from high to low score; one is right if it overlaps a yet unfound object of
    the class by at least the threshold (intersection over union), and is ignored if it lies in a crowd. Precision is
    made to fall monotonically, read at the recalls 0, .01 ... 1 and averaged; then over classes, then over thresholds.

    Args:
        photos: what was found and what is there, a photo at a time: only boxes, scores and run-length coded masks are
            kept of each.
        shapes: what to compare.

    Returns:
        `box_ap`, `box_ap50` ... and the same of masks, in [0, 1]; a size of which there is no object is left out.

    Raises:
        UserFault: if a score is not a number, or there is no object at all.

    Source: lin2014coco; computed by torchmetrics with faster-coco-eval. pycocotools gives the same numbers for results
    in which boxes and masks stand in files of their own: where both are given, it sorts masks by size by their boxes.
    """
    types: Any = tuple(IOU_TYPE[shape] for shape in shapes)
    metric = MeanAveragePrecision(
        iou_type=types, backend="faster_coco_eval", iou_thresholds=IOU_THRESHOLDS, rec_thresholds=RECALLS
    )
    metric.warn_on_many_detections = False
    objects = 0
    for found, there in photos:
        if len(found.scores):
            refuse_nan(found.scores, what="scores")
        objects += int((~there.crowd).sum())
        metric.update([_as_prediction(found, shapes)], [_as_target(there, shapes)])
    if not objects:
        raise UserFault(
            "average precision",
            seen="no object on any photo",
            allowed=">= 1 object",
            remedy="Choose a split whose photos have boxes",
        )
    computed: dict[str, Tensor] = metric.compute()
    numbers = {
        f"{shape}_{name}": float(computed[key if len(shapes) == 1 else f"{IOU_TYPE[shape]}_{key}"])
        for shape in shapes
        for name, (key, _, _) in NUMBERS.items()
    }
    return {name: value for name, value in numbers.items() if value >= 0}  # -1 says that there is no such object


def _as_prediction(found: Detections, shapes: tuple[Shape, ...]) -> dict[str, Tensor]:
    told = {"scores": torch.from_numpy(found.scores), "labels": torch.from_numpy(found.labels)}
    return told | _shapes(found, shapes)


def _as_target(there: Objects, shapes: tuple[Shape, ...]) -> dict[str, Tensor]:
    told = {
        "labels": torch.from_numpy(there.labels),
        "iscrowd": torch.from_numpy(there.crowd.astype(np.int64)),
        "area": torch.from_numpy(there.area),
    }
    return told | _shapes(there, shapes)


def _shapes(of: Detections | Objects, shapes: tuple[Shape, ...]) -> dict[str, Tensor]:
    told = {"boxes": torch.from_numpy(of.boxes)} if "box" in shapes else {}
    if "mask" in shapes:
        if of.masks is None:
            raise ValueError(f"photo {of.id!r} has no masks to compare")
        told["masks"] = torch.from_numpy(np.ascontiguousarray(of.masks))
    return told
