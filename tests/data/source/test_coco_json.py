import json

import pytest

from sidelight.data.source.coco_json import Instances, add_instances
from sidelight.records.errors import UserFault

IMAGE = {"id": 1, "file_name": "1.jpg", "width": 4, "height": 3}
CATEGORY = {"id": 1, "name": "dog"}
OBJECT = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1]}


@pytest.fixture
def read(tmp_path):
    def read(**lists):
        content = {"images": [IMAGE], "categories": [CATEGORY], "annotations": [OBJECT]} | lists
        (tmp_path / "i.json").write_text(json.dumps(content))
        instances, faults = Instances(), []
        add_instances(instances, tmp_path / "i.json", faults)
        return instances, [str(fault) for fault in faults]

    return read


def test_good_entries_are_taken(read):
    instances, faults = read()
    assert faults == []
    assert instances.categories == {1: "dog"}
    assert [image.file_name for image, _ in instances.images.values()] == ["1.jpg"]
    assert [located.location for located in instances.annotations[1]] == ["i.json, annotations[0]"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "1"}, "Expected `int`, got `str`"),
        ({"file_name": None}, "Expected `str`"),
        ({"file_name": "../1.jpg"}, "without '..'"),
        ({"file_name": "/1.jpg"}, "absolute path"),
        ({"width": 1.5}, "Expected `int`, got `float`"),
        ({"split2017": 3}, "Expected `str`"),
        ({"id": 1}, "id 1 is that of another image already"),
    ],
)
def test_a_broken_image_is_told_and_the_others_kept(read, change, said):
    instances, (fault,) = read(images=[IMAGE, IMAGE | {"id": 2} | change])
    assert fault.startswith("i.json, images[1]: ")
    assert said in fault
    assert list(instances.images) == [1]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"id": 2, "name": "dog"}, "name 'dog' is that of another category"),
        ({"id": 1, "name": "cat"}, "id 1 is that of 'dog'"),
        ({"id": 2}, "missing required field `name`"),
        (7, "Expected `object`"),
    ],
)
def test_a_broken_category_is_told_and_the_others_kept(read, entry, said):
    instances, (fault,) = read(categories=[CATEGORY, entry])
    assert fault.startswith("i.json, categories[1]: ")
    assert said in fault
    assert instances.categories == {1: "dog"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": 1}, "id 1 is that of another annotation"),
        ({"image_id": 5}, "image_id 5 is no good image"),
        ({"category_id": 5}, "category_id 5 is no good category"),
        ({"bbox": [0, 0, 1]}, "length 4"),
        ({"bbox": [0, 0, 1, "wide"]}, "Expected `float`"),
        ({"bbox": None}, "Expected `array`"),
        ({"iscrowd": []}, "Expected `int`"),
    ],
)
def test_a_broken_annotation_is_told_and_the_others_kept(read, change, said):
    instances, (fault,) = read(annotations=[OBJECT, OBJECT | {"id": 2} | change])
    assert fault.startswith("i.json, annotations[1]: ")
    assert said in fault
    assert len(instances.annotations[1]) == 1


def test_a_split_may_carry_a_year(read):
    for key in ("split", "split2017"):
        instances, _ = read(images=[IMAGE | {key: "val2017"}])
        assert instances.images[1][0].split == "val2017"


def test_another_field_is_no_split(read):
    instances, faults = read(images=[IMAGE | {"splitter": 3, "license": 4}])
    assert (faults, instances.images[1][0].split) == ([], "")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UserFault, match="No such file"):
        add_instances(Instances(), tmp_path / "none.json", [])
