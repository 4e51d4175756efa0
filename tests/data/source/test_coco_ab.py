import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidelight.data.format.points import PointPolicyChoice, read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.source.coco_ab import CocoAB
from sidelight.data.source.coco_classes import CATEGORIES
from sidelight.data.source.progress import silent
from sidelight.records.errors import UserFault
from sidelight.records.example import Box

CAKE = json.loads((Path(__file__).parent / "fixtures" / "coco_ab_296169.json").read_bytes())[0]


def record(image, *adds, **more):
    actions = [{"actionType": "add", "iconType": n, "pointTo": {"x": x, "y": y}, "timeAt": 5} for n, x, y in adds]
    size = {"originalImageWidth": 480, "originalImageHeight": 360}
    return {"image_id": image, **size, "actionHistories": actions, "worker_id": "00AA3B5E80", **more}


def convert(tmp_path, records, **options):
    source = tmp_path / "coco_ab.json"
    source.write_bytes(records if isinstance(records, bytes) else json.dumps(records).encode())
    manifest, faults = CocoAB(**options).convert(source, tmp_path / "out", progress=silent, overwrite=True)
    return Dataset.open(tmp_path / "out"), manifest, [str(fault) for fault in faults]


@pytest.fixture
def instances(tmp_path):
    path = tmp_path / "instances_train2014.json"
    names = {1: "person", 18: "dog", 61: "cake"}
    path.write_text(
        json.dumps(
            {
                "images": [
                    {"id": 296169, "file_name": "COCO_train2014_000000296169.jpg", "width": 480, "height": 360},
                    {"id": 9, "file_name": "COCO_train2014_000000000009.jpg", "width": 100, "height": 50},
                ],
                "annotations": [
                    {"id": 1, "image_id": 296169, "category_id": 61, "bbox": [48, 36, 240, 180], "iscrowd": 0},
                    {"id": 2, "image_id": 296169, "category_id": 1, "bbox": [0, 0, 9, 9], "iscrowd": 1},
                ],
                "categories": [{"id": number, "name": name} for number, name in names.items()],
            }
        )
    )
    return path


def test_the_record_alone_becomes_an_example(tmp_path):
    dataset, manifest, faults = convert(tmp_path, [CAKE])
    assert faults == []
    assert manifest.classes == tuple(CATEGORIES.values())
    (e,) = dataset.examples()
    assert (e.id, e.path, e.width, e.height) == ("296169", "COCO_train2014_000000296169.jpg", 480, 360)
    assert e.labels == (55,)


def test_with_instances_labels_boxes_and_sizes_are_cocos(tmp_path, instances):
    dataset, manifest, faults = convert(tmp_path, [{**CAKE, "originalImageWidth": 0}], instances=instances)
    assert faults == []
    assert manifest.classes == ("person", "dog", "cake")
    (e,) = dataset.examples()
    assert (e.labels, e.width, e.boxes) == ((0, 2), 480, (Box(0.1, 0.1, 0.6, 0.6, 2),))
    assert manifest.provenance["images_without_record"] == "1"
    assert [a.label for a in dataset.annotations()] == [None, 2]


def test_both_policies_reach_the_point_table(tmp_path):
    dataset, _, _ = convert(tmp_path, [CAKE])
    official = read_points(dataset, PointPolicyChoice("last_add", "mean"))
    replayed = read_points(dataset)
    assert official.xy.shape == (1, 80, 2)
    assert official.xy[0, 55].tolist() == pytest.approx([0.7883333, 0.8377778])
    assert replayed.xy[0, 55].tolist() == pytest.approx([0.7016667, 0.5444444])
    assert replayed.has.sum() == 1


