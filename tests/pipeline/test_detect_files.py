import json

import msgspec
import numpy as np

from sidelight.data.source.coco_mask import read_segmentation
from sidelight.pipeline.detect_files import DetectionsFile
from sidelight.records.objects import Detections


def found(name, *, masks=None):
    boxes = np.array([[1, 2, 4, 8], [0, 0, 1, 1]], np.float64)
    return Detections(name, boxes, np.array([1, 0]), np.array([0.75, 0.5], np.float32), masks=masks)


def test_detections_are_in_cocos_own_form(tmp_path):
    masks = np.zeros((2, 9, 5), bool)
    masks[0, 2:8, 1:4] = True
    file = DetectionsFile((3, 11))
    file.add(found("7", masks=masks))
    file.add(found("cat_1"))
    file.write(tmp_path / "detections.json")
    entries = json.loads((tmp_path / "detections.json").read_text())
    assert [(each["image_id"], each["category_id"], each["score"]) for each in entries] == [
        (7, 11, 0.75), (7, 3, 0.5), ("cat_1", 11, 0.75), ("cat_1", 3, 0.5),
    ]  # fmt: skip
    assert entries[0]["bbox"] == [1, 2, 3, 6]
    assert [("segmentation" in each) for each in entries] == [True, True, False, False]
    segmentation = msgspec.Raw(json.dumps(entries[0]["segmentation"]).encode())
    np.testing.assert_array_equal(read_segmentation(segmentation, (9, 5)), masks[0])


def test_nothing_found_is_an_empty_list(tmp_path):
    DetectionsFile((1,)).write(tmp_path / "detections.json")
    assert json.loads((tmp_path / "detections.json").read_text()) == []
