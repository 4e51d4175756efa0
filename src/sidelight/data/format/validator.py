"""Finds everything that is wrong with a dataset, with the place of each fault."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sidelight.data.format.checks import annotation_faults, example_faults, log_faults, mask_faults, saliency_faults
from sidelight.data.format.fingerprint import Fingerprint, normal_form
from sidelight.data.format.manifest import MANIFEST_FILE, POLICIES, SCHEMA_VERSION, Manifest, read_manifest
from sidelight.data.format.maps import read_map
from sidelight.data.format.photo import photo_size
from sidelight.data.format.reader import Dataset
from sidelight.data.format.rows import Row, annotation_from_row, events_from_row, example_from_row, rows_of
from sidelight.data.format.schema import (
    ANNOTATIONS_FILE,
    EXAMPLES,
    EXAMPLES_FILE,
    TRACES,
    TRACES_FILE,
    annotations_schema,
)
from sidelight.data.format.teacher_maps import TEACHER_MAPS_FILE, read_teacher_maps, teacher_map_faults
from sidelight.records.annotation import Annotation
from sidelight.records.errors import Fault, UserFault
from sidelight.records.event import Event
from sidelight.records.example import Example

_BATCH_ROWS = 2_000
_ANY_CLASS = 2**31


def validate(root: Path) -> list[Fault]:
    """Check a dataset as a whole: manifest, tables, every row, pictures' heads, maps, fingerprint.

    Pictures are not decoded; of each only the head of its file is read.

    Args:
        root: the dataset's folder.

    Returns:
        Every fault there is; none for a sound dataset. A missing or damaged file is a fault like any other and does not
        hide those of the other files.
    """
    if not root.is_dir():
        return [Fault(str(root), "there is no such folder")]
    check = _Check(root)
    manifest = check.manifest()
    check.examples(manifest)
    check.annotations(manifest)
    check.traces()
    check.teacher_maps(manifest)
    if manifest.schema_version == SCHEMA_VERSION:
        check.fingerprint(manifest)
    return check.faults


@dataclass
class _Check:
    """One validation under way."""

    root: Path
    faults: list[Fault] = field(default_factory=list)
    example_rows: dict[str, int] | None = None
    annotation_rows: dict[str, int] | None = None

    def add(self, location: str, messages: Iterable[str]) -> None:
        self.faults.extend(Fault(location, message) for message in messages)

    def manifest(self) -> Manifest:
        """The manifest; without a readable one, a lenient stand-in of schema version 0."""
        try:
            manifest = read_manifest(self.root)
        except UserFault as error:
            self.add(MANIFEST_FILE, [f"{error.seen}; allowed: {error.allowed}"])
            return Manifest(0, "", "multi_label", (), "", self._policies_found(), "", "")
        self.add(MANIFEST_FILE, _manifest_faults(manifest))
        if not (self.root / manifest.image_root).is_dir():
            self.add(MANIFEST_FILE, [f"image_root {manifest.image_root!r}: there is no such folder"])
        return manifest

    def examples(self, manifest: Manifest) -> None:
        """Check every example, its picture and its maps."""
        classes = len(manifest.classes) if manifest.schema_version else _ANY_CLASS
        with_photos = bool(manifest.schema_version) and (self.root / manifest.image_root).is_dir()

        def check(row: Row, location: str) -> None:
            example = normal_form(example_from_row(row))
            self.add(location, example_faults(example, task=manifest.task, classes=classes))
            self.add(location, self._map_faults(example, classes))
            if with_photos:
                self.add(location, _photo_faults(self.root / manifest.image_root, example))

        self.example_rows = self._table(EXAMPLES_FILE, EXAMPLES, check)

    def annotations(self, manifest: Manifest) -> None:
        """Check every annotation, without its events."""
        classes = len(manifest.classes) if manifest.schema_version else _ANY_CLASS

        def check(row: Row, location: str) -> None:
            annotation = normal_form(annotation_from_row(row, manifest.point_policies))
            self.add(location, annotation_faults(annotation, classes=classes))
            if self.example_rows is not None and annotation.example_id not in self.example_rows:
                self.add(location, [f"it is about example {annotation.example_id!r}, which is not in {EXAMPLES_FILE}"])

        self.annotation_rows = self._table(ANNOTATIONS_FILE, annotations_schema(manifest.point_policies), check)

    def traces(self) -> None:
        """Check every event, and that the logs are in the order of the annotations."""
        furthest = -1

        def check(row: Row, location: str) -> None:
            nonlocal furthest
            annotation_id, events = events_from_row(row)
            self.add(location, _trace_faults(annotation_id, events))
            if self.annotation_rows is None:
                return
            place = self.annotation_rows.get(annotation_id)
            if place is None:
                self.add(location, [f"its annotation is not in {ANNOTATIONS_FILE}"])
            elif place < furthest:
                self.add(location, [f"it comes too late; logs have the order of {ANNOTATIONS_FILE}"])
            furthest = max(furthest, -1 if place is None else place)

        self._table(TRACES_FILE, TRACES, check)

    def teacher_maps(self, manifest: Manifest) -> None:
        """Check every map that a model made; most datasets have none."""
        if not (self.root / TEACHER_MAPS_FILE).exists():
            return
        classes = len(manifest.classes) if manifest.schema_version else _ANY_CLASS
        seen: set[tuple[str, int]] = set()
        try:
            for number, found in enumerate(read_teacher_maps(self.root / TEACHER_MAPS_FILE)):
                location = f"{TEACHER_MAPS_FILE}, row {number}, example {found.example_id!r}"
                self.add(location, teacher_map_faults(found, classes=classes))
                if self.example_rows is not None and found.example_id not in self.example_rows:
                    self.add(location, [f"there is no such example in {EXAMPLES_FILE}"])
                if (found.example_id, found.label) in seen:
                    self.add(location, [f"it is the second map for class {found.label}; one is allowed"])
                seen.add((found.example_id, found.label))
        except UserFault as error:
            self.add(TEACHER_MAPS_FILE, [error.seen])

    def fingerprint(self, manifest: Manifest) -> None:
        """Compare the content with the manifest's fingerprint; content that cannot be read has had its faults told."""
        try:
            found = content_fingerprint(Dataset(self.root, manifest))
        except (UserFault, ValueError, TypeError, OSError):
            if not self.faults:
                raise
            return
        if found != manifest.fingerprint:
            message = f"fingerprint is {manifest.fingerprint!r}, the content's is {found!r}: something was changed"
            self.add(MANIFEST_FILE, [message])

    def _policies_found(self) -> tuple[Any, ...]:
        """Those policies that annotations.parquet has columns for."""
        try:
            names = pq.read_schema(self.root / ANNOTATIONS_FILE).names
        except (pa.ArrowException, OSError):
            return ()
        return tuple(policy for policy in POLICIES if {f"{policy}_x", f"{policy}_y"} <= set(names))

    def _table(self, file: str, schema: pa.Schema, check: Callable[[Row, str], None]) -> dict[str, int] | None:
        """Check a table's columns and rows.

        Returns:
            The place of every id; None if the table cannot be read, so that nothing can be said about references to it.
        """
        try:
            table = pq.ParquetFile(self.root / file)
        except FileNotFoundError:
            self.add(file, ["there is no such file"])
            return None
        except (pa.ArrowException, OSError) as error:
            self.add(file, [f"it cannot be read: {error}"])
            return None
        with table:
            columns = list(_column_faults(table.schema_arrow, schema))
            self.add(file, columns)
            if columns and not _readable(table.schema_arrow, schema):
                return None
            try:
                return self._rows(table, file, schema, check)
            except (pa.ArrowException, OSError) as error:
                self.add(file, [f"it is damaged: {error}"])
                return None

    def _rows(
        self, table: pq.ParquetFile, file: str, schema: pa.Schema, check: Callable[[Row, str], None]
    ) -> dict[str, int]:
        places: dict[str, int] = {}
        required = [(i, column.name) for i, column in enumerate(schema) if not column.nullable]
        number = 0
        for batch in table.iter_batches(batch_size=_BATCH_ROWS, columns=schema.names):
            for row in rows_of(pa.Table.from_batches([batch]), schema.names):
                location = f"{file}, row {number}, id {row[0]!r}"
                nulls = [f"{name} is null; a value is expected" for i, name in required if row[i] is None]
                self.add(location, nulls)
                if row[0] is not None and places.setdefault(row[0], number) != number:
                    self.add(location, [f"row {places[row[0]]} has the same id"])
                if not nulls:
                    try:
                        check(row, location)
                    except (ValueError, TypeError) as error:
                        self.add(location, [str(error)])
                number += 1
        return places

    def _map_faults(self, example: Example, classes: int) -> Iterator[str]:
        for name, path in (("mask_path", example.mask_path), ("map_path", example.map_path)):
            if path is None:
                continue
            try:
                pixels = read_map(self.root / path)
            except FileNotFoundError:
                yield f"{name} {path!r}: there is no such file"
            except (OSError, ValueError) as error:
                yield f"{name} {path!r}: {error}"
            else:
                if name == "mask_path":
                    yield from mask_faults(example, pixels, classes=classes)
                else:
                    yield from saliency_faults(pixels)


