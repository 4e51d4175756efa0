import numpy as np
import pytest

from sidelight.data.format.points import PointPolicyChoice, read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.example import Example


def dataset(root, records, *, task="single_label", policies=("first", "final"), labels=((0,), (1,), (0,))):
    """Three pictures e0, e1, e2; `records` are (picture, label, selected, points)."""
    with DatasetWriter(
        root, name="n", task=task, classes=["a", "b"], image_root="/", point_policies=policies, source="test"
    ) as out:
        number = 0
        for i in range(3):
            mine = []
            for picture, label, selected, points in records:
                if picture == i:
                    mine.append(Annotation(f"r{number}", f"e{i}", label=label, selected=selected, points=points))
                    number += 1
            out.add(Example(f"e{i}", f"{i}.png", "train", 8, 8, labels[i]), mine)
    return Dataset.open(root)


def test_records_of_a_picture_are_averaged(tmp_path):
    records = [(0, 0, True, {"final": (0.2, 0.0)}), (0, None, None, {"final": (0.4, 1.0)})]
    table = read_points(dataset(tmp_path / "d", records))
    assert table.xy.shape == (3, 1, 2)
    assert table.xy.dtype == np.float32
    np.testing.assert_allclose(table.xy[0, 0], [0.3, 0.5], rtol=1e-6)
    assert table.has.tolist() == [[True], [False], [False]]


def test_the_first_record_with_a_point_can_be_taken(tmp_path):
    records = [(1, 1, True, {}), (1, 1, True, {"final": (0.5, 0.5)}), (1, 1, True, {"final": (0.9, 0.9)})]
    table = read_points(dataset(tmp_path / "d", records), PointPolicyChoice(across="first"))
    assert table.xy[1, 0].tolist() == [0.5, 0.5]


def test_the_policy_chooses_the_click(tmp_path):
    data = dataset(tmp_path / "d", [(2, 0, True, {"first": (0.25, 0.5), "final": (0.75, 0.5)})])
    assert read_points(data, PointPolicyChoice("first")).xy[2, 0].tolist() == [0.25, 0.5]
    assert read_points(data).xy[2, 0].tolist() == [0.75, 0.5]


def test_a_deselected_record_has_no_say(tmp_path):
    records = [(0, 0, False, {"final": (0.1, 0.1)}), (0, 0, True, {"final": (0.5, 0.5)})]
    assert read_points(dataset(tmp_path / "d", records)).xy[0, 0].tolist() == [0.5, 0.5]


def test_a_click_about_another_class_has_no_say(tmp_path):
    assert not read_points(dataset(tmp_path / "d", [(0, 1, True, {"final": (0.1, 0.1)})])).has.any()


def test_multi_label_points_are_kept_by_class(tmp_path):
    records = [
        (0, 0, True, {"final_position": (0.25, 0.5)}),
        (0, 1, True, {"final_position": (0.75, 0.5)}),
        (2, 1, True, {"final_position": (1.0, 0.0)}),
        (2, None, True, {"final_position": (0.5, 0.5)}),
    ]
    policies = ("last_add", "final_position")
    data = dataset(tmp_path / "d", records, task="multi_label", policies=policies, labels=((0, 1), (), (1,)))
    table = read_points(data)
    assert table.has.tolist() == [[True, True], [False, False], [False, True]]
    assert table.xy[0].tolist() == [[0.25, 0.5], [0.75, 0.5]]


def test_a_dataset_without_points_has_none(tmp_path):
    assert not read_points(dataset(tmp_path / "d", [], policies=())).has.any()


def test_a_policy_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(UserFault, match="allowed: first, final"):
        read_points(dataset(tmp_path / "d", []), PointPolicyChoice("last_add"))


def test_an_annotation_about_no_picture_is_a_fault(tmp_path):
    data = dataset(tmp_path / "d", [(0, 0, True, {"final": (0.1, 0.1)})])
    other = dataset(tmp_path / "o", [])
    (other.root / "annotations.parquet").write_bytes((data.root / "annotations.parquet").read_bytes())
    assert read_points(other).has.any()
    with DatasetWriter(tmp_path / "e", name="n", task="single_label", classes=["a"], image_root="/", source="s"):
        pass
    (tmp_path / "e" / "annotations.parquet").write_bytes((data.root / "annotations.parquet").read_bytes())
    with pytest.raises(UserFault, match="'e0'"):
        read_points(Dataset.open(tmp_path / "e"))
