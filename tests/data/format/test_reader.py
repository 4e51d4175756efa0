import duckdb
import hypothesis.extra.numpy as arrays
import msgspec
import numpy as np
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidelight.data.format.maps import map_pixels, read_map
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import content_fingerprint
from sidelight.data.format.writer import DatasetWriter
from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.event import Event
from sidelight.records.example import Box, Example

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
PLACE = st.floats(-0.05, 1.05)
POINT = st.tuples(PLACE, PLACE)
KINDS = st.sampled_from(["enter", "leave", "move", "select", "deselect", "add", "move_icon", "remove", "panel"])
POINTER_EVENT = st.builds(
    Event,
    kind=KINDS,
    elapsed_ms=st.none() | NUMBER,
    x=st.none() | PLACE,
    y=st.none() | PLACE,
    label=st.none() | TEXT,
    from_x=st.none() | PLACE,
    from_y=st.none() | PLACE,
)
EVENT = POINTER_EVENT | st.builds(Event, kind=KINDS, keyboard=st.just(value=True))
BOX = st.builds(
    Box, st.floats(0, 0.4), st.floats(0, 0.4), st.floats(0.5, 1), st.floats(0.5, 1), st.none() | st.integers(0, 2)
)
EXAMPLE = st.builds(
    Example,
    id=TEXT.filter(bool),
    path=st.just("a.png"),
    split=st.sampled_from(["train", "validation", "test"]),
    width=st.integers(1, 2**31 - 1),
    height=st.integers(1, 2**31 - 1),
    labels=st.lists(st.integers(0, 2), unique=True).map(tuple),
    boxes=st.lists(BOX, max_size=3).map(tuple),
    group=TEXT,
)
ANNOTATION = st.builds(
    Annotation,
    id=TEXT.filter(bool),
    example_id=st.just(""),
    annotator=TEXT,
    source=TEXT,
    label=st.none() | st.integers(0, 2),
    selected=st.none() | st.booleans(),
    points=st.dictionaries(st.sampled_from(["last_add", "final_position"]), POINT),
    dwell_ms=st.none() | st.floats(0, 1e300),
    started_at=st.none() | st.floats(0, 1e300),
    events=st.lists(EVENT, max_size=4).map(tuple),
    extra=st.dictionaries(TEXT, TEXT, max_size=3),
)


def write(root, pictures, **options):
    defaults = {"name": "n", "task": "multi_label", "classes": ["a", "b", "c"], "image_root": "photos", "source": "t"}
    policies = ("last_add", "final_position")
    with DatasetWriter(root, **(defaults | options), point_policies=policies, overwrite=True) as out:
        for example, annotations in pictures:
            out.add(example, annotations)
    return Dataset.open(root)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.lists(EXAMPLE, unique_by=lambda example: example.id, max_size=4),
    st.lists(ANNOTATION, unique_by=lambda annotation: annotation.id, max_size=6),
)
def test_every_record_is_read_as_it_was_written(tmp_path, examples, annotations):
    pictures = [(example, []) for example in examples]
    for number, annotation in enumerate(annotations if examples else []):
        example, mine = pictures[number % len(examples)]
        mine.append(msgspec.structs.replace(annotation, example_id=example.id))
    dataset = write(tmp_path / "d", pictures)
    assert dataset.examples() == examples
    assert list(dataset.annotations()) == [annotation for _, mine in pictures for annotation in mine]
    assert content_fingerprint(dataset) == dataset.manifest.fingerprint


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(
    st.sampled_from([np.uint8, np.uint16])
    .flatmap(lambda kind: arrays.arrays(kind, st.tuples(st.integers(1, 9), st.integers(1, 9))))
    .filter(lambda levels: levels.min() < levels.max())
)
def test_every_map_is_read_as_it_was_written(tmp_path, levels):
    height, width = levels.shape
    example = Example("e", "e.png", "train", width, height, ())
    with DatasetWriter(
        tmp_path / "d", name="n", task="multi_label", classes=["a"], image_root="/", source="t", overwrite=True
    ) as out:
        out.add(example, saliency=levels)
    dataset = Dataset.open(tmp_path / "d")
    found = read_map(dataset.root / dataset.examples()[0].map_path)
    assert found.dtype == levels.dtype == map_pixels(levels).dtype
    np.testing.assert_array_equal(found, levels)
    assert content_fingerprint(dataset) == dataset.manifest.fingerprint