def content_fingerprint(dataset: Dataset) -> str:
    """Compute a dataset's fingerprint from its tables and maps, as the writer did when it wrote them.

    Raises:
        UserFault, ValueError, OSError: if something of it cannot be read.
    """
    fingerprint = Fingerprint()
    for example in dataset.examples():
        fingerprint.add(normal_form(example))
        for path in (example.mask_path, example.map_path):
            if path is not None:
                fingerprint.add_map(path, read_map(dataset.root / path))
    for annotation in dataset.annotations():
        fingerprint.add(normal_form(annotation))
    for found in dataset.teacher_maps():
        fingerprint.add_teacher_map(found)
    return fingerprint.value(task=dataset.manifest.task, classes=dataset.manifest.classes)


def _manifest_faults(manifest: Manifest) -> Iterator[str]:
    for name in ("classes", "point_policies"):
        values = getattr(manifest, name)
        repeated = sorted({value for value in values if values.count(value) > 1})
        if repeated:
            yield f"{name} name {', '.join(map(repr, repeated))} more than once"


def _photo_faults(image_root: Path, example: Example) -> Iterator[str]:
    try:
        width, height = photo_size(image_root / example.path)
    except OSError as error:
        yield f"picture {example.path!r}: {error}"
        return
    if (width, height) != (example.width, example.height):
        yield f"picture {example.path!r} is {width}x{height}, not {example.width}x{example.height} as the table says"


def _trace_faults(annotation_id: str, events: tuple[Event, ...]) -> Iterator[str]:
    if not events:
        yield "it has no events; only annotations with events have a row"
    log = normal_form(Annotation(annotation_id, "", events=events))
    yield from log_faults(log.events)


def _column_faults(found: pa.Schema, expected: pa.Schema) -> Iterator[str]:
    for column in expected:
        if column.name not in found.names:
            yield f"column {column.name!r} is missing; it should be of type {column.type}"
        elif found.field(column.name).type != column.type:
            yield f"column {column.name!r} is of type {found.field(column.name).type}; {column.type} is expected"
    for name in found.names:
        if name not in expected.names:
            yield f"column {name!r} is unknown; allowed: {', '.join(expected.names)}"


def _readable(found: pa.Schema, expected: pa.Schema) -> bool:
    """Whether every expected column is there with its type; unknown ones are in nobody's way."""
    return all(column.name in found.names and found.field(column.name).type == column.type for column in expected)
