import csv

import pytest

from sidelight.collect.export.work import Seen, Work
from sidelight.data.format.reader import Dataset
from sidelight.data.source.ab_layout import read_layout, serialise
from sidelight.data.source.ab_xml import parse_record
from sidelight.data.source.imagenet_ab import ImageNetAB
from sidelight.data.source.progress import silent
from sidelight.pipeline.collect_imagenet_ab import write_imagenet_ab
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

EVENTS = (
    Event("enter", 0.0),
    Event("move", 10.0, 0.1, 0.2),
    Event("move", 30.0, 0.3, 0.4),
    Event("select", 100.0, 0.54, 0.47),
    Event("move", 130.0, 0.6, 0.5),
    Event("leave", 400.0),
)
CLICKED = Annotation(
    "1",
    "cats/n01_7.jpg",
    label=0,
    selected=True,
    points={"first": (0.54, 0.47), "final": (0.54, 0.47)},
    dwell_ms=95.0,
    started_at=1_700_000_000_000.0,
    events=EVENTS,
    extra={"imageWidth": "324", "imageHeight": "243", "image_idx": "5", "page_idx": "2"},
)
KEYED = Annotation("2", "cats/n01_7.jpg", label=0, selected=True, events=(Event("select", 50.0, keyboard=True),))
PASSED = Annotation("3", "street/x.jpg", label=0, selected=False)


def work(annotation, person="0A1B2C3D4E"):
    return Work(
        "p", "n01", (annotation,), person=person, assignment="AS1", hit="H1", page=2, submitted_at=1_700_000_060.0
    )


PICTURES = (
    Seen("cats/n01_7.jpg", "true", 500, 375, "n01", (work(CLICKED), work(KEYED, "FFFFFFFFFF"))),
    Seen("street/x.jpg", "distractor", 640, 480, None, (work(PASSED),)),
)
KNOWN = {"cats/n01_7.jpg": "n01"}


def written(out, semantics="release"):
    counts = write_imagenet_ab(out, PICTURES, known=KNOWN, classes=("n01",), semantics=semantics)
    return counts, {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*.xml"))}


def test_a_file_is_in_the_release_s_layout_to_the_last_blank(tmp_path):
    _, files = written(tmp_path)
    (data,) = files.values()
    assert list(files) == ["train_xml/n01/n01_7.xml"]
    assert serialise(read_layout(data)) == data
    assert read_layout(data) == parse_record(data)


def test_the_published_fields_are_all_there(tmp_path):
    _, files = written(tmp_path)
    mine = read_layout(files["train_xml/n01/n01_7.xml"]).metadata[0]
    assert (mine.worker_id, mine.assignment_id, mine.hit_id, mine.hit_submit_time) == (
        "0A1B2C3D4E",
        "AS1",
        "H1",
        1700000060,
    )
    assert (mine.image_width, mine.image_height, mine.image_idx, mine.page_idx) == (324, 243, 5, 2)
    assert (mine.original_image_width, mine.original_image_height, mine.image_id) == (500, 375, "n01/n01_7")
    assert [s.time - 1_700_000_000_000 for s in mine.mouse] == [10, 30]
    assert mine.estimate_time == 90


@pytest.mark.parametrize("semantics", ["release", "full"])
def test_it_reads_back_to_the_same_points(tmp_path, semantics):
    (tmp_path / "ab").mkdir()
    written(tmp_path / "ab", semantics)
    manifest, faults = ImageNetAB().convert(tmp_path / "ab" / "train_xml", tmp_path / "back", progress=silent)
    assert faults == []
    back = {a.id: a for a in Dataset.open(tmp_path / "back").annotations()}
    assert manifest.classes == ("n01",)
    assert back["n01_7:0"].points == CLICKED.points
    assert back["n01_7:1"].points == {}
    assert [a.selected for a in back.values()] == [True, True]


def test_full_keeps_what_the_release_dropped(tmp_path):
    counts, files = written(tmp_path, "full")
    assert list(files) == ["distractor_xml/n01/n01_1.xml", "train_xml/n01/n01_7.xml"]
    first, second = parse_record(files["train_xml/n01/n01_7.xml"]).metadata
    assert len(first.mouse) == 3
    assert second.other == {"keyboardCount": "1"}
    assert counts == {"files": 1, "records": 2, "distractors": 1, "records_of_distractors": 1}


def test_the_index_says_which_picture_is_which(tmp_path):
    written(tmp_path)
    with (tmp_path / "index.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows == [{"image_id": "n01/n01_7", "path": "cats/n01_7.jpg", "asked": "n01", "pool": "true"}]


def test_a_picture_that_was_another_class_s_distractor_keeps_the_two_apart(tmp_path):
    other = Work("p", "n02", (PASSED,), person="A")
    both = Seen("cats/n01_7.jpg", "images", 500, 375, "n01", (work(CLICKED), other))
    write_imagenet_ab(tmp_path, [both], known=KNOWN, classes=("n01", "n02"), semantics="full")
    mine, theirs = sorted(tmp_path.rglob("*.xml"), reverse=True)
    assert mine.relative_to(tmp_path).as_posix() == "train_xml/n01/n01_7.xml"
    assert theirs.relative_to(tmp_path).as_posix() == "distractor_xml/n02/n02_1.xml"
    assert len(parse_record(mine.read_bytes()).metadata) == len(parse_record(theirs.read_bytes()).metadata) == 1