@pytest.fixture
def dataset(tmp_path):
    events = (Event("enter", 0.0), Event("add", 12.5, 0.5, 0.25, label="a"))
    annotation = Annotation("r1", "e1", label=2, selected=True, points={"last_add": (0.5, 0.25)}, events=events)
    examples = [
        Example(f"e{i}", f"{i}.png", "train", 8, 6, (0, 2), boxes=(Box(0.0, 0.0, 0.5, 1.0, 2),)) for i in (1, 2)
    ]
    return write(tmp_path / "d", [(examples[0], [annotation]), (examples[1], [])])


def test_it_opens_with_pandas(dataset):
    examples = pd.read_parquet(dataset.root / "examples.parquet")
    annotations = pd.read_parquet(dataset.root / "annotations.parquet")
    assert examples["labels"].map(list).tolist() == [[0, 2], [0, 2]]
    assert examples["boxes"][0][0]["x1"] == 0.5
    assert annotations["last_add_y"].tolist() == [0.25]
    assert pd.read_parquet(dataset.root / "traces.parquet")["elapsed_ms"][0].tolist() == [0.0, 12.5]


def test_it_opens_with_polars(dataset):
    examples = pl.read_parquet(dataset.root / "examples.parquet")
    joined = examples.join(pl.read_parquet(dataset.root / "annotations.parquet"), left_on="id", right_on="example_id")
    assert joined.select("id", "label", "final_position_x").rows() == [("e1", 2, None)]
    assert examples["boxes"].explode().struct.field("label").to_list() == [2, 2]
    assert pl.read_parquet(dataset.root / "traces.parquet")["kind"].to_list() == [["enter", "add"]]


def test_it_opens_with_duckdb(dataset):
    def rows(query):
        return duckdb.sql(query.format(root=dataset.root)).fetchall()

    assert rows("select id, labels[2], boxes[1].x1 from '{root}/examples.parquet'") == [("e1", 2, 0.5), ("e2", 2, 0.5)]
    assert rows("select last_add_x, extra from '{root}/annotations.parquet'") == [(0.5, None)]
    assert rows("select unnest(x) from '{root}/traces.parquet'") == [(None,), (0.5,)]


def test_tables_are_read_by_column(dataset):
    assert dataset.table("examples", ["id"]).to_pydict() == {"id": ["e1", "e2"]}
    assert dataset.table("annotations").num_columns == 13
    assert dataset.table("traces").num_rows == 1


def test_a_column_that_is_not_there_is_a_fault(dataset):
    with pytest.raises(UserFault, match="no column 'mood'"):
        dataset.table("examples", ["mood"])


def test_relative_image_roots_are_relative_to_the_dataset(dataset):
    assert dataset.image_path(dataset.examples()[0]) == dataset.root / "photos" / "1.png"


def test_absolute_image_roots_stay(tmp_path):
    dataset = write(tmp_path / "d", [(Example("e", "a/1.png", "train", 8, 6, ()), [])], image_root=tmp_path / "photos")
    assert dataset.image_path(dataset.examples()[0]) == tmp_path / "photos" / "a" / "1.png"


@pytest.mark.parametrize("content", [None, b"no parquet"])
def test_a_table_that_cannot_be_read_is_a_fault_that_names_it(dataset, content):
    (dataset.root / "examples.parquet").unlink()
    if content:
        (dataset.root / "examples.parquet").write_bytes(content)
    with pytest.raises(UserFault, match=r"examples.parquet.*sidelight data validate"):
        dataset.examples()
    with pytest.raises(UserFault, match=r"examples.parquet.*sidelight data validate"):
        dataset.table("examples")


def test_a_table_of_another_form_is_a_fault(dataset):
    path = dataset.root / "annotations.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["selected"]), path)
    with pytest.raises(UserFault, match="no column 'selected' of type bool"):
        list(dataset.annotations())


def test_logs_out_of_place_are_a_fault_and_not_lost(dataset):
    path = dataset.root / "traces.parquet"
    table = pq.read_table(path)
    pq.write_table(table.set_column(0, table.schema.field(0), [["r9"]]), path)
    with pytest.raises(UserFault, match="annotation 'r9' is out of place"):
        list(dataset.annotations())


def test_a_folder_that_is_no_dataset_is_refused(tmp_path):
    with pytest.raises(UserFault, match="no manifest"):
        Dataset.open(tmp_path)
    with pytest.raises(UserFault, match="no such folder"):
        Dataset.open(tmp_path / "none")
    (tmp_path / "manifest.json").write_text('{"schema_version": "one"}')
    with pytest.raises(UserFault, match="Expected `int`"):
        Dataset.open(tmp_path)
