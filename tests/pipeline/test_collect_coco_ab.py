import json

import pytest

from sidelight.collect.export.work import Seen, Work
from sidelight.data.format.reader import Dataset
from sidelight.data.source.coco_ab import CocoAB
from sidelight.data.source.progress import silent
from sidelight.pipeline.collect_coco_ab import write_coco_ab
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

PATH = "COCO_train2014_000000296169.jpg"
PAGE = Annotation("p", PATH, dwell_ms=9000.0, events=(Event("move", 900.0, 0.2, 0.3), Event("move", 3000.0, 0.5, 0.5)))
CAKE = Annotation(
    "c",
    PATH,
    label=1,
    selected=True,
    points={"last_add": (0.78, 0.83), "final_position": (0.7, 0.54)},
    events=(
        Event("add", 1000.0, 0.78, 0.83, label="cake"),
        Event("move_icon", 2000.0, 0.7, 0.54, label="cake", from_x=0.78, from_y=0.83),
    ),
)
KEYED = Annotation("k", PATH, label=0, selected=True, events=(Event("add", 1500.0, label="cup", keyboard=True),))
WORK = Work("x", "", (PAGE, CAKE, KEYED), drags=((800.0, 1000.0),), person="0A1B2C3D4E", hit="H", page=7)
CLASSES, PANELS = ("cup", "cake"), ("Kitchenware", "Food")


def written(out, semantics="release", path=PATH, classes=CLASSES):
    out.mkdir()
    seen = Seen(path, "true", 480, 360, None, (WORK,))
    write_coco_ab(out, [seen], paths=[path], classes=classes, panels=PANELS, semantics=semantics)
    return json.loads((out / "coco_ab.json").read_text())


def test_a_record_has_the_published_keys(tmp_path):
    (record,) = written(tmp_path / "ab")
    assert list(record) == [
        "image_id",
        "originalImageWidth",
        "originalImageHeight",
        "imageWidth",
        "imageHeight",
        "page_id",
        "hit_id",
        "worker_id",
        "timeSpent",
        "mouseTracking",
        "actionHistories",
        "categoryHistories",
    ]
    assert (record["image_id"], record["page_id"], record["worker_id"]) == (296169, 7, "0A1B2C3D4E")


@pytest.mark.parametrize("semantics", ["release", "full"])
def test_it_reads_back_to_the_same_points(tmp_path, semantics):
    written(tmp_path / "ab", semantics)
    _, faults = CocoAB().convert(tmp_path / "ab" / "coco_ab.json", tmp_path / "back", progress=silent)
    assert faults == []
    back = {a.id: a for a in Dataset.open(tmp_path / "back").annotations()}
    assert back["296169:cake"].points == CAKE.points
    assert back["296169:cup"].points == {}
    assert back["296169:cup"].selected


def test_samples_during_a_drag_are_only_in_the_full_export(tmp_path):
    assert [m["timeAt"] for m in written(tmp_path / "a")[0]["mouseTracking"]] == [3000]
    assert [m["timeAt"] for m in written(tmp_path / "b", "full")[0]["mouseTracking"]] == [900, 3000]


def test_own_classes_and_files_read_back_with_the_instances(tmp_path):
    written(tmp_path / "ab", path="my/photo.jpg", classes=("mug", "cake"))
    reader = CocoAB(instances=tmp_path / "ab" / "instances.json")
    manifest, faults = reader.convert(tmp_path / "ab" / "coco_ab.json", tmp_path / "back", progress=silent)
    assert [f.message for f in faults if "mug" not in f.message] == []
    (example,) = Dataset.open(tmp_path / "back").examples()
    assert (example.path, example.width) == ("my/photo.jpg", 480)
    assert manifest.classes == ("mug", "cake")


def test_an_export_of_nothing_is_an_empty_list(tmp_path):
    write_coco_ab(tmp_path, [], paths=[], classes=CLASSES, panels=PANELS, semantics="release")
    assert json.loads((tmp_path / "coco_ab.json").read_text()) == []