def test_of_several_records_about_a_photo_the_last_good_one_counts(tmp_path):
    broken = {**record(7, ("cat", 0.9, 0.9)), "worker_id": 5}
    records = [record(7, ("dog", 0.1, 0.1)), record(8), record(7, ("cat", 0.2, 0.2)), broken]
    dataset, manifest, faults = convert(tmp_path, records)
    assert [(e.id, e.labels) for e in dataset.examples()] == [("8", ()), ("7", (15,))]
    assert manifest.provenance["superseded"] == "1"
    assert len(faults) == 1
    assert "record 4 (byte" in faults[0]


def test_a_photo_without_a_size_needs_the_instances(tmp_path):
    dataset, _, faults = convert(tmp_path, [record(5, originalImageWidth=0), record(6)])
    assert [e.id for e in dataset.examples()] == ["6"]
    assert "record 1 (byte 1), image 5: the photo's size is 0x360; give --instances" in faults[0]


def test_a_photo_that_coco_does_not_know_is_told(tmp_path, instances):
    _, _, faults = convert(tmp_path, [CAKE, record(5)], instances=instances)
    assert faults[0].endswith("image 5: the instances JSON has no image 5; the record is left out")


def test_icons_of_classes_that_the_instances_lack_are_counted(tmp_path, instances):
    _, manifest, faults = convert(tmp_path, [{**CAKE, **record(296169, ("zebra", 0.5, 0.5))}], instances=instances)
    assert (manifest.provenance["icons_of_other_classes"], faults) == ("1", [])


def test_every_fault_is_a_line_and_no_good_record_is_lost(tmp_path):
    good = [record(n, ("dog", 0.1, 0.1)) for n in (1, 2, 3)]
    bad = [{"image_id": 4}, 17, record(5, ("dgo", 0.5, 0.5)), record(6, ("dog", float("nan"), 0.5))]
    records = json.dumps([good[0], bad[0], good[1], bad[1], bad[2], bad[3], good[2]])
    dataset, _, faults = convert(tmp_path, records[:-1].encode())
    assert [e.id for e in dataset.examples()] == ["1", "2", "5", "6", "3"]
    said = [
        "missing required field `actionHistories`",
        "an object of the list is expected",
        "closest known one is 'dog'",
    ]
    for message, line in zip([*said, "read as missing: 1", "ends inside the list"], faults, strict=True):
        assert message in line


def test_a_dataset_of_pseudonyms_names_nobody(tmp_path):
    dataset, manifest, _ = convert(tmp_path, [CAKE])
    told = f"{[table.to_pylist() for table in map(dataset.table, ('examples', 'annotations', 'traces'))]}"
    assert "00AA3B5E80" not in told
    assert "94c49a4e" not in told
    assert manifest.privacy_grade == "L2"


def test_names_are_kept_when_asked_and_the_fingerprint_repeats(tmp_path):
    prints = set()
    for _ in range(2):
        dataset, manifest, _ = convert(tmp_path, [CAKE], identity="keep", images=tmp_path, split="test")
        prints.add(manifest.fingerprint)
    assert len(prints) == 1
    assert {a.annotator for a in dataset.annotations()} == {"00AA3B5E80"}
    assert (manifest.privacy_grade, manifest.image_root) == ("L3", tmp_path.as_posix())
    assert dataset.examples()[0].split == "test"


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"[17]", b"\x1f\x8b damaged"])
def test_a_source_without_a_record_is_refused_and_leaves_nothing(tmp_path, text):
    with pytest.raises(UserFault):
        convert(tmp_path, text)
    assert [path.name for path in tmp_path.iterdir()] == ["coco_ab.json"]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_is_ever_an_accident(tmp_path, data):
    whole = json.dumps([record(n, ("dog", 0.1, 0.1)) for n in range(4)]).encode()
    place = data.draw(st.integers(0, len(whole)))
    damaged = whole[:place] + data.draw(st.binary(max_size=9)) + whole[place + data.draw(st.integers(0, 99)) :]
    try:
        dataset, _, _ = convert(tmp_path, damaged)
    except UserFault:
        return
    assert len(dataset.examples()) >= 1
