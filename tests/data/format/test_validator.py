import json

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import content_fingerprint, validate
from sidelight.data.format.writer import DatasetWriter
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event
from sidelight.records.example import Box, Example


@pytest.fixture
def root(tmp_path):
    """A sound dataset of three photos; the first has a mask and a map, each has an annotation with two events."""
    (tmp_path / "photos").mkdir()
    events = (Event("enter", 0.0), Event("select", 5.0, 0.5, 0.5))
    with DatasetWriter(
        tmp_path / "d", name="n", task="single_label", classes=["a", "b"], image_root=tmp_path / "photos", source="test"
    ) as out:
        for i in range(3):
            Image.new("RGB", (8, 6)).save(tmp_path / "photos" / f"{i}.png")
            out.add(
                Example(f"e{i}", f"{i}.png", "train", 8, 6, (i % 2,), boxes=(Box(0.0, 0.0, 0.5, 0.5),)),
                [Annotation(f"a{i}", f"e{i}", label=i % 2, points={"final": (0.5, 0.5)}, events=events)],
                mask=np.ones((6, 8), np.uint8) if i == 0 else None,
                saliency=np.eye(2) / 2 if i == 0 else None,
            )
    return tmp_path / "d"


def faults_of(root):
    return [str(fault) for fault in validate(root)]


def change(root, table, row, **values):
    """Put other values into one row of a table, keeping its schema (null where it should not be included)."""
    path = root / f"{table}.parquet"
    old = pq.read_table(path)
    schema = pa.schema([field.with_nullable(True) for field in old.schema])
    rows = old.to_pylist()
    rows[row] |= values
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def change_manifest(root, **values):
    path = root / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_sound_dataset_has_no_fault(root):
    assert faults_of(root) == []


def test_no_folder_is_a_fault(tmp_path):
    assert faults_of(tmp_path / "none") == [f"{tmp_path / 'none'}: there is no such folder"]


def test_an_empty_folder_lacks_four_files(tmp_path):
    assert [fault.split(":")[0] for fault in faults_of(tmp_path)] == [
        "manifest.json",
        "examples.parquet",
        "annotations.parquet",
        "traces.parquet",
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"width": 0}, "width is 0"),
        ({"width": 9}, "is 8x6, not 9x6"),
        ({"split": "dev"}, "Invalid enum value 'dev'"),
        ({"split": None}, "split is null"),
        ({"labels": []}, "0 labels"),
        ({"labels": [2]}, "label is 2; 0 to 1"),
        ({"labels": [None]}, "Expected `int`, got `None`"),
        ({"id": ""}, "the id is empty"),
        ({"id": None}, "id is null"),
        ({"path": "/abs.png"}, "relative path"),
        ({"path": "no.png"}, "picture 'no.png': there is no such file"),
        ({"boxes": [{"x0": 0.5, "y0": 0.0, "x1": 0.25, "y1": 1.0, "label": None}]}, "x0 < x1"),
        ({"boxes": [{"x0": 0.5, "y0": 0.0, "x1": 1.5, "y1": 1.0, "label": None}]}, "corners in [0, 1]"),
        ({"boxes": [{"x0": float("nan"), "y0": 0.0, "x1": 0.5, "y1": 1.0, "label": None}]}, "corners in [0, 1]"),
        ({"boxes": [{"x0": 0.0, "y0": 0.0, "x1": 0.5, "y1": 1.0, "label": 7}]}, "box 0's label is 7"),
        ({"boxes": [{"x0": 0.0, "y0": 0.0, "x1": 0.5, "y1": None, "label": 0}]}, "Expected `float`, got `None`"),
        ({"mask_path": "maps/no.png"}, "mask_path 'maps/no.png': there is no such file"),
        ({"map_path": "../up.png"}, "without '..'"),
    ],
)
def test_every_fault_of_an_example_is_told_with_its_place(root, values, said):
    change(root, "examples", 1, **values)
    assert any(fault.startswith("examples.parquet, row 1, id ") and said in fault for fault in faults_of(root))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"example_id": "e9"}, "it is about example 'e9', which is not in examples.parquet"),
        ({"id": "a0"}, "row 0 has the same id"),
        ({"label": -1}, "label is -1"),
        ({"final_x": 3.0}, "final point is (3.0, 0.5)"),
        ({"final_x": float("nan")}, "final point is (nan, 0.5)"),
        ({"final_x": None}, "final_x is None and final_y is 0.5"),
        ({"first_y": 0.5}, "first_x is None and first_y is 0.5"),
        ({"dwell_ms": -1.0}, "dwell_ms is -1.0"),
        ({"started_at": float("inf")}, "started_at is inf"),
        ({"extra": "[]"}, "extra is '[]'"),
        ({"annotator": None}, "annotator is null"),
    ],
)
def test_every_fault_of_an_annotation_is_told_with_its_place(root, values, said):
    change(root, "annotations", 1, **values)
    assert any(fault.startswith("annotations.parquet, row 1, id ") and said in fault for fault in faults_of(root))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"annotation_id": "a9"}, "its annotation is not in annotations.parquet"),
        ({"annotation_id": "a0"}, "row 0 has the same id"),
        ({"kind": ["enter", "jump"]}, "Invalid enum value 'jump'"),
        ({"x": [None, float("inf")]}, "event 1 holds a number that is not finite"),
        ({"x": [None]}, "shorter"),
        ({"keyboard": [False, True]}, "event 1 was done by keyboard yet has a place"),
        ({"kind": None}, "kind is null"),
    ],
)
def test_every_fault_of_a_log_is_told_with_its_place(root, values, said):
    change(root, "traces", 1, **values)
    assert any(fault.startswith("traces.parquet, row 1, id ") and said in fault for fault in faults_of(root))


