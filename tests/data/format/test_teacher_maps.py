import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sidelight.data.format.reader import Dataset
from sidelight.data.format.teacher_maps import (
    TEACHER_MAPS_FILE,
    TeacherMap,
    read_teacher_maps,
    teacher_map_faults,
    write_teacher_maps,
)
from sidelight.data.format.validator import content_fingerprint, validate
from sidelight.data.format.writer import DatasetWriter
from sidelight.records.errors import UserFault
from sidelight.records.example import Example

TEACHER = "f" * 64
FIELDS = ("example_id", "label", "view", "confidence", "weight", "method", "teacher")

single = st.floats(0, 1, width=32)


def halves(bits):
    """Any finite float16, by its bits."""
    values = bits.view(np.float16)
    return np.where(np.isfinite(values), values, np.float16(0))


maps = st.builds(
    TeacherMap,
    example_id=st.text(min_size=1, max_size=9),
    label=st.integers(0, 9),
    map=arrays.arrays(np.uint16, st.tuples(st.integers(1, 9), st.integers(1, 9))).map(halves),
    view=st.sampled_from([(0.0, 0.0, 1.0, 1.0), (0.125, 0.0, 0.875, 1.0)]),
    confidence=st.none() | single,
    weight=single,
    method=st.sampled_from(["cam", "rise"]),
    teacher=st.just(TEACHER),
)


def same(one, other):
    return np.array_equal(one.map, other.map) and all(getattr(one, f) == getattr(other, f) for f in FIELDS)


def some(number=0, label=0, **fields):
    values = np.random.default_rng(number).standard_normal((7, 7)).astype(np.float16)
    return TeacherMap(f"e{number}", label, values, method="cam", teacher=TEACHER, **fields)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(maps, max_size=6))
def test_maps_are_read_as_they_were_written(tmp_path, made):
    assert write_teacher_maps(tmp_path / "m.parquet", made) == len(made)
    found = list(read_teacher_maps(tmp_path / "m.parquet"))
    assert len(found) == len(made)
    assert all(map(same, found, made))
    assert all(one.map.dtype == np.float16 for one in found)


@pytest.mark.parametrize("side", [7, 10, 14, 16])
def test_a_map_takes_at_most_512_bytes(tmp_path, side):
    rng = np.random.default_rng(side)
    made = [
        TeacherMap(
            f"train/Synthetic/p{i}_{i % 7}_fake.png",
            i % 2,
            (10 * rng.standard_normal((side, side))).astype(np.float16),
            confidence=float(rng.random()),
            method="cam",
            teacher=TEACHER,
        )
        for i in range(2_000)
    ]
    path = tmp_path / "m.parquet"
    write_teacher_maps(path, made)
    assert path.stat().st_size / len(made) <= 512


def test_maps_of_different_size_share_a_file_that_pandas_reads(tmp_path):
    made = [some(0), TeacherMap("e1", 0, np.arange(6, dtype=np.float16).reshape(2, 3))]
    write_teacher_maps(tmp_path / "m.parquet", made)
    table = pd.read_parquet(tmp_path / "m.parquet")
    assert table["map"][1].reshape(table["height"][1], table["width"][1]).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert table["confidence"].isna().all()


def test_many_maps_are_written_in_groups(tmp_path, monkeypatch):
    monkeypatch.setattr("sidelight.data.format.teacher_maps._ROWS", 3)
    write_teacher_maps(tmp_path / "m.parquet", [some(i) for i in range(10)])
    assert [found.example_id for found in read_teacher_maps(tmp_path / "m.parquet")] == [f"e{i}" for i in range(10)]


def test_after_an_error_there_is_no_file(tmp_path):
    def interrupted():
        yield some()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_teacher_maps(tmp_path / "m.parquet", interrupted())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"label": 2}, "label is 2; 0 to 1 are allowed"),
        ({"map": np.full((2, 2), np.inf, np.float16)}, "not finite"),
        ({"map": np.zeros((0, 2), np.float16)}, r"has the shape \(0, 2\)"),
        ({"view": (0.5, 0.0, 0.5, 1.0)}, "x0 < x1 and y0 < y1"),
        ({"confidence": 1.5}, "confidence is 1.5"),
        ({"weight": float("nan")}, "weight is nan"),
    ],
)
def test_what_breaks_a_rule_is_told(fields, message):
    values = {"example_id": "e0", "label": 0, "map": np.zeros((2, 2), np.float16)} | fields
    (fault,) = teacher_map_faults(TeacherMap(**values), classes=2)
    assert re.search(message, fault)


def dataset(root, *found, overwrite=False):
    with DatasetWriter(
        root, name="n", task="single_label", classes=["a", "b"], image_root="/", source="t", overwrite=overwrite
    ) as out:
        for one in found:
            out.add_teacher_map(one)
        for number in range(3):
            out.add(Example(f"e{number}", f"{number}.png", "train", 8, 8, (0,)))
    return Dataset.open(root)


def test_they_are_part_of_a_dataset_and_of_its_fingerprint(tmp_path):
    bare, taught = dataset(tmp_path / "bare"), dataset(tmp_path / "d", some(1), some(0, weight=0.1, confidence=0.7))
    assert (bare.taught, taught.taught) == (False, True)
    assert list(bare.teacher_maps()) == []
    assert all(map(same, taught.teacher_maps(), [some(1), some(0, weight=np.float32(0.1), confidence=np.float32(0.7))]))
    assert content_fingerprint(taught) == taught.manifest.fingerprint != bare.manifest.fingerprint
    turned = dataset(tmp_path / "turned", some(0, weight=0.1, confidence=0.7), some(1))
    assert turned.manifest.fingerprint == taught.manifest.fingerprint


@pytest.mark.parametrize("change", [{"weight": 0.5}, {"label": 1}, {"view": (0.0, 0.0, 0.5, 1.0)}], ids=str)
def test_a_change_changes_the_fingerprint(tmp_path, change):
    one, other = dataset(tmp_path / "a", some()), dataset(tmp_path / "b", some(**change))
    assert one.manifest.fingerprint != other.manifest.fingerprint


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([some(7)], "1 maps of pictures that are not there, such as 'e7'"),
        ([some(1), some(1)], "2 maps of 'e1' for class 0; one is allowed"),
        ([some(1, label=5)], "label is 5"),
    ],
)
def test_the_writer_refuses_what_does_not_belong(tmp_path, found, message):
    with pytest.raises(ValueError, match=message):
        dataset(tmp_path / "d", *found)
    assert list(tmp_path.iterdir()) == []


def test_the_validator_finds_what_was_put_in_later(tmp_path):
    root = dataset(tmp_path / "d", some(1)).root
    write_teacher_maps(root / TEACHER_MAPS_FILE, [some(1), some(1), some(9), some(2, label=4)])
    faults = [str(fault) for fault in validate(root)]
    assert any("row 1, example 'e1': it is the second map for class 0" in fault for fault in faults)
    assert any("row 2, example 'e9': there is no such example" in fault for fault in faults)
    assert any("row 3, example 'e2': label is 4" in fault for fault in faults)
    assert any("fingerprint" in fault for fault in faults)
    (root / TEACHER_MAPS_FILE).write_bytes(b"PAR1")
    assert any(str(fault).startswith(TEACHER_MAPS_FILE) for fault in validate(root))
    with pytest.raises(UserFault, match="sidelight teach"):
        list(Dataset.open(root).teacher_maps())
