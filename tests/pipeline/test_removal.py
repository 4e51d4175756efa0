import cv2
import numpy as np
import pytest

from sidelight.evaluate.object_removal import RemovalReading
from sidelight.pipeline.evaluate import departures
from sidelight.pipeline.removal import RemovalOptions, erased, grown, without_each_class
from sidelight.records.errors import UserFault
from sidelight.records.example import Example

CLASSES = ("red", "green", "blue")


def scene(*shares):
    """A grey picture of 10 x 10 pixels whose first rows are of class 0, the next of class 1 ..., and its mask."""
    image, mask, top = np.full((10, 10, 3), 90, np.uint8), np.zeros((10, 10), np.uint8), 0
    for label, rows in enumerate(shares):
        image[top : top + rows] = np.eye(3, dtype=np.uint8)[label] * 255
        mask[top : top + rows] = label + 1
        top += rows
    return image, mask


def removals(image, mask, options, example=None):
    example = example or Example("e", "e.png", "test", 10, 10, (0, 1, 2))
    return list(
        without_each_class(
            [example],
            options,
            view_of=lambda image: cv2.resize(image, (10, 10), interpolation=cv2.INTER_NEAREST),
            seen=lambda _: image,
            mask_of=lambda _: mask,
            classes=CLASSES,
        )
    )


def test_each_class_goes_by_itself():
    image, mask = scene(2, 2, 2)
    found = removals(image, mask, RemovalOptions(backend="mean", dilate=1))
    assert [(each.picture, each.label) for each in found] == [(0, 0), (0, 1), (0, 2)]
    for each in found:
        assert (each.view[mask != each.label + 1] == image[mask != each.label + 1]).all()
        expected = image[mask != each.label + 1].mean(axis=0).round()
        assert (each.view[mask == each.label + 1] == expected).all()


@pytest.mark.parametrize(("shares", "limit", "labels"), [((4, 2, 2), 0.3, [1, 2]), ((4, 2, 2), 0.5, [0, 1, 2])])
def test_what_covers_more_than_the_limit_stays(shares, limit, labels):
    found = removals(*scene(*shares), RemovalOptions(backend="mean", limit=limit))
    assert [each.label for each in found] == labels


def test_a_picture_with_one_removable_class_is_left_out():
    assert removals(*scene(4, 2), RemovalOptions(backend="mean")) == []
    assert removals(scene(2, 2)[0], None, RemovalOptions(backend="mean")) == []


def test_a_class_that_is_no_label_of_the_picture_stays():
    found = removals(*scene(2, 2, 2), RemovalOptions(), Example("e", "e.png", "test", 10, 10, (0, 2)))
    assert [each.label for each in found] == [0, 2]


def test_masks_grow_by_a_square():
    mask = np.zeros((7, 7), bool)
    mask[3, 3] = True
    assert grown(mask, 1).sum() == 1
    assert grown(mask, 5).sum() == 25
    assert grown(mask, 5)[1:6, 1:6].all()


@pytest.mark.parametrize("backend", ["mean", "telea", "ns"])
def test_an_object_on_a_plain_background_leaves_the_background(backend):
    image, mask = np.full((12, 12, 3), 90, np.uint8), np.zeros((12, 12), bool)
    mask[4:8, 4:8] = True
    image[mask] = (255, 0, 0)
    assert np.abs(erased(image, mask, backend).astype(int) - 90).max() <= 5
    assert (image[mask] == (255, 0, 0)).all()


@pytest.mark.parametrize("backend", ["mean", "telea", "ns"])
def test_a_picture_that_is_all_object_becomes_grey(backend):
    image = np.full((4, 4, 3), 7, np.uint8)
    assert (erased(image, np.ones((4, 4), bool), backend) == 128).all()


def test_prepared_pictures_are_taken_as_they_are(tmp_path):
    image, mask = scene(2, 2)
    for name, colour in (("red", 10), ("green", 20)):
        (tmp_path / "e").mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / "e" / f"{name}.png"), np.full((20, 20, 3), colour, np.uint8))
    found = removals(image, mask, RemovalOptions(backend="folder", folder=tmp_path))
    assert [each.view[0, 0, 0] for each in found] == [10, 20]
    assert found[0].view.shape == (10, 10, 3)
    (tmp_path / "e" / "green.png").unlink()
    with pytest.raises(UserFault, match=r"picture of example 'e' without 'green'.*green' with one of the endings"):
        removals(image, mask, RemovalOptions(backend="folder", folder=tmp_path))


@pytest.mark.parametrize(
    "wrong", [{"limit": 0.0}, {"limit": 1.1}, {"dilate": 0}, {"backend": "folder"}, {"backend": "ns", "folder": "x"}]
)
def test_options_that_make_no_sense_are_refused(wrong, tmp_path):
    if "folder" in wrong:
        wrong["folder"] = tmp_path
    with pytest.raises(UserFault, match="object removal"):
        RemovalOptions(**wrong)


def test_departures_from_the_definition_are_named():
    assert departures(RemovalOptions()) == departures(None) == ""
    options = RemovalOptions(backend="ns", reading=RemovalReading(over="classes"))
    assert departures(options) == "backend ns, over classes"