def test_a_log_without_events_is_a_fault(root):
    change(
        root,
        "traces",
        1,
        **{key: [] for key in ("kind", "elapsed_ms", "x", "y", "label", "from_x", "from_y", "keyboard")},
    )
    assert "traces.parquet, row 1, id 'a1': it has no events; only annotations with events have a row" in faults_of(
        root
    )


def test_logs_out_of_order_are_a_fault(root):
    path = root / "traces.parquet"
    pq.write_table(pq.read_table(path).take([1, 0, 2]), path)
    (fault,) = faults_of(root)
    assert fault.startswith("traces.parquet, row 1, id 'a0': it comes too late")


def test_all_faults_of_all_files_are_found_at_once(root):
    change(root, "examples", 0, width=0)
    change(root, "examples", 2, labels=[5])
    change(root, "annotations", 1, label=8)
    (root / "traces.parquet").write_bytes(b"PAR1 no")
    found = faults_of(root)
    for start in ("examples.parquet, row 0", "examples.parquet, row 2", "annotations.parquet, row 1", "traces.parquet"):
        assert any(fault.startswith(start) for fault in found)


@pytest.mark.parametrize("table", ["examples", "annotations", "traces"])
def test_a_missing_table_does_not_hide_other_faults(root, table):
    (root / f"{table}.parquet").unlink()
    other = "annotations" if table == "examples" else "examples"
    change(root, other, 1, id="")
    found = faults_of(root)
    assert f"{table}.parquet: there is no such file" in found
    assert f"{other}.parquet, row 1, id '': the id is empty" in found


def test_a_table_whose_pages_are_damaged_is_a_fault(root):
    path = root / "examples.parquet"
    content = bytearray(path.read_bytes())
    content[8:200] = bytes(192)
    path.write_bytes(content)
    assert any(fault.startswith("examples.parquet: it is damaged") for fault in faults_of(root))


def test_columns_are_checked(root):
    path = root / "annotations.parquet"
    table = pq.read_table(path).drop_columns(["dwell_ms"]).append_column("mood", pa.array(["good"] * 3))
    table = table.set_column(4, "label", pa.array([0.0, 1.0, 0.0]))
    pq.write_table(table, path)
    found = faults_of(root)
    assert "annotations.parquet: column 'dwell_ms' is missing; it should be of type double" in found
    assert "annotations.parquet: column 'label' is of type double; int32 is expected" in found
    assert any(fault.startswith("annotations.parquet: column 'mood' is unknown") for fault in found)


def test_an_unknown_column_does_not_hide_faults_of_rows(root):
    change(root, "examples", 1, width=0)
    path = root / "examples.parquet"
    pq.write_table(pq.read_table(path).append_column("mood", pa.array(["good"] * 3)), path)
    assert len([fault for fault in faults_of(root) if "width is" in fault or "mood" in fault]) == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"schema_version": 7}, "schema_version 7"),
        ({"task": "regression"}, "Invalid enum value 'regression'"),
        ({"image_root": "/nowhere"}, "image_root '/nowhere': there is no such folder"),
        ({"fingerprint": "0"}, "something was changed"),
    ],
)
def test_every_fault_of_the_manifest_is_told(root, values, said):
    change_manifest(root, **values)
    (fault,) = faults_of(root)
    assert fault.startswith("manifest.json: ")
    assert said in fault


