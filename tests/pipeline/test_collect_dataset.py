import pytest
from PIL import Image

from sidelight.collect.export.work import Seen, Work
from sidelight.collect.wire.answer import PaintAnswer
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.pipeline.collect_dataset import write_dataset
from sidelight.records.annotation import Annotation


def said(picture, number, label=0, selected=True, **more):
    return Annotation(f"{picture}:{number}", picture, label=label, selected=selected, source="campaign", **more)


def seen(path, *works, label="cat"):
    return Seen(path, "true", 40, 30, label, works)


def write(out, pictures, task="browse", grade="L1"):
    Image.new("RGB", (40, 30)).save(out.parent / "a.png")
    counts = write_dataset(
        out,
        pictures,
        name="pets",
        task=task,
        classes=("cat", "dog"),
        image_root=out.parent,
        grade=grade,
        provenance={"reason": ""},
    )
    return counts, Dataset.open(out)


def test_points_come_out_as_they_went_in_and_the_dataset_is_valid(tmp_path):
    works = [Work("p", "cat", (said("a.png", n, points={"final": (0.25, 0.5)}, dwell_ms=80.0),)) for n in range(2)]
    counts, dataset = write(tmp_path / "d", [seen("a.png", *works)])
    assert [a.points for a in dataset.annotations()] == [{"final": (0.25, 0.5)}] * 2
    assert validate(tmp_path / "d") == []
    assert counts == {"pictures": 1, "annotations": 2, "maps": 0, "pictures_without_map": 0}
    assert dataset.manifest.privacy_grade == "L1"
    assert dataset.manifest.point_policies == ("final",)


def test_distractors_that_nobody_selected_are_left_out_and_counted(tmp_path):
    known = seen("a.png", Work("p", "cat", (said("a.png", 0),)))
    refused = seen("b.png", Work("q", "cat", (said("b.png", 0, selected=False),)), label=None)
    chosen = seen("c.png", Work("r", "cat", (said("c.png", 0),)), label=None)
    _, dataset = write(tmp_path / "d", [known, refused, chosen])
    assert {e.id: e.labels for e in dataset.examples()} == {"a.png": (0,), "c.png": (0,)}
    assert dataset.manifest.provenance["count.pictures_without_label"] == "1"


def test_tagged_pictures_have_the_classes_that_half_of_the_people_saw(tmp_path):
    one = Work("p", "", (said("a.png", 0, label=None), said("a.png", 1, label=1)))
    other = Work("p", "", (said("a.png", 2, label=None),))
    third = Work("p", "", (said("a.png", 3, label=None), said("a.png", 4, label=0)))
    _, dataset = write(tmp_path / "d", [seen("a.png", one, other, label=None)], task="tag")
    assert dataset.examples()[0].labels == (1,)
    _, dataset = write(tmp_path / "e", [seen("a.png", one, other, third, label=None)], task="tag")
    assert dataset.examples()[0].labels == ()


@pytest.mark.parametrize(("runs", "has_map"), [((0, 1, 3), True), ((4,), False)])
def test_painted_masks_become_a_map_unless_they_are_blank(tmp_path, runs, has_map):
    work = Work("p", "", (said("a.png", 0),), mask=PaintAnswer("cat", (2, 2), runs))
    counts, dataset = write(tmp_path / "d", [seen("a.png", work)], task="paint")
    assert (dataset.examples()[0].map_path is not None) is has_map
    assert counts["pictures_without_map"] == (not has_map)
    assert validate(tmp_path / "d") == []


def test_a_picture_keeps_its_split_in_every_export(tmp_path):
    pictures = [seen(f"{n}.png", Work("p", "cat", (said(f"{n}.png", 0),))) for n in range(60)]
    _, first = write(tmp_path / "d", pictures)
    _, second = write(tmp_path / "e", pictures[::-1][:30])
    splits = {e.id: e.split for e in first.examples()}
    assert set(splits.values()) == {"train", "validation", "test"}
    assert all(splits[e.id] == e.split for e in second.examples())
