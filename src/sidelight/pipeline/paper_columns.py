"""Which numbers fill the columns of the paper, and which recipes its rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sidelight.data.format.manifest import Task
from sidelight.evaluate.public.table import PUBLIC
from sidelight.records.result import Result
from sidelight.report.bootstrap import Answers
from sidelight.report.paper import CLICKS, PLAIN, RANDOM

Source = tuple[str, str, str]
"""Benchmark, metric, subset."""

ON_DATASETS: dict[str, Source] = {
    "Loc": ("localisation", "top1_localisation", "all"),
    "Bbox AP": ("detection", "box_ap", "all"),
    "Mask AP": ("detection", "mask_ap", "all"),
    "mPxAP": ("pixel_ap", "mpxap", "all"),
    "mAP": ("average_precision", "map", "all"),
    "V_min": ("object_removal", "v_min", "all"),
    "V_avg": ("object_removal", "v_avg", "all"),
}
"""Columns that are measured on a dataset of sidelight; those of public downloads name their column themselves."""

SEPARATE_PHOTOS = frozenset({"IN-1K", "IN-V2", "IN-Real", "IN-A", "IN-R", "Sketch", "Cocc", "ObjNet"})
"""Columns that are means over pictures which have nothing to do with each other, so that they can be drawn anew one by
one. ImageNet-C, SI-Score and the Backgrounds Challenge show the same photograph many times."""

MODELS = {
    "resnet18": "R18",
    "resnet50": "R50",
    "resnet101": "R101",
    "resnet152": "R152",
    "vit_tiny_patch16_224": "ViT-Ti",
    "vit_small_patch16_224": "ViT-S",
    "vit_base_patch16_224": "ViT-B",
    "deit_tiny_patch16_224": "ViT-Ti",
    "deit_small_patch16_224": "ViT-S",
    "deit_base_patch16_224": "ViT-B",
}
"""timm's name -> the paper's."""


def sources() -> dict[str, Source]:
    """Column -> what fills it."""
    public = {column: (name, *what) for name, benchmark in PUBLIC.items() for column, what in benchmark.columns.items()}
    return public | ON_DATASETS


def column_of(result: Result, where: Mapping[str, Source]) -> str | None:
    """The column that a number fills; None for all others.

    >>> result = Result("imagenet_v2", "top1", 0.5, "", True, 80, subset="matched_frequency (partial)")
    >>> column_of(result, {"IN-V2": ("imagenet_v2", "top1", "matched_frequency")})
    'IN-V2'
    """
    what = (result.benchmark, result.metric, result.subset.removesuffix(" (partial)"))
    return next((column for column, source in where.items() if source == what), None)


def model_of(recipe: Mapping[str, Any]) -> str:
    """The paper's name of the network, if it is one of the paper's and unchanged; else timm's, with what was changed.

    >>> model_of({"network": {"name": "resnet18", "width": 0.5}})
    'resnet18 (width 0.5)'
    """
    network = dict(recipe["network"])
    name = str(network.pop("name"))
    unchanged = {"width": 1.0, "stem_stride": None, "output_stride": None, "first_pool": True, "pooling": "own"}
    changed = [
        f"{knob.replace('_', ' ')} {network[knob]}"
        for knob, value in unchanged.items()
        if network.get(knob, value) != value
    ]
    return f"{name} ({', '.join(changed)})" if changed else MODELS.get(name, name)


def guided_by(recipe: Mapping[str, Any]) -> str:
    """What kind of row a recipe makes: the paper's three, or its own words for any other guidance.

    >>> guided_by({"objective": {"kind": "Luab"}, "guidance": {"kind": "uniform"}, "augmentation": {}})
    'random'
    """
    objective, kind = recipe["objective"]["kind"], recipe["guidance"]["kind"]
    if recipe["objective"].get("log_only"):
        return f"{objective} logged only"
    if recipe["augmentation"].get("blur_outside"):
        return "blur outside the maps"
    if objective in ("CrossEntropy", "BinaryCrossEntropy"):
        return PLAIN
    if objective == "Luab":
        return {"uniform": RANDOM, "clicks": CLICKS}.get(kind, str(kind))
    return f"{objective}, {kind}" if kind != "none" else str(objective)


def task_of(recipe: Mapping[str, Any]) -> Task:
    """Which labels a recipe's objective is for.

    >>> task_of({"objective": {"kind": "Luab", "labels": "multi"}})
    'multi_label'
    """
    objective = recipe["objective"]
    several = objective["kind"] == "BinaryCrossEntropy" or objective.get("labels") == "multi"
    return "multi_label" if several else "single_label"


def setup_of(recipe: Mapping[str, Any], task: Task) -> str:
    """How a training differs from the paper's main set-up, as far as its tables tell set-ups apart.

    "pretrained": it began with weights from elsewhere (one label a picture). "primitive": a vision transformer without
    any strong augmentation, as in table 2.
    """
    if task == "multi_label":
        return ""
    if recipe["network"].get("weights", "none") != "none":
        return "pretrained"
    augmentation = recipe["augmentation"]
    strong = any(augmentation.get(part) for part in ("randaugment", "erasing", "mixup", "cutmix"))
    return "primitive" if model_of(recipe).startswith("ViT") and not strong else ""


def answers_behind(result: Result, kept: Mapping[str, Any]) -> Answers | None:
    """What one model scored on every picture behind a number.

    Args:
        result: the number.
        kept: arrays of the evaluation: `seen`, `answerable`, `group`, `group_names`, `column_METRIC`.

    Returns:
        [n]; None if the number is not the mean of what was kept.
    """
    values = kept.get(f"column_{result.metric}")
    if values is None or "seen" not in kept or values.ndim != 1:
        return None
    counted = kept["seen"] & kept.get("answerable", True)
    subset = result.subset.removesuffix(" (partial)")
    if subset != "all":
        counted = counted & (np.asarray(kept["group_names"])[kept["group"]] == subset) if "group" in kept else counted
    answers = values[counted].astype(np.float64)
    exact = 0 < len(answers) == result.n and abs(float(answers.mean()) - result.value) < 1e-9
    return answers if exact else None
