import contextlib
import io

import numpy as np
import pytest
from pycocotools import mask as coco
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from sidelight.evaluate.detection import NUMBERS, detection_ap, metrics
from sidelight.records.errors import UserFault
from sidelight.records.objects import Detections, Objects

SIDE, CLASSES = 200, 3


def corners(rng, n):
    """Boxes of whole pixels, small to large."""
    start = rng.integers(0, 50, size=(n, 2))
    return np.concatenate([start, start + rng.integers(4, 150, size=(n, 2))], axis=1).astype(np.float64)


def ellipses(boxes):
    """[n, SIDE, SIDE]: what fills a box without being it."""
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    middle, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
    parts = [((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 <= 1 for (cx, cy), (a, b) in zip(middle, half, strict=True)]
    return np.array(parts, bool).reshape(-1, SIDE, SIDE)


def random_photo(rng, name):
    """Objects, some of them crowds, and detections: moved objects and inventions."""
    boxes, n = corners(rng, 6), 6
    masks, labels = ellipses(boxes), rng.integers(0, CLASSES, n)
    there = Objects(
        name, boxes, labels, crowd=rng.random(n) < 0.2, area=masks.sum(axis=(1, 2)).astype(float), masks=masks
    )
    moved = np.clip(boxes + rng.integers(-4, 5, size=boxes.shape), 0, SIDE).astype(np.float64)
    found = np.concatenate([moved, corners(rng, 4)])
    guesses = np.concatenate([np.where(rng.random(n) < 0.8, labels, 0), rng.integers(0, CLASSES, 4)])
    scores = rng.random(10).astype(np.float32)
    return Detections(name, found, guesses, scores, masks=ellipses(found)), there


@pytest.fixture(scope="module")
def photos():
    rng = np.random.default_rng(0)
    return [random_photo(rng, str(number)) for number in range(1, 9)]


def run_lengths(mask):
    return coco.encode(np.asfortranarray(mask, dtype=np.uint8))


def official(photos, iou_type):
    """pycocotools on the same, written by hand in COCO's form."""
    truth, results = COCO(), []
    annotations = []
    for found, there in photos:
        for row, (x0, y0, x1, y1) in enumerate(there.boxes.astype(float).tolist()):
            annotations.append({
                "id": len(annotations) + 1, "image_id": int(there.id), "category_id": int(there.labels[row]),
                "bbox": [x0, y0, x1 - x0, y1 - y0], "area": float(there.area[row]), "iscrowd": int(there.crowd[row]),
                "segmentation": run_lengths(there.masks[row]),
            })  # fmt: skip
        for row, (x0, y0, x1, y1) in enumerate(found.boxes.astype(float).tolist()):
            shape = {"bbox": [x0, y0, x1 - x0, y1 - y0]} if iou_type == "bbox" else {}
            shape |= {"segmentation": run_lengths(found.masks[row])} if iou_type == "segm" else {}
            known = {"image_id": int(found.id), "category_id": int(found.labels[row])}
            results.append(known | shape | {"score": float(found.scores[row])})
    truth.dataset = {
        "info": {},
        "images": [{"id": int(there.id), "height": SIDE, "width": SIDE} for _, there in photos],
        "annotations": annotations,
        "categories": [{"id": label} for label in range(CLASSES)],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(results), iou_type)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation.stats[:6].tolist()


def test_boxes_and_masks_are_scored_as_pycocotools_does(photos):
    numbers = detection_ap(photos, ("box", "mask"))
    for shape, iou_type in (("box", "bbox"), ("mask", "segm")):
        expected = dict(zip((f"{shape}_{name}" for name in NUMBERS), official(photos, iou_type), strict=True))
        assert {name: numbers[name] for name in expected} == pytest.approx(expected, abs=1e-6)
        assert 0.05 < expected[f"{shape}_ap"] < 0.9


def test_recalls_that_are_reached_exactly_count_as_in_coco():
    """Five objects, found from best to worst with a false alarm after each: recalls .2, .4 ... 1 are reached exactly,
    where single precision would miss .2 and .4 and .6.
    """
    boxes = np.array([[x, 0.0, x + 9, 9.0] for x in range(0, 50, 10)])
    there = Objects("p", boxes, np.zeros(5, int), crowd=np.zeros(5, bool), area=np.full(5, 81.0))
    found = np.concatenate([np.stack([box, box + 100]) for box in boxes])
    scores = np.linspace(0.9, 0.1, 10).astype(np.float32)
    precision = [1 / 1, 2 / 3, 3 / 5, 4 / 7, 5 / 9]
    expected = sum(precision[max(0, -(-hundredths // 20) - 1)] for hundredths in range(101)) / 101
    numbers = detection_ap([(Detections("p", found, np.zeros(10, int), scores), there)], ("box",))
    assert numbers["box_ap"] == pytest.approx(expected, abs=1e-6)


def test_boxes_alone_give_the_same_numbers_as_boxes_beside_masks(photos):
    both, alone = detection_ap(photos, ("box", "mask")), detection_ap(photos, ("box",))
    assert {name: both[name] for name in alone} == pytest.approx(alone, abs=1e-6)


def one_photo(*, scores=(0.9,), size=50, crowd=(False,)):
    boxes = np.array([[10, 10, 10 + size, 10 + size]], np.float64)
    objects = np.repeat(boxes, len(crowd), axis=0)
    known = {"crowd": np.array(crowd), "area": np.full(len(crowd), float(size * size))}
    there = Objects("p", objects, np.zeros(len(crowd), int), **known)
    found = np.repeat(boxes, len(scores), axis=0)
    return Detections("p", found, np.zeros(len(scores), int), np.array(scores, np.float32)), there


def test_what_is_found_exactly_scores_one_and_absent_sizes_are_left_out():
    numbers = detection_ap([one_photo()], ("box",))
    assert numbers == {"box_ap": 1.0, "box_ap50": 1.0, "box_ap75": 1.0, "box_ap_medium": 1.0}


def test_what_is_found_twice_is_wrong_the_second_time():
    """The false alarm stands above a second object that is found: precision 1 up to recall .5, then 2/3."""
    other = one_photo(scores=(0.5,))
    numbers = detection_ap([one_photo(scores=(0.9, 0.8)), other], ("box",))
    assert numbers["box_ap"] == pytest.approx((51 * 1 + 50 * 2 / 3) / 101, abs=1e-6)


def test_nothing_found_scores_zero():
    assert detection_ap([one_photo(scores=())], ("box",))["box_ap"] == 0.0


def test_a_detection_in_a_crowd_is_no_false_alarm():
    crowded = detection_ap([one_photo(scores=(0.9,), crowd=(True,)), one_photo(scores=(0.5,))], ("box",))
    assert crowded["box_ap"] == 1.0


def test_scores_that_are_no_numbers_are_refused():
    with pytest.raises(UserFault, match="scores"):
        detection_ap([one_photo(scores=(float("nan"),))], ("box",))


def test_photos_without_any_object_are_refused():
    with pytest.raises(UserFault, match="no object on any photo"):
        detection_ap([one_photo(crowd=(True,))], ("box",))


def test_masks_that_are_missing_are_no_masks_that_are_empty():
    with pytest.raises(ValueError, match="photo 'p' has no masks"):
        detection_ap([one_photo()], ("box", "mask"))


def test_every_number_says_how_it_came_about():
    said = metrics("mask", detector="Mask R-CNN", areas="areas of the file", fine_tuned="26 epochs")
    assert list(said) == [f"mask_{name}" for name in NUMBERS]
    for metric in said.values():
        assert metric.higher_is_better
        for words in (
            "masks",
            "IoU",
            "at most 100 detections",
            "Mask R-CNN, fine-tuned 26 epochs",
            "areas of the file",
        ):
            assert words in metric.definition
    assert "32 x 32" in said["mask_ap_small"].definition
