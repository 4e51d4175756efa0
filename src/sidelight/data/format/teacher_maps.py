"""Maps that a model made, raw: what a teacher tells a student. At most 512 bytes a map of 7 x 7 to 16 x 16."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sidelight.records.errors import UserFault

TEACHER_MAPS_FILE = "teacher_maps.parquet"

TEACHER_MAPS = pa.schema(
    [
        pa.field("example_id", pa.string(), nullable=False),
        pa.field("label", pa.int32(), nullable=False),
        pa.field("height", pa.int32(), nullable=False),
        pa.field("width", pa.int32(), nullable=False),
        pa.field("map", pa.list_(pa.float16()), nullable=False),
        pa.field("x0", pa.float64(), nullable=False),
        pa.field("y0", pa.float64(), nullable=False),
        pa.field("x1", pa.float64(), nullable=False),
        pa.field("y1", pa.float64(), nullable=False),
        pa.field("confidence", pa.float32()),
        pa.field("weight", pa.float32(), nullable=False),
        pa.field("method", pa.string(), nullable=False),
        pa.field("teacher", pa.string(), nullable=False),
        pa.field("probabilities", pa.list_(pa.float32())),
    ]
)

_ROWS = 4_000
_REPEATING = [name for name in TEACHER_MAPS.names if name not in ("example_id", "map", "confidence", "probabilities")]
WHOLE = (0.0, 0.0, 1.0, 1.0)
"""A map that covers the picture from edge to edge."""


@dataclass(frozen=True, eq=False)
class TeacherMap:
    """Where a model saw a class on a picture.

    Attributes:
        example_id: the picture.
        label: index of the class that the map explains (not always the picture's own).
        map: [h, w] float16, as the model gave it: unscaled, negative parts included.
        view: x0, y0, x1, y1 of the part of the picture that the map covers, in [0, 1]: less than all of it where the
            model saw a central square only.
        confidence: the model's probability of `label`, in [0, 1]; None when unknown.
        weight: how much the map shall count, in [0, 1].
        method: what made it: "cam", "rise" ...
        teacher: fingerprint of the model's weights.
        probabilities: [C] of all classes, in [0, 1]: soft labels; None where they were not asked for.
    """

    example_id: str
    label: int
    map: npt.NDArray[np.float16]
    view: tuple[float, float, float, float] = WHOLE
    confidence: float | None = None
    weight: float = 1.0
    method: str = ""
    teacher: str = ""
    probabilities: tuple[float, ...] | None = None


def teacher_map_faults(found: TeacherMap, *, classes: int) -> Iterator[str]:
    """Say everything that is wrong with a map, one message a fault.

    >>> list(teacher_map_faults(TeacherMap("cat_1", 0, np.zeros((7, 7), np.float16), weight=2.0), classes=1))
    ['weight is 2.0; [0, 1] is allowed']
    """
    if not 0 <= found.label < classes:
        yield f"label is {found.label}; 0 to {classes - 1} are allowed"
    if found.map.ndim != 2 or 0 in found.map.shape:
        yield f"the map has the shape {found.map.shape}; (height, width) of at least 1 are allowed"
    elif not np.isfinite(found.map).all():
        yield "the map holds a number that is not finite in float16 (at most 65504); finite ones are allowed"
    x0, y0, x1, y1 = found.view
    if not (0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1):
        yield f"the map covers {found.view}; x0 < x1 and y0 < y1 in [0, 1] are allowed"
    for name in ("confidence", "weight"):
        value = getattr(found, name)
        if value is not None and not 0 <= value <= 1:
            yield f"{name} is {value}; [0, 1] is allowed"
    soft = found.probabilities
    if soft is not None and (len(soft) != classes or not all(0 <= value <= 1 for value in soft)):
        yield f"probabilities are {soft}; {classes} numbers in [0, 1] are allowed"


class TeacherMapWriter:
    """A context manager that writes one file of maps, a few thousand in memory at a time.

    Args:
        path: of the file to make; a file that is there is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[TeacherMap] = []

    def __enter__(self) -> Self:
        """Open the file."""
        self._file = pq.ParquetWriter(self._path, TEACHER_MAPS, compression="zstd", use_dictionary=_REPEATING)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits, and close the file; after an error it is deleted."""
        with self._file:
            if kind is None:
                self._flush()
        if kind is not None:
            with suppress(FileNotFoundError):
                self._path.unlink()

    def add(self, found: TeacherMap) -> None:
        """Add one map."""
        self._waiting.append(found)
        if len(self._waiting) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._file.write_table(_table(self._waiting))
        self._waiting = []


def write_teacher_maps(path: Path, maps: Iterable[TeacherMap]) -> int:
    """Write maps into a file of their own.

    Returns:
        How many.
    """
    with TeacherMapWriter(path) as file:
        number = 0
        for number, found in enumerate(maps, start=1):  # noqa: B007
            file.add(found)
    return number


def read_teacher_maps(path: Path) -> Iterator[TeacherMap]:
    """Read maps, in the order of the file, a few thousand in memory at a time.

    Raises:
        UserFault: if the file cannot be read, lacks a column, or holds a map of another size than it says.
    """
    try:
        with pq.ParquetFile(path) as file:
            for field in TEACHER_MAPS:
                index = file.schema_arrow.get_field_index(field.name)
                if index < 0 or file.schema_arrow.field(index).type != field.type:
                    raise _unreadable(path, f"no column {field.name!r} of type {field.type}")
            for batch in file.iter_batches(batch_size=_ROWS, columns=TEACHER_MAPS.names):
                yield from _records(batch)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(path, str(error)) from error


def _table(maps: list[TeacherMap]) -> pa.Table:
    columns: dict[str, Any] = {
        name: [getattr(found, name) for found in maps]
        for name in ("example_id", "label", "confidence", "weight", "method", "teacher", "probabilities")
    }
    columns |= {name: [found.map.shape[axis] for found in maps] for axis, name in enumerate(("height", "width"))}
    columns |= {name: [found.view[place] for found in maps] for place, name in enumerate(("x0", "y0", "x1", "y1"))}
    flat = np.concatenate([found.map.astype(np.float16, copy=False).ravel() for found in maps])
    ends = np.cumsum([0, *(found.map.size for found in maps)])
    columns["map"] = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(flat))
    return pa.Table.from_pydict(columns, schema=TEACHER_MAPS)


def _records(batch: pa.RecordBatch) -> Iterator[TeacherMap]:
    values = {name: batch.column(name).to_pylist() for name in TEACHER_MAPS.names if name != "map"}
    lists = batch.column("map")
    flat, starts = lists.values.to_numpy(zero_copy_only=False), lists.offsets.to_pylist()
    for number in range(batch.num_rows):
        row = {name: column[number] for name, column in values.items()}
        shape = row.pop("height"), row.pop("width")
        view = tuple(row.pop(name) for name in ("x0", "y0", "x1", "y1"))
        soft = row.pop("probabilities")
        cells = flat[starts[number] : starts[number + 1]]
        if len(cells) != shape[0] * shape[1]:
            raise ValueError(f"the map of {row['example_id']!r} has {len(cells)} cells, not {shape[0]} x {shape[1]}")
        known = None if soft is None else tuple(soft)
        yield TeacherMap(map=cells.reshape(shape), view=view, probabilities=known, **row)


def _unreadable(path: Path, seen: str) -> UserFault:
    return UserFault(
        f"maps {str(path)!r}",
        seen=seen,
        allowed="a parquet file with the columns of data/format/README.md",
        remedy="Make them again with `sidelight teach`, or restore the file",
    )
