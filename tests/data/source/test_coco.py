import json
import sys

import numpy as np
import pytest
from PIL import Image

from sidelight.data.format.maps import read_map
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.source.coco import Coco
from sidelight.records.errors import UserFault
from sidelight.records.example import Box

SQUARE = [[2.0, 1.0, 6.0, 1.0, 6.0, 4.0, 2.0, 4.0]]
"""Columns 2 to 5 and rows 1 to 3 of a picture."""


def entry(number, **values):
    box = {"id": number, "image_id": 7, "category_id": 3, "bbox": [2.0, 1.0, 4.0, 3.0], "segmentation": SQUARE}
    return box | values


@pytest.fixture
def source(tmp_path):
    """A folder of three photos of 10x5 pixels with an instances JSON; `write` replaces its lists."""
    root = tmp_path / "coco"
    (root / "images").mkdir(parents=True)
    (root / "annotations").mkdir()
    images = []
    for number, split in ((7, "train2017"), (8, "val2017"), (9, "train2017")):
        Image.new("RGB", (10, 5)).save(root / "images" / f"{number}.jpg")
        images.append({"id": number, "file_name": f"{number}.jpg", "width": 10, "height": 5, "split2017": split})
    content = {
        "images": images,
        "annotations": [
            entry(1),
            entry(2, category_id=11, bbox=[8.0, 0.0, 4.0, 2.5], segmentation=[[8, 0, 10, 0, 10, 2, 8, 2]]),
        ],
        "categories": [{"id": 11, "name": "dog"}, {"id": 3, "name": "person"}],
    }

    def write(**lists):
        (root / "annotations" / "instances.json").write_text(json.dumps(content | lists))
        return root

    write.content = content
    write()
    return write


def convert(root, **options):
    out = root.parent / "out"
    manifest, faults = Coco(**options).convert(root, out, progress=lambda done, total: None, overwrite=True)
    assert validate(out) == []
    return manifest, [str(fault) for fault in faults], {e.id: e for e in Dataset.open(out).examples()}


def test_categories_become_classes_by_ascending_id(source):
    manifest, faults, examples = convert(source())
    assert (manifest.classes, manifest.task, faults) == (("person", "dog"), "multi_label", [])
    assert {name: example.labels for name, example in examples.items()} == {"7": (0, 1), "8": (), "9": ()}


def test_boxes_stay_as_they_are_but_for_the_border(source):
    boxes = convert(source())[2]["7"].boxes
    assert boxes == (Box(0.2, 0.2, 0.6, 0.8, 0), Box(0.8, 0.0, 1.0, 0.5, 1))


def test_masks_hold_the_class_index_plus_one(source):
    _, _, examples = convert(source())
    expected = np.zeros((5, 10), np.uint8)
    expected[1:4, 2:6] = 1
    expected[0:2, 8:10] = 2
    np.testing.assert_array_equal(read_map(source().parent / "out" / examples["7"].mask_path), expected)
    assert examples["8"].mask_path is None


def test_crowds_give_a_label_and_pixels_below_all_others_but_no_box(source):
    everything = {"size": [5, 10], "counts": [0, 50]}
    crowd = entry(5, category_id=11, iscrowd=1, segmentation=everything)
    _, faults, examples = convert(source(annotations=[entry(1), crowd]))
    assert (faults, examples["7"].labels, [box.label for box in examples["7"].boxes]) == ([], (0, 1), [0])
    mask = read_map(source().parent / "out" / examples["7"].mask_path)
    assert (mask[2, 3], mask[0, 0]) == (1, 2)


def test_the_split_of_a_photo_is_its_own_field(source):
    def splits(**options):
        return [example.split for example in convert(source(), **options)[2].values()]

    assert splits(validation_share=0.0) == ["train", "test", "train"]
    assert splits(public_val="validation", validation_share=0.9, test_share=0.0) == ["train", "validation", "train"]
    assert splits(validation_share=0.99, test_share=0.0) == ["validation", "test", "validation"]


def test_the_name_of_the_json_tells_split_and_folder(source):
    root = source(images=[source.content["images"][0] | {"split2017": ""}])
    (root / "annotations" / "instances.json").rename(root / "annotations" / "instances_val2017.json")
    (root / "images").rename(root / "val2017")
    _, faults, examples = convert(root)
    assert faults == []
    assert (examples["7"].path, examples["7"].split) == ("val2017/7.jpg", "test")


