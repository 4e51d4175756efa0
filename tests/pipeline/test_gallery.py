import cv2
import msgspec
import numpy as np
import pytest

from sidelight.data.format.points import read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.gallery import gallery
from sidelight.records.annotation import Annotation
from sidelight.records.example import Box, Example


@pytest.fixture(scope="module")
def dataset(clicks):
    return Dataset.open(clicks)


@pytest.fixture(scope="module")
def items(dataset, run, plain_run):
    return gallery(dataset, {"plain": plain_run, "clicks": run}, shown=5)


def test_photos_are_spread_over_the_classes_without_asking_any_model(items, dataset):
    test = sorted((e.labels[0], e.id) for e in dataset.examples() if e.split == "test")
    expected = [str(test[place][0]) for place in (0, 4, 9, 14, 19)]
    assert [item.label for item in items] == expected


def test_every_model_says_what_it_sees_and_where_it_looked(items):
    for item in items:
        assert list(item.predictions) == list(item.cams) == ["plain", "clicks"]
        assert all(name in "0123456789" and 0 < share <= 1 for name, share in item.predictions.values())
        assert all(cam.ndim == 2 and np.isfinite(cam).all() for cam in item.cams.values())


def test_only_a_model_with_a_point_head_points(items):
    assert all(list(item.predicted_points) == ["clicks"] for item in items)


def test_clicks_and_boxes_are_those_of_the_photo(items, dataset):
    points, examples = read_points(dataset), dataset.examples()
    rows = sorted((e.labels[0], e.id, row) for row, e in enumerate(examples) if e.split == "test")
    first = rows[0][2]
    expected = [tuple(points.xy[first, 0].tolist())] if points.has[first, 0] else []
    assert [pytest.approx(click) for click in expected] == list(items[0].clicks)
    (box,), (shown,) = examples[first].boxes, items[0].boxes
    assert (shown.x0, shown.y1) == pytest.approx((box.x0, box.y1))


def test_at_most_four_models_stand_side_by_side(dataset, plain_run):
    (item,) = gallery(dataset, dict.fromkeys("abcdef", plain_run), shown=1)
    assert list(item.cams) == list("abcd")


def test_few_photos_are_shown_once_each(dataset, plain_run):
    assert len(gallery(dataset, {"plain": plain_run}, shown=99)) == 20


def test_a_click_is_shown_where_it_lies_in_the_cut_photo(run, tmp_path):
    """A photo twice as wide as high is cut to its middle: x of .25 is the left edge of what the model sees."""
    cv2.imwrite(str(tmp_path / "wide.png"), np.zeros((40, 80, 3), np.uint8))
    wide = Example("w", "wide.png", "test", 80, 40, (0,), boxes=(Box(0.25, 0.0, 0.5, 0.5),))
    click = Annotation("c", "w", source="csv", points={"final": (0.375, 0.25)})
    with DatasetWriter(tmp_path / "d", name="d", task="single_label", classes=tuple("0123456789"), source="csv",
                       image_root=tmp_path, point_policies=("final",)) as writer:  # fmt: skip
        writer.add(wide, [click])
    (item,) = gallery(Dataset.open(tmp_path / "d"), {"clicks": run})
    assert item.image.shape == (20, 20, 3)
    assert item.boxes == (Box(0.0, 0.0, 0.5, 0.5),)
    assert item.clicks == ((0.25, 0.25),)


def test_there_is_no_gallery_without_models_boxes_or_a_single_label(dataset, tagged, pictures, plain_run, tmp_path):
    assert gallery(dataset, {}) == []
    assert gallery(Dataset.open(tagged), {"plain": plain_run}) == []
    source = Dataset.open(pictures)
    with DatasetWriter(tmp_path / "d", name="d", task="single_label", classes=source.manifest.classes, source="csv",
                       image_root=pictures / "images", point_policies=()) as writer:  # fmt: skip
        for example in source.examples()[-3:]:
            writer.add(msgspec.structs.replace(example, boxes=(), mask_path=None))
    assert gallery(Dataset.open(tmp_path / "d"), {"plain": plain_run}) == []
