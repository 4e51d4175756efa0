"""A trained model and a dataset become a dataset whose maps the model made: what a student learns from."""

from collections.abc import Collection
from dataclasses import asdict, replace
from pathlib import Path

import msgspec

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import TeacherMap
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.progress import Progress, silent
from sidelight.explain.cam import Cam
from sidelight.explain.method import Method
from sidelight.explain.rise import Rise
from sidelight.pipeline.evaluate import refuse_misfit
from sidelight.pipeline.explain import Asked, Told, look_for
from sidelight.pipeline.maps import dataset_map
from sidelight.pipeline.parent import image_root, refuse_own_place
from sidelight.pipeline.subject import Subject, load_subject
from sidelight.recipes.teaching import Teaching
from sidelight.records.errors import UserFault

CELLS = 16
"""A side of a stored map has at most so many cells: 512 bytes a map."""


def teach(
    model: str,
    data: Path,
    out: Path,
    *,
    teaching: Teaching | None = None,
    progress: Progress = silent,
    overwrite: bool = False,
) -> Manifest:
    """Write a copy of a dataset in which a model says where to look.

    Training pictures without a map by people get the model's (all do, with `teaching.replace`). Everything else stays:
    pictures where they are, masks, people's maps and annotations. Validation and test are not taught.

    Args:
        model: the teacher: a run's folder, or a file of weights.
        data: folder of the dataset.
        out: folder to make.
        teaching: how.
        progress: told after every picture that the model has seen.
        overwrite: whether a dataset that is already at `out` may be replaced.

    Returns:
        The new dataset's manifest; its provenance names the teacher's recipe, seed, and weights.

    Raises:
        UserFault: if the data have several labels a picture, if no picture is left to teach, if the model has other
            classes, or no such map.

    Source: crum2023teaching.
    """
    how = teaching or Teaching()
    parent, subject = Dataset.open(data), load_subject(model)
    _refuse_several_labels(parent)
    refuse_misfit(subject, parent, parent.examples(), "train")
    refuse_own_place(parent, out)
    taught = [e for e in parent.examples() if e.split == "train" and (how.replace or e.map_path is None)]
    if not taught:
        raise UserFault(
            f"dataset {str(data)!r}",
            seen="people's maps on every training picture",
            allowed="training pictures without one, or --replace",
            remedy="Pass --replace to put the teacher's in the place of people's",
        )
    manifest = parent.manifest
    with DatasetWriter(
        out,
        name=manifest.name,
        task=manifest.task,
        classes=manifest.classes,
        image_root=image_root(parent, out),
        point_policies=manifest.point_policies,
        source=manifest.source,
        simulated=manifest.simulated,
        provenance=_provenance(parent, subject, how),
        privacy_grade=manifest.privacy_grade,
        licence=manifest.licence,
        overwrite=overwrite,
    ) as writer:
        _copy(parent, writer, bare={example.id for example in taught} if how.replace else ())
        asked: list[Asked] = [(e, e.labels[0] if how.of == "true" else None) for e in taught]
        looks = look_for(subject, parent, asked, method=_method(how), size=CELLS)
        for done, (example, told) in enumerate(zip(taught, looks, strict=True), start=1):
            writer.add_teacher_map(as_taught(told, example.labels[0], how))
            progress(done, len(taught))
    return Dataset.open(out).manifest


def as_taught(told: Told, label: int, how: Teaching) -> TeacherMap:
    """What a student is told of one picture.

    Args:
        told: where the teacher looked, and what it said.
        label: the picture's own class.
        how: `wrong` decides the weight: 1 for all; 0 where the teacher names another class; or the probability it gives
            the picture's own class. `soft_labels` adds its probabilities.
    """
    believed = float(told.probabilities[label])
    right = int(told.probabilities.argmax()) == label
    weight = {"keep": 1.0, "drop": float(right), "weigh": believed}[how.wrong]
    soft = tuple(told.probabilities.tolist()) if how.soft_labels else None
    return replace(told.map, weight=weight, probabilities=soft)


def _method(how: Teaching) -> Method:
    return Cam() if how.method == "cam" else Rise(masks=how.masks)


def _copy(parent: Dataset, writer: DatasetWriter, *, bare: Collection[str]) -> None:
    """All examples and annotations; those in `bare` lose people's maps."""
    annotations = parent.annotations()
    waiting = next(annotations, None)
    for example in parent.examples():
        own = []
        while waiting is not None and waiting.example_id == example.id:
            own.append(waiting)
            waiting = next(annotations, None)
        mask = dataset_map(parent, example.mask_path) if example.mask_path else None
        path = None if example.id in bare else example.map_path
        saliency = dataset_map(parent, path) if path else None
        writer.add(msgspec.structs.replace(example, mask_path=None, map_path=None), own, mask=mask, saliency=saliency)


def _provenance(parent: Dataset, subject: Subject, how: Teaching) -> dict[str, str]:
    known = {f"parent.{key}": value for key, value in parent.manifest.provenance.items()}
    made = subject.provenance
    known |= {"parent": parent.manifest.source, "parent_fingerprint": parent.manifest.fingerprint}
    known |= {"teacher": made.recipe, "teacher.recipe_hash": made.recipe_hash, "teacher.seed": str(made.seed)}
    return known | {f"teaching.{name}": str(value) for name, value in asdict(how).items()}


def _refuse_several_labels(parent: Dataset) -> None:
    manifest = parent.manifest
    if manifest.task != "single_label":
        raise UserFault(
            f"dataset '{manifest.name}'",
            seen="several labels a picture",
            allowed="one label a picture",
            remedy="Use 'sidelight explain' to have a model's maps of such data",
        )
