"""A dataset and a recipe become a model."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from torch import nn

from sidelight.data.format.reader import Dataset
from sidelight.data.loader import Normalisation, TrainingBatches, evaluation_batches
from sidelight.evaluate.accuracy import macro_accuracy, top1
from sidelight.evaluate.multilabel import average_precision
from sidelight.evaluate.point_head import class_pairs, points_in_boxes
from sidelight.model.backbone import Backbone
from sidelight.model.files import write_whole
from sidelight.model.predict import predict
from sidelight.pipeline.load import Pictures, boxes_of, load_split
from sidelight.recipes.recipe import Recipe, as_values, recipe_hash
from sidelight.records.errors import UserFault
from sidelight.train.devices import launch
from sidelight.train.loop import Assess, Fitted, StepReport, fit
from sidelight.train.term import GuidedObjective

EVALUATION_BATCH = 256


def train(
    recipe: Recipe,
    data: Path,
    out: Path,
    *,
    seed: int = 0,
    resume: bool = False,
    report: Callable[[StepReport], None] | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> Fitted:
    """Train one model.

    Args:
        recipe: what to do.
        data: folder of the dataset.
        out: folder of the run; made if missing.
        seed: of initial weights, order, augmentation and control points.
        resume: go on where an interrupted run of the same recipe and seed stopped.
        report: told of every step.
        announce: told in words what the user should know about the initial weights and the guidance.

    Returns:
        Where the weights are, and how the training went.

    Raises:
        UserFault: if the run exists and `resume` is off, or the data do not fit the recipe.
    """
    dataset = Dataset.open(data)
    described = _described(recipe, dataset, seed)
    _refuse_other_task(recipe, dataset)
    _refuse_occupied(out, described, resume=resume)
    classes = len(dataset.manifest.classes)
    backbone = Backbone(recipe.network, classes, generator_seed=seed)
    for note in backbone.notes:
        announce(note)
    if isinstance(recipe.objective, GuidedObjective) and recipe.objective.log_only:
        announce("the guidance is only logged: it is not trained on, and not checked to be alive")
    training = load_split(dataset, recipe, "train", seed=seed)
    fabric = launch(recipe.training)
    source = TrainingBatches(
        training.labelled,
        recipe.augmentation,
        batch_size=recipe.training.batch_size,
        normalisation=Normalisation(*backbone.normalisation),
        seed=seed,
        workers=recipe.workers,
        rank=fabric.global_rank,
        world=fabric.world_size,
    )
    if fabric.is_global_zero:
        write_whole(out / "recipe.json", json.dumps(described, indent=1, sort_keys=True).encode())
    return fit(
        backbone,
        recipe.objective,
        source,
        recipe.training,
        run=out,
        seed=seed,
        resume=resume,
        assess=_assessment(dataset, recipe, seed),
        report=report,
        fabric=fabric,
        fingerprint=f"{recipe_hash(recipe)}-{seed}-{dataset.manifest.fingerprint}",
    )


def _refuse_other_task(recipe: Recipe, dataset: Dataset) -> None:
    """Refuse data with several labels a picture where the recipe is for one, and the other way round."""
    task = dataset.manifest.task
    if recipe.task != task:
        words = {"single_label": "one label a picture", "multi_label": "several labels a picture"}
        raise UserFault(
            f"dataset '{dataset.manifest.name}'",
            seen=words[task],
            allowed=f"{words[recipe.task]}, as recipe '{recipe.name}' expects",
            remedy="Choose a recipe of the other kind",
        )


def _refuse_occupied(out: Path, mine: dict[str, object], *, resume: bool) -> None:
    """Refuse a folder that holds a run, unless it is this one and is to be gone on with."""
    file = out / "recipe.json"
    if not file.exists():
        return
    if not resume:
        raise UserFault(
            f"run {out}",
            seen="a run is already there",
            allowed="a new folder",
            remedy="Go on with it by --resume, or choose another --out",
        )
    there = json.loads(file.read_text())
    for part in ("recipe_hash", "seed", "fingerprint"):
        if there[part] != mine[part]:
            raise UserFault(
                f"run {out}, its {part}",
                seen=f"{there[part]}",
                allowed=f"{mine[part]}, as this training has",
                remedy="Go on with it by its own recipe, seed and data, or choose another --out",
            )


def _described(recipe: Recipe, dataset: Dataset, seed: int) -> dict[str, object]:
    """What `recipe.json` holds."""
    return {
        "recipe": as_values(recipe),
        "recipe_hash": recipe_hash(recipe),
        "seed": seed,
        "dataset": dataset.manifest.name,
        "fingerprint": dataset.manifest.fingerprint,
        "classes": dataset.manifest.classes,
        "task": dataset.manifest.task,
        "simulated": dataset.manifest.simulated,
    }


def _assessment(dataset: Dataset, recipe: Recipe, seed: int) -> Assess | None:
    """What is measured after every epoch that is due, on the validation split; None when there is no such split."""
    if not any(e.split == "validation" and recipe.selection.keeps(e) for e in dataset.examples()):
        return None
    pictures = load_split(dataset, recipe, "validation", seed=seed)
    labels = pictures.labelled.targets

    def assess(backbone: Backbone, heads: Mapping[str, nn.Module], epoch: int) -> Mapping[str, float]:
        if epoch % recipe.training.assess_every and epoch < recipe.training.epochs:
            return {}
        batches = evaluation_batches(
            pictures.labelled,
            recipe.augmentation,
            batch_size=EVALUATION_BATCH,
            normalisation=Normalisation(*backbone.normalisation),
        )
        predicted = predict(backbone, batches, heads=heads, precision=recipe.training.precision)
        if dataset.manifest.task == "multi_label":
            numbers = {"val_accuracy": average_precision(predicted.scores, labels)["map"]}
        else:
            truth = labels.argmax(axis=1)
            numbers = {
                "val_accuracy": top1(predicted.scores, truth),
                "val_macro_accuracy": macro_accuracy(predicted.scores, truth),
            }
        if predicted.points is not None:
            numbers.update(_point_numbers(predicted.points, pictures))
        return numbers

    return assess


def _point_numbers(points: np.ndarray, pictures: Pictures) -> dict[str, float]:
    """The curves of the paper's figures 8 and 9: regression loss, and the share of predicted points inside a box."""
    table = pictures.labelled.points
    numbers: dict[str, float] = {}
    if table.has.any():
        miss = np.abs(points.astype(np.float64) - table.xy)[table.has]
        numbers["val_point_loss"] = float(np.where(miss < 1, 0.5 * miss**2, miss - 0.5).sum(axis=-1).mean())
    boxed = [row for row, example in enumerate(pictures.examples) if example.boxes]
    if boxed:
        boxes = [boxes_of(pictures.examples[row]) for row in boxed]
        labels = [np.array([box.label for box in pictures.examples[row].boxes]) for row in boxed]
        pairs = (points[boxed, 0], boxes) if points.shape[1] == 1 else class_pairs(points[boxed], boxes, labels)
        numbers["val_point_in_box"] = float(points_in_boxes(*pairs).mean())
    return numbers
