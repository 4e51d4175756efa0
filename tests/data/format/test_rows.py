import pytest

from sidelight.data.format.rows import (
    EventLogs,
    annotation_from_row,
    annotations_to_table,
    events_from_row,
    rows_of,
    traces_to_table,
)
from sidelight.data.format.schema import TRACES, annotations_schema
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

POLICIES = ("first", "final")


def row(**change):
    table = annotations_to_table([Annotation("a", "e", points={"final": (0.5, 0.25)})], POLICIES)
    names = annotations_schema(POLICIES).names
    return tuple((dict(zip(names, next(rows_of(table, names)), strict=True)) | change).values())


def test_only_annotations_with_events_have_a_log():
    annotations = [Annotation("a", "e"), Annotation("b", "e", events=(Event("enter"), Event("leave", 2.0)))]
    table = traces_to_table(annotations)
    assert table.column("annotation_id").to_pylist() == ["b"]
    assert table.column("elapsed_ms").to_pylist() == [[None, 2.0]]
    assert traces_to_table([]).schema == TRACES


def test_a_point_without_columns_is_refused_rather_than_lost():
    with pytest.raises(ValueError, match=r"has points \['final'\]"):
        annotations_to_table([Annotation("a", "e", points={"final": (0.5, 0.25)})], ("first",))


def test_policies_without_a_point_are_left_out():
    assert annotation_from_row(row(), POLICIES).points == {"final": (0.5, 0.25)}
    assert annotation_from_row(row(final_x=None, final_y=None), POLICIES).points == {}


def test_half_a_point_is_refused():
    with pytest.raises(ValueError, match="and first_y is None"):
        annotation_from_row(row(first_x=0.5), POLICIES)


@pytest.mark.parametrize("extra", ["{", "[]", '{"a": 1}'])
def test_extra_must_be_an_object_of_texts(extra):
    with pytest.raises(ValueError, match="extra is "):
        annotation_from_row(row(extra=extra), POLICIES)


def test_lists_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        events_from_row(("a", ["enter"], [0.0], [], [None], [None], [None], [None], [False]))


def test_logs_wait_for_their_annotation():
    logs = EventLogs(iter([("b", (Event("enter"),)), ("c", ())]))
    assert logs.of("a") == ()
    assert logs.of("b") == (Event("enter"),)
    assert logs.left_over == "c"
    assert logs.of("c") == ()
    assert logs.left_over is None