def test_repeated_classes_are_a_fault_and_change_the_fingerprint(root):
    change_manifest(root, classes=["a", "a"])
    repeated, changed = faults_of(root)
    assert "classes name 'a' more than once" in repeated
    assert "something was changed" in changed


def test_without_a_manifest_rows_are_still_checked(root):
    (root / "manifest.json").write_text("{")
    change(root, "annotations", 2, final_x=9.0)
    found = faults_of(root)
    assert found[0].startswith("manifest.json: ")
    assert any("final point is (9.0, 0.5)" in fault for fault in found)


def test_damaged_maps_are_faults(root):
    example = Dataset.open(root).examples()[0]
    Image.new("L", (6, 8)).save(root / example.mask_path)
    Image.new("RGB", (2, 2)).save(root / example.map_path)
    found = faults_of(root)
    assert any("the mask has (height, width) (8, 6)" in fault for fault in found)
    assert any("mode RGB" in fault for fault in found)


def test_a_heat_map_that_says_nothing_is_a_fault(root):
    example = Dataset.open(root).examples()[0]
    Image.new("L", (2, 2), 9).save(root / example.map_path)
    assert any("every pixel of the heat map is 9" in fault for fault in faults_of(root))


def test_a_mask_of_a_class_too_many_is_a_fault(root):
    example = Dataset.open(root).examples()[0]
    Image.fromarray(np.full((6, 8), 3, np.uint8)).save(root / example.mask_path)
    assert any("the mask holds 3" in fault for fault in faults_of(root))


def test_a_changed_value_that_breaks_no_rule_is_found_by_the_fingerprint(root):
    change(root, "annotations", 1, final_x=0.25)
    (fault,) = faults_of(root)
    assert "something was changed" in fault


def test_a_changed_map_is_found_by_the_fingerprint(root):
    example = Dataset.open(root).examples()[0]
    Image.fromarray(np.eye(2, dtype=np.uint16)).save(root / example.map_path)
    (fault,) = faults_of(root)
    assert "something was changed" in fault


def test_another_encoding_or_place_of_images_leaves_the_fingerprint(root):
    before = content_fingerprint(Dataset.open(root))
    for name in ("examples", "annotations", "traces"):
        path = root / f"{name}.parquet"
        pq.write_table(pq.read_table(path), path, compression="none", row_group_size=1)
    change_manifest(root, image_root="../photos", name="other")
    assert content_fingerprint(Dataset.open(root)) == before == Dataset.open(root).manifest.fingerprint
    assert faults_of(root) == []


def test_no_picture_is_decoded(root):
    photo = root.parent / "photos" / "1.png"
    head, pixels = photo.read_bytes().split(b"IDAT")
    photo.write_bytes(head + b"IDAT" + bytes(len(pixels)))
    assert faults_of(root) == []
    photo.write_bytes(head[:10])
    (fault,) = faults_of(root)
    assert "no picture that can be read" in fault


def test_the_order_of_pictures_leaves_the_fingerprint(tmp_path):
    examples = [Example(f"e{i}", f"{i}.png", "train", 8, 6, (0,)) for i in range(3)]
    values = set()
    for order in (examples, examples[::-1]):
        with DatasetWriter(
            tmp_path / "d", name="n", task="single_label", classes=["a"], image_root="/", source="s", overwrite=True
        ) as out:
            for example in order:
                out.add(example, mask=np.ones((6, 8), np.uint8))
        values.add(Dataset.open(tmp_path / "d").manifest.fingerprint)
    assert len(values) == 1


@pytest.mark.parametrize("values", [{"split": "test"}, {"labels": (1,)}, {"group": "g"}, {"boxes": (Box(0, 0, 1, 1),)}])
def test_every_change_of_content_changes_the_fingerprint(tmp_path, values):
    example = Example("e", "e.png", "train", 8, 6, (0,))
    found = set()
    for each in (example, msgspec.structs.replace(example, **values)):
        with DatasetWriter(
            tmp_path / "d",
            name="n",
            task="single_label",
            classes=["a", "b"],
            image_root="/",
            source="s",
            overwrite=True,
        ) as out:
            out.add(each)
        found.add(Dataset.open(tmp_path / "d").manifest.fingerprint)
    assert len(found) == 2
