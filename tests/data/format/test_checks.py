import msgspec
import numpy as np
import pytest

from sidelight.data.format.checks import annotation_faults, box_faults, example_faults, mask_faults
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event
from sidelight.records.example import Box, Example

GOOD = Example("e", "a/e.png", "train", 8, 6, (0,), boxes=(Box(0.0, 0.0, 1.0, 1.0, 1),), map_path="maps/1.png")
CLICK = Annotation("a", "e", label=1, points={"final": (-0.05, 1.05)}, dwell_ms=0.0, events=(Event("enter", 0.0),))


def of_example(task="single_label", **change):
    return list(example_faults(msgspec.structs.replace(GOOD, **change), task=task, classes=2))


def of_annotation(**change):
    return list(annotation_faults(msgspec.structs.replace(CLICK, **change), classes=2))


def test_good_records_have_no_fault():
    assert of_example() == of_annotation() == []
    assert of_example("multi_label", labels=()) == of_example("multi_label", labels=(1, 0)) == []


@pytest.mark.parametrize("path", ["", "/e.png", "../e.png", "a/../e.png", "a\\e.png"])
def test_paths_stay_below_their_root(path):
    assert len(of_example(path=path)) == 1
    assert len(of_example(mask_path=path)) == 1


def test_several_faults_of_a_record_are_all_told():
    assert len(of_example(id="", width=0, height=-1, labels=(0, 0, 7))) == 6


@pytest.mark.parametrize("point", [(1.06, 0.5), (0.5, -0.06), (float("nan"), 0.5), (0.5, float("inf"))])
def test_points_lie_in_the_picture_or_just_outside(point):
    (fault,) = of_annotation(points={"final": point})
    assert fault.startswith("final point is (")


@pytest.mark.parametrize(
    "event", [Event("move", float("nan")), Event("move", 0.0, x=float("inf")), Event("move_icon", from_y=-float("inf"))]
)
def test_events_hold_finite_numbers(event):
    (fault,) = of_annotation(events=(CLICK.events[0], event))
    assert fault.startswith("event 1 holds a number that is not finite")


def test_the_keyboard_has_no_place():
    (fault,) = of_annotation(events=(Event("select", x=0.5, keyboard=True),))
    assert "by keyboard" in fault


@pytest.mark.parametrize(
    "box", [Box(0, 0, 0, 1), Box(0, 1, 1, 0), Box(-0.1, 0, 1, 1), Box(0, 0, 1, 1.01), Box(0, 0, 1, 1, 2)]
)
def test_boxes_have_an_area_inside_the_picture_and_a_known_class(box):
    assert len(list(box_faults("box 0", box, classes=2))) == 1


def test_masks_have_the_size_of_the_picture_and_known_classes():
    assert list(mask_faults(GOOD, np.full((6, 8), 2, np.uint8), classes=2)) == []
    assert len(list(mask_faults(GOOD, np.full((6, 8), 3, np.uint8), classes=2))) == 1
    assert len(list(mask_faults(GOOD, np.zeros((8, 6), np.uint8), classes=2))) == 1
