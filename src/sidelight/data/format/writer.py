"""Writes a dataset, picture by picture, in bounded memory: all of it appears at the end, or nothing."""

import hashlib
import itertools
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from sidelight.data.format.checks import annotation_faults, example_faults, mask_faults, saliency_faults
from sidelight.data.format.fingerprint import Fingerprint, MapArray, normal_form
from sidelight.data.format.manifest import (
    MANIFEST_FILE,
    POLICIES,
    SCHEMA_VERSION,
    Manifest,
    PrivacyGrade,
    Task,
    write_manifest,
)
from sidelight.data.format.maps import map_pixels, write_map
from sidelight.data.format.repeats import Repeats
from sidelight.data.format.rows import annotations_to_table, examples_to_table, traces_to_table
from sidelight.data.format.schema import (
    ANNOTATIONS_FILE,
    EXAMPLES,
    EXAMPLES_FILE,
    IMAGES_FOLDER,
    MAPS_FOLDER,
    TRACES,
    TRACES_FILE,
    annotations_schema,
)
from sidelight.data.format.teacher_maps import TEACHER_MAPS_FILE, TeacherMap, TeacherMapWriter, teacher_map_faults
from sidelight.records.annotation import Annotation, PointPolicy
from sidelight.records.errors import UserFault
from sidelight.records.example import Example

ROW_GROUP = 10_000
"""Rows that are held before they are written."""

EVENT_GROUP = 400_000
"""Events that are held before they are written."""


