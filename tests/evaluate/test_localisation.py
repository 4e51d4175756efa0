import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.evaluate.localisation import (
    THRESHOLDS,
    box_iou,
    boxes_of_map,
    centre_gaussian,
    grid_boxes,
    localisation,
    max_box_accuracy,
    pointing_game,
)
from sidelight.records.errors import UserFault

GRID = 32
NONE = np.zeros((0, 4))


@st.composite
def scenes(draw):
    """Random maps (n, h, w) and, for every photo, 1 to 3 boxes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    photos, side = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    maps = np.round(rng.normal(size=(photos, side, side)), draw(st.sampled_from([0, 6])))
    corners = [np.sort(rng.random((draw(st.integers(1, 3)), 2, 2)), axis=1) for _ in range(photos)]
    return maps, [found.reshape(-1, 4) for found in corners]


def plain_iou(a, b):
    width = max(0, min(a[2], b[2]) - max(a[0], b[0]) + 1)
    height = max(0, min(a[3], b[3]) - max(a[1], b[1]) + 1)
    areas = [(q[2] - q[0] + 1) * (q[3] - q[1] + 1) for q in (a, b)]
    return width * height / (sum(areas) - width * height)


def plain_box(found, tau):
    """The evaluator's law, step by step and without any sharing between thresholds."""
    large = cv2.resize(found.astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_CUBIC)
    if found.max() == found.min():
        return (0, 0, 0, 0)
    grey = (((large - large.min()) / (large.max() - large.min())) * 255).astype(np.uint8)
    binary = np.where(grey > int(tau * grey.max()), 255, 0).astype(np.uint8)
    contours, _ = cv2.findContours(binary, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    if len(contours) == 0:
        return (0, 0, 0, 0)
    x, y, w, h = cv2.boundingRect(max(contours, key=cv2.contourArea))
    return (x, y, min(x + w, GRID - 1), min(y + h, GRID - 1))


def plain_max_box_accuracy(maps, boxes, iou):
    shares = []
    for tau in THRESHOLDS:
        right = 0
        for found, truth in zip(maps, boxes, strict=True):
            corners = [[min(int(side * GRID), GRID - 1) for side in box] for box in truth]
            right += max(plain_iou(plain_box(found, tau), corner) for corner in corners) >= iou
        shares.append(right / len(maps))
    return max(shares)


@settings(max_examples=15, deadline=None)
@given(scenes(), st.sampled_from([0.3, 0.5, 0.7]))
def test_max_box_accuracy_agrees_with_a_plain_loop(scene, iou):
    maps, boxes = scene
    assert max_box_accuracy(maps, boxes, iou=iou, grid=GRID) == plain_max_box_accuracy(maps, boxes, iou)


@settings(max_examples=25, deadline=None)
@given(scenes())
def test_the_box_at_every_threshold_agrees_with_a_plain_loop(scene):
    found = scene[0][0]
    assert boxes_of_map(found, grid=GRID).tolist() == [list(plain_box(found, tau)) for tau in THRESHOLDS]


@given(scenes())
def test_overlap_agrees_with_a_plain_loop(scene):
    first, second = (grid_boxes(found, grid=GRID) for found in (scene[1][0], scene[1][-1]))
    expected = [[plain_iou(a, b) for b in second] for a in first]
    assert box_iou(first, second) == pytest.approx(np.array(expected))
    assert box_iou(first, first).diagonal() == pytest.approx(1)


@settings(max_examples=20, deadline=None)
@given(scenes(), st.randoms())
def test_numbers_are_shares_and_forget_the_order_of_photos(scene, random):
    maps, boxes = scene
    found = localisation(maps, boxes, grid=GRID)
    order = list(range(len(maps)))
    random.shuffle(order)
    assert all(0 <= value <= 1 for value in found.values())
    assert localisation(maps[order], [boxes[row] for row in order], grid=GRID) == pytest.approx(found)


def test_the_threshold_is_one_for_all_photos():
    # Either map alone makes the right box at some threshold, but not at the same one.
    wide, peaked = np.full((GRID, GRID), 0.0), np.full((GRID, GRID), 0.0)
    wide[4:28, 4:28], wide[14:18, 14:18] = 0.5, 1.0
    peaked[4:28, 4:28], peaked[14:18, 14:18] = 0.5, 1.0
    large, small = np.array([[4, 4, 28, 28]]) / GRID, np.array([[14, 14, 18, 18]]) / GRID
    assert max_box_accuracy(np.stack([wide]), [large], grid=GRID) == 1
    assert max_box_accuracy(np.stack([peaked]), [small], grid=GRID) == 1
    assert max_box_accuracy(np.stack([wide, peaked]), [large, small], grid=GRID) == 0.5


def test_a_map_that_is_the_box_finds_it_exactly():
    maps = np.zeros((1, GRID, GRID))
    maps[0, 8:20, 4:30] = 1.0
    truth = np.array([[4, 8, 30, 20]]) / GRID
    assert max_box_accuracy(maps, [truth], iou=1.0, grid=GRID) == 1


def test_of_two_blobs_the_one_with_the_larger_contour_counts():
    maps = np.zeros((1, GRID, GRID))
    maps[0, 2:6, 2:6] = maps[0, 10:26, 10:26] = 1.0
    assert boxes_of_map(maps[0], grid=GRID)[50].tolist() == [10, 10, 26, 26]


def test_any_of_several_boxes_will_do():
    maps = np.zeros((1, 4, 4))
    maps[0, 0, 0] = 1.0
    two = np.array([[0.5, 0.5, 1, 1], [0, 0, 0.25, 0.25]])
    assert pointing_game(maps, [two]) == 1
    assert pointing_game(maps, [two[:1]]) == 0


def test_a_constant_map_points_nowhere_and_makes_no_box():
    maps, everything = np.ones((1, 4, 4)), [np.array([[0.0, 0, 1, 1]])]
    assert pointing_game(maps, everything) == 0
    assert not boxes_of_map(maps[0]).any()
    assert max_box_accuracy(maps, everything) == 0


def test_the_point_is_the_highest_place_of_the_map():
    for row, column in [(0, 0), (1, 2), (3, 3)]:
        maps = np.zeros((1, 4, 4))
        maps[0, row, column] = 1.0
        cell = np.array([[column, row, column + 1, row + 1]]) / 4
        assert pointing_game(maps, [cell]) == 1
        assert pointing_game(-maps, [cell]) == 0


def test_the_baselines_are_known_for_centred_and_for_corner_boxes():
    maps = np.random.default_rng(0).normal(size=(2, 4, 4))
    middle, corner = np.array([[0.2, 0.2, 0.8, 0.8]]), np.array([[0.0, 0.0, 0.2, 0.2]])
    found = localisation(maps, [middle, corner], grid=64)
    assert [found["centre_point"], found["centre_gaussian"], found["centre_box"]] == [0.5, 0.5, 0.5]
    small = localisation(maps, [np.array([[0.4, 0.4, 0.6, 0.6]])] * 2, grid=64)
    # Only the Gaussian may choose its size.
    assert [small["centre_point"], small["centre_gaussian"], small["centre_box"]] == [1, 1, 0]


def test_the_gaussian_reaches_squares_of_all_sizes():
    found = boxes_of_map(centre_gaussian())
    sides = (found[:, 2] - found[:, 0]) / 224
    assert sides[0] > 0.95
    assert 0 < sides[-1] < 0.1
    assert (np.diff(sides) <= 0).all()
    assert np.abs(found[:, 0] + found[:, 2] - 223).max() <= 1  # centred


def test_photos_without_a_box_are_left_out():
    maps = np.random.default_rng(0).normal(size=(3, 4, 4))
    boxes = [np.array([[0.0, 0, 1, 1]]), NONE, np.array([[0.5, 0.5, 1, 1]])]
    assert localisation(maps, boxes, grid=GRID) == localisation(maps[[0, 2]], [boxes[0], boxes[2]], grid=GRID)


@pytest.mark.parametrize(
    ("maps", "boxes", "seen"),
    [
        (np.zeros((1, 2, 2)), [NONE], "no photo has a box"),
        (np.full((1, 2, 2), np.nan), [np.ones((1, 4))], "map of photo 0: not a number"),
    ],
)
def test_nothing_to_measure_is_a_users_fault(maps, boxes, seen):
    with pytest.raises(UserFault, match=seen):
        localisation(maps, boxes)


def test_maps_and_boxes_must_be_of_the_same_photos():
    with pytest.raises(ValueError, match="2 maps but boxes of 1 photos"):
        pointing_game(np.zeros((2, 2, 2)), [NONE])
