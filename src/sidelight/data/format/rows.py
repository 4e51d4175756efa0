"""Records to columns and back. Nothing is rounded, dropped or invented on the way."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from sidelight.data.format.schema import EXAMPLES, TRACES, annotations_schema
from sidelight.records.annotation import Annotation, Point, PointPolicy
from sidelight.records.event import Event
from sidelight.records.example import Box, Example

Row = tuple[Any, ...]

_EXTRA = msgspec.json.Encoder(order="deterministic")


def examples_to_table(examples: Sequence[Example]) -> pa.Table:
    """One row an example, in the columns of `schema.EXAMPLES`."""
    columns = {name: [getattr(example, name) for example in examples] for name in EXAMPLES.names}
    columns["boxes"] = [[msgspec.structs.asdict(box) for box in boxes] for boxes in columns["boxes"]]
    return pa.Table.from_pydict(columns, schema=EXAMPLES)


def example_from_row(row: Row) -> Example:
    """One row, in the order of `schema.EXAMPLES`, as a record; the inverse of `examples_to_table`."""
    fields = dict(zip(EXAMPLES.names, row, strict=True))
    fields["labels"] = tuple(fields["labels"])
    fields["boxes"] = tuple(Box(**box) for box in fields["boxes"])
    return Example(**fields)


def annotations_to_table(annotations: Sequence[Annotation], policies: tuple[PointPolicy, ...]) -> pa.Table:
    """One row an annotation, without its events.

    Raises:
        ValueError: if an annotation has a point under a policy that has no columns: it would be lost.
    """
    schema = annotations_schema(policies)
    for annotation in annotations:
        if not annotation.points.keys() <= set(policies):
            raise ValueError(f"annotation {annotation.id!r} has points {list(annotation.points)}, not {policies}")
    columns: dict[str, list[Any]] = {}
    for policy in policies:
        for axis, suffix in enumerate("xy"):
            columns[f"{policy}_{suffix}"] = [_coordinate(annotation, policy, axis) for annotation in annotations]
    for name in schema.names:
        if name not in columns:
            columns[name] = [getattr(annotation, name) for annotation in annotations]
    columns["extra"] = [_EXTRA.encode(extra).decode() if extra else None for extra in columns["extra"]]
    return pa.Table.from_pydict(columns, schema=schema)


def annotation_from_row(row: Row, policies: tuple[PointPolicy, ...], events: tuple[Event, ...] = ()) -> Annotation:
    """One row, in the order of `annotations_schema(policies)`, as a record; the inverse of `annotations_to_table`.

    Raises:
        ValueError: if half a point is missing, or `extra` is not a JSON object of strings.
    """
    fields = dict(zip(annotations_schema(policies).names, row, strict=True))
    points: dict[PointPolicy, Point] = {}
    for policy in policies:
        x, y = fields.pop(f"{policy}_x"), fields.pop(f"{policy}_y")
        if (x is None) != (y is None):
            raise ValueError(f"{policy}_x is {x} and {policy}_y is {y}; two numbers or two nulls are expected")
        if x is not None:
            points[policy] = (x, y)
    fields["extra"] = {} if fields["extra"] is None else _extra(fields["extra"])
    return Annotation(**fields, points=points, events=events)


def traces_to_table(annotations: Sequence[Annotation]) -> pa.Table:
    """One row for every annotation that has events: the whole log, one list a column."""
    logged = [annotation for annotation in annotations if annotation.events]
    flat = [event for annotation in logged for event in annotation.events]
    ends = itertools.accumulate((len(annotation.events) for annotation in logged), initial=0)
    offsets = pa.array(ends, pa.int32())
    columns = [pa.array([annotation.id for annotation in logged], pa.string())]
    for column in list(TRACES)[1:]:
        values = pa.array([getattr(event, column.name) for event in flat], column.type.value_type)
        columns.append(pa.ListArray.from_arrays(offsets, values))
    return pa.Table.from_arrays(columns, schema=TRACES)


def events_from_row(row: Row) -> tuple[str, tuple[Event, ...]]:
    """One row, in the order of `schema.TRACES`, as the annotation's id and its events.

    Raises:
        ValueError: if the row's lists differ in length.
    """
    annotation_id, *lists = row
    return annotation_id, tuple(Event(*values) for values in zip(*lists, strict=True))


class EventLogs:
    """Walks the traces beside the annotations; both files have the same order, so only one log is in memory."""

    def __init__(self, logs: Iterator[tuple[str, tuple[Event, ...]]]) -> None:
        self._logs = logs
        self._next = next(logs, None)

    def of(self, annotation_id: str) -> tuple[Event, ...]:
        """The events of the annotation that is next in order; none if the file has no row for it."""
        if self._next is None or self._next[0] != annotation_id:
            return ()
        events = self._next[1]
        self._next = next(self._logs, None)
        return events

    @property
    def left_over(self) -> str | None:
        """Id of the first log that no annotation asked for; None when all were taken."""
        return None if self._next is None else self._next[0]


def rows_of(table: pa.Table, names: Sequence[str]) -> Iterator[Row]:
    """The table's rows as tuples of Python values, in the order of `names`."""
    return zip(*(table.column(name).to_pylist() for name in names), strict=True)


def _coordinate(annotation: Annotation, policy: PointPolicy, axis: int) -> float | None:
    point = annotation.points.get(policy)
    return None if point is None else point[axis]


def _extra(text: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.DecodeError as error:
        raise ValueError(f"extra is {text!r}: {error}") from error