class DatasetWriter:
    """A context manager that makes one dataset.

    It works in a hidden folder beside `out` (`.<name>.partial-...`) and renames it at the end. When the block is left
    by an error the folder is deleted and `out` stays as it was.

    Args:
        out: folder to make.
        name: of the dataset.
        task: single_label or multi_label.
        classes: names in the order of their indices.
        image_root: folder that examples' paths are relative to: absolute, or relative to `out`.
        point_policies: under which policies annotations may have points.
        source: the reader's name.
        simulated: what is simulated, in words; "" when nothing is.
        provenance: whatever else is worth keeping, as strings.
        privacy_grade: see `Manifest`.
        licence: see `Manifest`.
        overwrite: whether a dataset that is already at `out` may be replaced. Folders of another kind never are.

    Raises:
        UserFault: if `out` is in the way.
        ValueError: if classes repeat or a policy does not exist.
    """

    def __init__(
        self,
        out: Path,
        *,
        name: str,
        task: Task,
        classes: Sequence[str],
        image_root: Path | str,
        point_policies: Sequence[PointPolicy] = ("first", "final"),
        source: str,
        simulated: str = "",
        provenance: Mapping[str, str] | None = None,
        privacy_grade: PrivacyGrade = "L1",
        licence: str = "",
        overwrite: bool = False,
    ) -> None:
        if len(set(classes)) != len(classes):
            raise ValueError(f"classes repeat: {sorted(c for c in set(classes) if list(classes).count(c) > 1)}")
        if len(set(point_policies)) != len(point_policies) or not set(point_policies) <= set(POLICIES):
            raise ValueError(f"point policies {list(point_policies)}; different ones of {POLICIES} are allowed")
        _refuse_occupied(out, overwrite=overwrite)
        self._out = out
        self._manifest = Manifest(
            schema_version=SCHEMA_VERSION,
            name=name,
            task=task,
            classes=tuple(classes),
            image_root=Path(image_root).as_posix(),
            point_policies=tuple(point_policies),
            fingerprint="",
            source=source,
            simulated=simulated,
            provenance=dict(provenance or {}),
            privacy_grade=privacy_grade,
            licence=licence,
        )

    def __enter__(self) -> Self:
        """Make the hidden folder and open the tables."""
        self._out.parent.mkdir(parents=True, exist_ok=True)
        self._work = Path(tempfile.mkdtemp(prefix=f".{self._out.name}.partial-", dir=self._out.parent))
        self._work.chmod(0o755)
        (self._work / MAPS_FOLDER).mkdir()
        self._fingerprint = Fingerprint()
        self._examples: list[Example] = []
        self._annotations: list[Annotation] = []
        self._events = 0
        self._teacher_maps: TeacherMapWriter | None = None
        schemas = {
            EXAMPLES_FILE: EXAMPLES,
            ANNOTATIONS_FILE: annotations_schema(self._manifest.point_policies),
            TRACES_FILE: TRACES,
        }
        self._tables: dict[str, Any] = {
            file: pq.ParquetWriter(self._work / file, schema, compression="zstd") for file, schema in schemas.items()
        }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the dataset; after an error, delete what was written so far."""
        try:
            if kind is None:
                self._flush()
            for table in self._tables.values():
                table.close()
            if self._teacher_maps is not None:
                self._teacher_maps.__exit__(kind, error, trace)
            if kind is None:
                self._finish()
        finally:
            shutil.rmtree(self._work, ignore_errors=True)

    def add(
        self,
        example: Example,
        annotations: Iterable[Annotation] = (),
        *,
        mask: npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | None = None,
        saliency: npt.NDArray[np.generic] | None = None,
        image: Path | None = None,
    ) -> None:
        """Add one picture with what people did on it.

        Args:
            example: the picture.
            annotations: about this picture.
            mask: [H, W] uint8 or uint16, class index + 1, 0 = background; written to `maps/` and named in `mask_path`.
            saliency: [h, w] where people looked: floats in [0, 1] or grey levels, not the same everywhere; see
                `map_pixels`.
            image: the picture's file, to be copied to `images/<example.path>`; `image_root` is then "images".

        Raises:
            ValueError: if a record breaks a rule of the format (`checks.py`), or is about another picture.
        """
        if mask is not None:
            _refuse(example.id, mask_faults(example, mask, classes=len(self._manifest.classes)))
            example = msgspec.structs.replace(example, mask_path=self._add_map(example.id, "mask", mask))
        if saliency is not None:
            levels = map_pixels(saliency)
            _refuse(example.id, saliency_faults(levels))
            example = msgspec.structs.replace(example, map_path=self._add_map(example.id, "saliency", levels))
        example = normal_form(example)
        _refuse(example.id, example_faults(example, task=self._manifest.task, classes=len(self._manifest.classes)))
        if image is not None:
            if self._manifest.image_root != IMAGES_FOLDER:
                raise ValueError(f"image_root is {self._manifest.image_root!r}; copies need {IMAGES_FOLDER!r}")
            copy = self._work / IMAGES_FOLDER / example.path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(image, copy)
        self._fingerprint.add(example)
        self._examples.append(example)
        for annotation in annotations:
            self._add_annotation(normal_form(annotation), example)
        if max(len(self._examples), len(self._annotations)) >= ROW_GROUP or self._events >= EVENT_GROUP:
            self._flush()

    def add_teacher_map(self, found: TeacherMap) -> None:
        """Add what a model looked at on one of the pictures, before or after the picture itself.

        Raises:
            ValueError: if it breaks a rule of the format. Whether its picture is there, and has one map a class, is
                checked at the end.
        """
        _refuse(found.example_id, teacher_map_faults(found, classes=len(self._manifest.classes)))
        if self._teacher_maps is None:
            self._teacher_maps = TeacherMapWriter(self._work / TEACHER_MAPS_FILE)
            self._teacher_maps.__enter__()
        self._fingerprint.add_teacher_map(found)
        self._teacher_maps.add(found)

    def note(self, **provenance: str) -> None:
        """Add to the manifest's provenance, for what is known only at the end."""
        self._manifest.provenance.update(provenance)

    def _add_annotation(self, annotation: Annotation, example: Example) -> None:
        if annotation.example_id != example.id:
            raise ValueError(f"annotation {annotation.id!r} is about {annotation.example_id!r}, not {example.id!r}")
        _refuse(annotation.id, annotation_faults(annotation, classes=len(self._manifest.classes)))
        self._fingerprint.add(annotation)
        self._annotations.append(annotation)
        self._events += len(annotation.events)

    def _add_map(self, example_id: str, kind: str, pixels: MapArray) -> str:
        """Write a map under a name that depends on the example alone, so that equal content gives equal paths."""
        digest = hashlib.sha256(example_id.encode()).hexdigest()[:16]
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", example_id)[-60:]
        path = f"{MAPS_FOLDER}/{digest[:2]}/{stem}.{digest}.{kind}.png"
        write_map(pixels, self._work / path)
        self._fingerprint.add_map(path, pixels)
        return path

    def _flush(self) -> None:
        if self._examples:
            self._tables[EXAMPLES_FILE].write_table(examples_to_table(self._examples))
        if self._annotations:
            table = annotations_to_table(self._annotations, self._manifest.point_policies)
            self._tables[ANNOTATIONS_FILE].write_table(table)
        if self._events:
            self._tables[TRACES_FILE].write_table(traces_to_table(self._annotations))
        self._examples, self._annotations, self._events = [], [], 0

    def _finish(self) -> None:
        for file in (EXAMPLES_FILE, ANNOTATIONS_FILE):
            _refuse_repeated_ids(self._work / file)
        if self._teacher_maps is not None:
            _refuse_stray_maps(self._work)
        value = self._fingerprint.value(task=self._manifest.task, classes=self._manifest.classes)
        write_manifest(msgspec.structs.replace(self._manifest, fingerprint=value), self._work)
        if self._out.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{self._out.name}.replaced-", dir=self._out.parent))
            self._out.rename(old / "old")
            try:
                self._work.rename(self._out)
            except OSError:
                (old / "old").rename(self._out)
                raise
            finally:
                shutil.rmtree(old)
        else:
            self._work.rename(self._out)


