"""Opens a dataset."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from sidelight.data.format.manifest import Manifest, read_manifest
from sidelight.data.format.rows import EventLogs, Row, annotation_from_row, events_from_row, example_from_row, rows_of
from sidelight.data.format.schema import EXAMPLES, TRACES, annotations_schema
from sidelight.data.format.teacher_maps import TEACHER_MAPS_FILE, TeacherMap, read_teacher_maps
from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.example import Example

TableName = Literal["examples", "annotations", "traces"]

_BATCH_ROWS = 2_000


@dataclass(frozen=True)
class Dataset:
    """A dataset on disk. Opening reads the manifest only; the tables are read when asked for.

    Attributes:
        root: its folder.
        manifest: what it is.
    """

    root: Path
    manifest: Manifest

    @classmethod
    def open(cls, root: Path) -> "Dataset":
        """Open the dataset in this folder.

        Raises:
            UserFault: if it is not one, or of another schema version.
        """
        return cls(root, read_manifest(root))

    def examples(self) -> list[Example]:
        """Every example, in the order of the file.

        Raises:
            UserFault: if the table cannot be read.
        """
        return [example_from_row(row) for row in self._rows("examples")]

    def annotations(self) -> Iterator[Annotation]:
        """Every annotation with its events, in the order of the file, a few thousand in memory at a time.

        Raises:
            UserFault: if a table cannot be read, or the traces are not in the order of the annotations.
        """
        logs = EventLogs(events_from_row(row) for row in self._rows("traces"))
        for row in self._rows("annotations"):
            yield annotation_from_row(row, self.manifest.point_policies, logs.of(row[0]))
        if logs.left_over is not None:
            raise UserFault(
                f"table {str(self._path('traces'))!r}",
                seen=f"the row of annotation {logs.left_over!r} is out of place",
                allowed="at most one row an annotation, in the order of annotations.parquet",
                remedy=f"Run `sidelight data validate {self.root}`",
            )

    @property
    def taught(self) -> bool:
        """Whether a model's maps are part of it."""
        return (self.root / TEACHER_MAPS_FILE).exists()

    def teacher_maps(self) -> Iterator[TeacherMap]:
        """What a model looked at, in the order of the file; nothing when no model has seen the dataset.

        Raises:
            UserFault: if the file cannot be read.
        """
        return read_teacher_maps(self.root / TEACHER_MAPS_FILE) if self.taught else iter(())

    def table(self, name: TableName, columns: Sequence[str] | None = None) -> pa.Table:
        """A whole table.

        Args:
            name: which.
            columns: only these; None = all.

        Raises:
            UserFault: if the table cannot be read or lacks a column.
        """
        wanted = self._schema(name).names if columns is None else list(columns)
        file = self._open(name)
        missing = [column for column in wanted if column not in file.schema_arrow.names]
        if missing:
            raise self._unreadable(name, f"no column {missing[0]!r}")
        try:
            return file.read(columns=wanted)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(name, str(error)) from error

    def image_path(self, example: Example) -> Path:
        """Where the example's picture is."""
        return self.root / self.manifest.image_root / example.path

    def _rows(self, name: TableName) -> Iterator[Row]:
        file = self._open(name)
        schema = self._schema(name)
        for field in schema:
            index = file.schema_arrow.get_field_index(field.name)
            if index < 0 or file.schema_arrow.field(index).type != field.type:
                raise self._unreadable(name, f"no column {field.name!r} of type {field.type}")
        try:
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=schema.names):
                yield from rows_of(pa.Table.from_batches([batch]), schema.names)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(name, str(error)) from error

    def _open(self, name: TableName) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self._path(name))
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(name, str(error)) from error

    def _path(self, name: TableName) -> Path:
        return self.root / f"{name}.parquet"

    def _schema(self, name: TableName) -> pa.Schema:
        policies = self.manifest.point_policies
        return {"examples": EXAMPLES, "annotations": annotations_schema(policies), "traces": TRACES}[name]

    def _unreadable(self, name: TableName, seen: str) -> UserFault:
        return UserFault(
            f"table {str(self._path(name))!r}",
            seen=seen,
            allowed="a parquet file with the columns of data/format/README.md",
            remedy=f"Run `sidelight data validate {self.root}` to see every fault",
        )
