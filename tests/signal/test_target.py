import math

import numpy as np
import pytest

from sidelight.records.example import Box, Example
from sidelight.signal.target import Target


def picture(*boxes):
    return Example("a", "a.png", "train", 8, 8, (1,), boxes=boxes)


def test_boxes_of_other_classes_are_left_out():
    example = picture(Box(0, 0, 0.5, 0.5, 1), Box(0, 0, 1, 1, 2), Box(0.5, 0.5, 1, 1))
    target = Target.of(example, label=1, mask=None, edge="box")
    assert target.boxes.tolist() == [[0, 0, 0.5, 0.5], [0.5, 0.5, 1, 1]]


@pytest.mark.parametrize(
    "box",
    [Box(0.6, 0, 0.4, 1), Box(0, math.nan, 1, 1), Box(2, 0, 3, 1), Box(-1, -1, -0.5, -0.5), Box(0, 0, math.inf, 1)],
)
def test_impossible_boxes_are_left_out(box):
    assert Target.of(picture(box), label=1, mask=None, edge="box").empty


def test_boxes_are_clipped_to_the_picture():
    target = Target.of(picture(Box(-0.5, 0.25, 0.5, 1.5)), label=1, mask=None, edge="box")
    assert target.boxes.tolist() == [[0, 0.25, 0.5, 1]]


def test_a_mask_without_the_class_counts_as_none():
    mask = np.full((8, 8), 5, np.uint8)
    assert Target.of(picture(), label=1, mask=mask, edge="mask").empty
    assert Target.of(picture(Box(0, 0, 1, 1)), label=1, mask=mask, edge="mask").pixels is None


def test_the_edge_is_the_boxes_or_the_mask():
    mask = np.zeros((8, 8), np.uint8)
    mask[4, 4] = 2
    corner, example = np.array([[0.01, 0.01]]), picture(Box(0, 0, 1, 1))
    assert Target.of(example, label=1, mask=mask, edge="box").covers(corner)[0]
    assert not Target.of(example, label=1, mask=mask, edge="mask").covers(corner)[0]


@pytest.mark.parametrize("width", [7, 49, 64, 333])
def test_a_recorded_place_falls_into_its_own_pixel(width):
    for k in range(width):
        pixels = np.zeros((1, width), np.bool_)
        pixels[0, k] = True
        assert Target(np.zeros((0, 4)), pixels).covers(np.array([[k / width, 0.5]]))[0]


def test_places_on_the_far_border_belong_to_the_last_pixel():
    pixels = np.zeros((4, 4), np.bool_)
    pixels[3, 3] = True
    assert Target(np.zeros((0, 4)), pixels).covers(np.array([[1.0, 1.0]]))[0]


def test_an_empty_target_covers_nothing():
    target = Target(np.zeros((0, 4)))
    assert target.empty
    assert not target.covers(np.array([[0.5, 0.5]]))[0]
    assert not target.covers_everything


def test_only_a_whole_box_or_mask_covers_everything():
    assert Target(np.array([[0.0, 0, 1, 1]])).covers_everything
    assert not Target(np.array([[0.0, 0, 1, 0.99]])).covers_everything
    assert Target(np.zeros((0, 4)), np.ones((2, 2), np.bool_)).covers_everything
