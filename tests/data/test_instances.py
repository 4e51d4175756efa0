import json

import numpy as np
import pytest
from tests.drawn_objects import SIDE, drawn_dataset

from sidelight.data.format.reader import Dataset
from sidelight.data.instances import read_instances
from sidelight.records.errors import FaultsFound, UserFault


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    data, file = drawn_dataset(tmp_path_factory.mktemp("drawn"), pictures=3)
    return Dataset.open(data), file


@pytest.fixture
def spoilt(drawn, tmp_path):
    """The file with one of its lists changed."""

    def write(name, number, /, **values):
        content = json.loads(drawn[1].read_text())
        content[name][number] |= values
        (tmp_path / "instances.json").write_text(json.dumps(content))
        return tmp_path / "instances.json"

    return write


def read(dataset, file, *, masks=True):
    return read_instances([file], dataset.manifest.classes, dataset.examples(), masks=masks)


def test_every_object_has_its_own_pixels_its_area_and_a_crowd_is_one(drawn):
    dataset, file = drawn
    found = read(dataset, file).objects(dataset.examples()[2])
    assert found.labels.tolist() == [0, 1, 0]
    assert found.crowd.tolist() == [False, False, True]
    assert found.masks.shape == (3, SIDE, SIDE)
    np.testing.assert_array_equal(found.masks.sum(axis=(1, 2)), found.area)
    for (x0, y0, x1, y1), mask in zip(found.boxes.astype(int), found.masks, strict=True):
        assert mask[y0:y1, x0:x1].all()
        assert mask.sum() == (x1 - x0) * (y1 - y0)


def test_boxes_agree_with_the_datasets(drawn):
    dataset, file = drawn
    for example in dataset.examples():
        kept = read(dataset, file, masks=False).objects(example).trainable(SIDE, SIDE)
        assert kept.masks is None
        np.testing.assert_allclose(kept.boxes / SIDE, [(b.x0, b.y0, b.x1, b.y1) for b in example.boxes], atol=1e-6)


def test_category_ids_stand_in_the_order_of_the_classes(drawn):
    assert read(*drawn).category_ids == (3, 11)


def test_a_picture_without_annotations_has_no_objects_but_its_size(drawn, spoilt):
    dataset, _ = drawn
    file = spoilt("annotations", 0)
    content = json.loads(file.read_text())
    file.write_text(json.dumps(content | {"annotations": []}))
    found = read(dataset, file).objects(dataset.examples()[0])
    assert (found.boxes.shape, found.masks.shape) == ((0, 4), (0, SIDE, SIDE))


def test_boxes_are_kept_as_they_stand_in_the_file(drawn, spoilt):
    found = read(drawn[0], spoilt("annotations", 0, bbox=[-0.25, 1.1, 15, 60])).objects(drawn[0].examples()[0])
    assert found.boxes[0].tolist() == [-0.25, 1.1, 14.75, 61.1]


def test_without_an_area_in_the_file_it_is_that_of_the_box(drawn, spoilt):
    dataset, _ = drawn
    found = read(dataset, spoilt("annotations", 0, area=None, bbox=[0, 0, 3, 7]))
    assert found.objects(dataset.examples()[0]).area[0] == 21


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("categories", 0, {"name": "green"}), "the dataset's classes not as in the dataset"),
        (("images", 1, {"width": 9}), "picture '2' not as in the dataset"),
    ],
)
def test_another_datasets_file_is_refused(drawn, spoilt, change, said):
    name, number, values = change
    with pytest.raises(UserFault, match=said):
        read(drawn[0], spoilt(name, number, **values))


def test_objects_without_a_segmentation_are_all_named_before_anything_is_trained(drawn, spoilt):
    file = spoilt("annotations", 0, segmentation=[])
    with pytest.raises(FaultsFound, match=r"annotations\[0\]: no segmentation"):
        read(drawn[0], file)
    read(drawn[0], file, masks=False)


def test_a_broken_segmentation_is_named_when_it_is_read(drawn, spoilt):
    found = read(drawn[0], spoilt("annotations", 0, segmentation=[[1, 2, 3]]))
    with pytest.raises(UserFault, match=r"annotations\[0\]: segmentation: a polygon of 3 numbers"):
        found.objects(drawn[0].examples()[0])


def test_the_parts_of_coco_may_stand_in_files_of_their_own(drawn, tmp_path):
    dataset, file = drawn
    content = json.loads(file.read_text())
    parts = []
    for name, ids in (("train", {1, 2}), ("val", {3})):
        part = content | {"images": [each for each in content["images"] if each["id"] in ids]}
        part["annotations"] = [each for each in content["annotations"] if each["image_id"] in ids]
        parts.append(tmp_path / f"instances_{name}.json")
        parts[-1].write_text(json.dumps(part))
    found = read_instances(parts, dataset.manifest.classes, dataset.examples(), masks=True)
    for example in dataset.examples():
        np.testing.assert_array_equal(found.objects(example).boxes, read(dataset, file).objects(example).boxes)
    with pytest.raises(UserFault, match="picture '3' not as in the dataset"):
        read(dataset, parts[0])
