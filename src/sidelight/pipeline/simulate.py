"""A dataset with boxes or masks -> the same dataset labelled by simulated people."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import msgspec
import pyarrow.compute as pc

from sidelight.data.format.manifest import POLICIES, Manifest, Task
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.source.progress import Progress
from sidelight.pipeline.maps import GreyMap, dataset_map
from sidelight.pipeline.parent import image_root, refuse_own_place
from sidelight.records.annotation import Annotation, PointPolicy
from sidelight.records.errors import UserFault
from sidelight.signal.annotator import SIMULATED_STATEMENT, SimulatedAnnotator

PEOPLE_TOO = " Annotations of people lie beside them in the same dataset."

POLICIES_OF: dict[Task, tuple[PointPolicy, ...]] = {
    "single_label": ("first", "final"),
    "multi_label": ("last_add", "final_position"),
}


def simulate(
    dataset: Path,
    out: Path,
    *,
    annotator: SimulatedAnnotator,
    progress: Progress,
    keep_existing: bool = False,
    overwrite: bool = False,
) -> Manifest:
    """Write a copy of a dataset in which simulated people have done the labelling.

    Examples, masks and heat maps stay what they are, and the pictures stay where they are. Annotations of an earlier
    simulation are replaced. Annotations by people are not mixed with simulated ones unless that is asked for.

    Args:
        dataset: folder of the dataset to draw from.
        out: folder to make.
        annotator: the parameters.
        progress: told after every example.
        keep_existing: take people's annotations along; the manifest then says that both are there.
        overwrite: whether a dataset that is already at `out` may be replaced.

    Returns:
        The new dataset's manifest. `simulated` says what is simulated; `provenance` names the parent's fingerprint,
        every parameter, and how many examples had neither box nor mask and so were not annotated.

    Raises:
        UserFault: if people's annotations are in the way, if no example has a box or a mask, if a mask cannot be read,
            or if `out` lies where the dataset or its pictures are.
    """
    parent = Dataset.open(dataset)
    refuse_own_place(parent, out)
    people = _count_of_people(parent)
    if people and not keep_existing:
        raise UserFault(
            f"dataset {str(dataset)!r}",
            seen=f"{people} annotations by people",
            allowed="a dataset without, so that nobody takes simulated clicks for theirs",
            remedy="Pass --keep-existing to have both in one dataset, or convert the source without its annotations",
        )
    manifest = parent.manifest
    policies = set(POLICIES_OF[manifest.task]) | (set(manifest.point_policies) if people else set())
    with DatasetWriter(
        out,
        name=manifest.name,
        task=manifest.task,
        classes=manifest.classes,
        image_root=image_root(parent, out),
        point_policies=[policy for policy in POLICIES if policy in policies],
        source="simulated",
        simulated=SIMULATED_STATEMENT + (PEOPLE_TOO if people else ""),
        provenance=_provenance(parent, annotator),
        privacy_grade=manifest.privacy_grade if people else "L0",
        licence=manifest.licence,
        overwrite=overwrite,
    ) as writer:
        _write(parent, writer, annotator, _by_people(parent) if people else iter(()), progress)
    return Dataset.open(out).manifest


def _write(
    parent: Dataset,
    writer: DatasetWriter,
    annotator: SimulatedAnnotator,
    existing: Iterator[Annotation],
    progress: Progress,
) -> None:
    examples = parent.examples()
    waiting = next(existing, None)
    without_place = made = 0
    for done, example in enumerate(examples, start=1):
        kept = []
        while waiting is not None and waiting.example_id == example.id:
            kept.append(waiting)
            waiting = next(existing, None)
        mask = _map_or_none(parent, example.mask_path)
        drawn = annotator.annotate(example, mask=mask, task=parent.manifest.task, classes=parent.manifest.classes)
        made += len(drawn)
        without_place += mask is None and not example.boxes
        bare = msgspec.structs.replace(example, mask_path=None, map_path=None)
        writer.add(bare, [*kept, *drawn], mask=mask, saliency=_map_or_none(parent, example.map_path))
        progress(done, len(examples))
    for found in parent.teacher_maps():
        writer.add_teacher_map(found)
    if waiting is not None:
        raise _out_of_order(parent, waiting)
    if not made:
        raise UserFault(
            f"dataset {str(parent.root)!r}",
            seen="no annotation could be drawn: no example has a box or a mask of its class",
            allowed="boxes or masks on at least some examples",
            remedy="Convert the source with its boxes",
        )
    writer.note(simulated_annotations=str(made), examples_without_box_or_mask=str(without_place))


def _by_people(parent: Dataset) -> Iterator[Annotation]:
    return (annotation for annotation in parent.annotations() if annotation.source != "simulated")


def _count_of_people(parent: Dataset) -> int:
    sources = parent.table("annotations", ["source"]).column("source")
    return int(pc.sum(pc.not_equal(sources, "simulated")).as_py() or 0)


def _map_or_none(parent: Dataset, path: str | None) -> GreyMap | None:
    return None if path is None else dataset_map(parent, path)


def _provenance(parent: Dataset, annotator: SimulatedAnnotator) -> dict[str, str]:
    known = {f"parent.{key}": value for key, value in parent.manifest.provenance.items()}
    known |= {"parent": parent.manifest.source, "parent_fingerprint": parent.manifest.fingerprint}
    return known | {f"annotator.{field.name}": str(getattr(annotator, field.name)) for field in fields(annotator)}


def _out_of_order(parent: Dataset, annotation: Annotation) -> UserFault:
    return UserFault(
        f"annotation {annotation.id!r} of dataset {str(parent.root)!r}",
        seen="not in the order of the examples",
        allowed="annotations in the order of examples.parquet, as the writer leaves them",
        remedy=f"Run `sidelight data validate {parent.root}`, or convert the source again",
    )