def test_several_files_make_one_dataset(source):
    root = source(images=source.content["images"][:1])
    more = source.content | {"images": source.content["images"][1:], "annotations": [entry(1, image_id=8)]}
    (root / "annotations" / "instances_more.json").write_text(json.dumps(more))
    _, faults, examples = convert(root)
    assert faults == []
    assert {name: example.labels for name, example in examples.items()} == {"7": (0, 1), "8": (0,), "9": ()}


def test_a_file_and_a_folder_of_photos_can_be_given(source, tmp_path):
    root = source()
    (root / "images").rename(tmp_path / "photos")
    out = tmp_path / "out"
    manifest, faults = Coco(images=tmp_path / "photos", masks=False).convert(
        root / "annotations" / "instances.json", out, progress=lambda done, total: None
    )
    assert (faults, manifest.image_root, len(Dataset.open(out).examples())) == ([], (tmp_path / "photos").as_posix(), 3)


def test_photos_that_do_not_fit_are_left_out(source):
    root = source()
    (root / "images" / "7.jpg").unlink()
    Image.new("RGB", (5, 10)).save(root / "images" / "8.jpg")
    _, faults, examples = convert(root)
    assert faults == [
        "instances.json, image 7: photo '7.jpg': there is no such file; left out",
        "instances.json, image 8: photo '8.jpg' is 5x10, the JSON says 10x5; left out",
    ]
    assert list(examples) == ["9"]


@pytest.mark.parametrize("bbox", [[2, 1, 0, 3], [20, 1, 2, 2], [5, 1, -3, 3]])
def test_a_box_that_covers_nothing_is_told_and_its_label_kept(source, bbox):
    _, (fault,), examples = convert(source(annotations=[entry(1, bbox=bbox)]))
    assert fault.startswith("instances.json, annotations[0]: bbox (")
    assert (examples["7"].labels, examples["7"].boxes) == ((0,), ())


def test_a_photo_with_a_broken_segmentation_has_no_mask(source):
    _, (fault,), examples = convert(source(annotations=[entry(1), entry(2, segmentation=[[1.0, 2.0]])]))
    assert fault.startswith("instances.json, annotations[1]: segmentation: a polygon of 2 numbers")
    assert (examples["7"].mask_path, len(examples["7"].boxes)) == (None, 2)


@pytest.mark.parametrize("segmentation", [None, []])
def test_a_photo_without_segmentations_has_no_mask(source, segmentation):
    _, faults, examples = convert(source(annotations=[entry(1, segmentation=segmentation)]))
    assert (faults, examples["7"].mask_path) == ([], None)


def test_without_masks_pycocotools_is_not_needed(source, monkeypatch):
    monkeypatch.setitem(sys.modules, "pycocotools", None)
    assert convert(source(), masks=False)[2]["7"].mask_path is None
    with pytest.raises(UserFault, match=r"sidelight\[train\]"):
        convert(source())


def test_photos_can_be_copied(source):
    manifest, _, examples = convert(source(), copy_images=True)
    assert manifest.image_root == "images"
    assert (source().parent / "out" / "images" / examples["8"].path).is_file()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"images": 3}', b"[" * 100_000, b'{"images": [], "an'])
def test_what_is_no_instances_json_is_refused(source, content):
    path = source() / "annotations" / "instances.json"
    path.write_bytes(content)
    with pytest.raises(UserFault, match="instances JSON"):
        convert(path.parent.parent)


def test_a_folder_without_a_json_is_refused(tmp_path):
    with pytest.raises(UserFault, match=r"no instances\*.json"):
        convert(tmp_path)
    with pytest.raises(UserFault, match="no such file or folder"):
        convert(tmp_path / "none")


def test_a_file_without_a_good_photo_is_refused(source):
    with pytest.raises(UserFault, match="no picture"):
        convert(source(images=[], annotations=[]))


def test_many_classes_get_a_deeper_mask(source):
    categories = [{"id": number, "name": f"c{number}"} for number in range(300)]
    annotations = [entry(1, category_id=299)]
    _, _, examples = convert(source(categories=categories, annotations=annotations))
    mask = read_map(source().parent / "out" / examples["7"].mask_path)
    assert (mask.dtype, mask.max()) == (np.uint16, 300)