def _refuse_occupied(out: Path, *, overwrite: bool) -> None:
    occupied = out.exists() and (not out.is_dir() or any(out.iterdir()))
    if occupied and not (out / MANIFEST_FILE).is_file():
        raise UserFault(
            f"output {str(out)!r}",
            seen="something that is not a dataset",
            allowed="a new or empty folder",
            remedy="Choose another folder",
        )
    if occupied and not overwrite:
        raise UserFault(
            f"output {str(out)!r}",
            seen="a dataset that is already there",
            allowed="a new or empty folder",
            remedy="Choose another folder, or pass --overwrite",
        )


def _refuse(record_id: str, messages: Iterable[str]) -> None:
    found = "; ".join(messages)
    if found:
        raise ValueError(f"{record_id!r}: {found}")


def _refuse_repeated_ids(path: Path) -> None:
    repeats = Repeats()
    for record_id in _ids(path):
        repeats.add(record_id)
    candidates = repeats.candidates()
    if not candidates:
        return
    counts = Counter(record_id for record_id in _ids(path) if hash(record_id) in candidates)
    repeated = {record_id: count for record_id, count in counts.items() if count > 1}
    if repeated:
        first = dict(itertools.islice(repeated.items(), 5))
        raise ValueError(f"{path.name}: {len(repeated)} ids are used more than once: {first}")


def _refuse_stray_maps(work: Path) -> None:
    pictures = set(_ids(work / EXAMPLES_FILE))
    table = pq.read_table(work / TEACHER_MAPS_FILE, columns=["example_id", "label"])
    owners = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
    stray = [example_id for example_id, _ in owners if example_id not in pictures]
    if stray:
        raise ValueError(f"{TEACHER_MAPS_FILE}: {len(stray)} maps of pictures that are not there, such as {stray[0]!r}")
    (owner, count), *_ = Counter(owners).most_common(1)
    if count > 1:
        raise ValueError(f"{TEACHER_MAPS_FILE}: {count} maps of {owner[0]!r} for class {owner[1]}; one is allowed")


def _ids(path: Path) -> Iterator[str]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=["id"]):
            yield from batch.column(0).to_pylist()
