"""What people said about the pictures of a dataset, put onto that dataset: its splits, boxes and masks stay."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import msgspec

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.maps import dataset_map
from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.example import Example


def put_onto(parent: Path, collected: Path, out: Path, *, overwrite: bool = False) -> tuple[Manifest, int]:
    """Write the parent dataset anew, with the annotations of another that is about the same pictures.

    Pictures are the same when their files have the same name: a campaign sorts pictures into folders of its own.

    Args:
        parent: the dataset whose pictures were labelled; not changed. Annotations that it has are left behind.
        collected: an export of the campaign as a sidelight dataset.
        out: folder to make.
        overwrite: replace a dataset that is there.

    Returns:
        The new manifest, and how many annotations were about pictures that the parent does not have.

    Raises:
        UserFault: if two pictures of one dataset have the same file name, if a class of the annotations is none of
            the parent's, or if no annotation is about the parent's pictures.
    """
    mine, theirs = Dataset.open(parent), Dataset.open(collected)
    name_of = {example.id: name for name, example in _by_name(theirs).items()}
    label_of = _labels(theirs.manifest, mine.manifest)
    about: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in theirs.annotations():
        about[name_of[annotation.example_id]].append(annotation)
    examples = _by_name(mine)
    if not about.keys() & examples.keys():
        raise UserFault(
            f"dataset {str(collected)!r}",
            seen=f"no annotation about a picture of {str(parent)!r}",
            allowed="annotations of pictures with the same file names",
            remedy="Name the dataset whose pictures were labelled",
        )
    root = Path(mine.manifest.image_root)
    with DatasetWriter(
        out,
        name=mine.manifest.name,
        task=mine.manifest.task,
        classes=mine.manifest.classes,
        image_root=root if root.is_absolute() else Path(os.path.relpath((mine.root / root).resolve(), out.resolve())),
        point_policies=theirs.manifest.point_policies,
        source=theirs.manifest.source,
        simulated=theirs.manifest.simulated,
        provenance=theirs.manifest.provenance
        | {"onto": mine.manifest.name, "onto_fingerprint": mine.manifest.fingerprint},
        privacy_grade=theirs.manifest.privacy_grade,
        licence=mine.manifest.licence,
        overwrite=overwrite,
    ) as writer:
        for name, example in examples.items():
            bare = msgspec.structs.replace(example, mask_path=None, map_path=None)
            moved = [_moved(annotation, example, label_of) for annotation in about.get(name, ())]
            mask, saliency = (
                None if path is None else dataset_map(mine, path) for path in (example.mask_path, example.map_path)
            )
            writer.add(bare, moved, mask=mask, saliency=saliency)
    lost = sum(len(annotations) for name, annotations in about.items() if name not in examples)
    return Dataset.open(out).manifest, lost


def _by_name(dataset: Dataset) -> dict[str, Example]:
    examples = dataset.examples()
    _refuse_repeated(dataset, (PurePosixPath(example.path).name for example in examples))
    return {PurePosixPath(example.path).name: example for example in examples}


def _refuse_repeated(dataset: Dataset, names: Iterable[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise UserFault(
            f"dataset {str(dataset.root)!r}",
            seen=f"{len(twice)} file names that several pictures have, {twice[0]!r} the first",
            allowed="pictures whose file names differ, since they are recognised by them",
            remedy="Rename the pictures before they are labelled",
        )


def _labels(theirs: Manifest, mine: Manifest) -> dict[int, int]:
    """Index of a class there -> index here."""
    unknown = sorted(set(theirs.classes) - set(mine.classes))
    if unknown:
        raise UserFault(
            f"classes of the annotations of '{theirs.name}'",
            seen=", ".join(unknown[:5]),
            allowed=f"classes of '{mine.name}': {', '.join(mine.classes[:10])}",
            remedy="Name the dataset that the campaign's classes were taken from",
        )
    return {place: mine.classes.index(name) for place, name in enumerate(theirs.classes)}


def _moved(annotation: Annotation, example: Example, label_of: dict[int, int]) -> Annotation:
    label = None if annotation.label is None else label_of[annotation.label]
    return msgspec.structs.replace(annotation, example_id=example.id, label=label)
