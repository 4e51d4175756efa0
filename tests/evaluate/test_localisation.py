import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evaluate.plain_boxes import plain_boxes, plain_corner, plain_iou

from sidelight.evaluate.contour_boxes import BoxLaw, level_boxes
from sidelight.evaluate.localisation import box_accuracies, centre_gaussian, localisation, pointing_game
from sidelight.records.errors import UserFault

GRID = 32
LAW = BoxLaw(grid=GRID, step=0.01)
NONE = np.zeros((0, 4))


@st.composite
def scenes(draw):
    """Random maps (n, h, w) and, for every photo, 1 to 3 boxes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    photos, side = draw(st.integers(1, 4)), draw(st.integers(1, 8))
    maps = np.round(rng.normal(size=(photos, side, side)), draw(st.sampled_from([0, 6])))
    corners = [np.sort(rng.random((draw(st.integers(1, 3)), 2, 2)), axis=1) for _ in range(photos)]
    return maps, [found.reshape(-1, 4) for found in corners]


def accuracies(maps, boxes, law=LAW, **known):
    return box_accuracies([level_boxes(found, law) for found in maps], boxes, law, **known)


def max_box_accuracy(maps, boxes):
    return accuracies(maps, boxes)["max_box_accuracy"]


def plain_accuracies(maps, boxes, named, law):
    """A loop over thresholds around a loop over photos; boxes and overlaps as in test_contour_boxes."""
    one, both, parts = [], [], [[], [], []]
    drawn = [plain_boxes(found, law) for found in maps]
    corners = [[plain_corner(box, law.grid) for box in truth] for truth in boxes]
    for step in range(len(np.arange(0, 1, law.step))):
        single = [max(plain_iou(each[step][0], c) for c in own) for each, own in zip(drawn, corners, strict=True)]
        every = [
            max(plain_iou(box, c) for box in each[step] for c in own) for each, own in zip(drawn, corners, strict=True)
        ]
        one.append(np.mean([iou >= 0.5 for iou in single]))
        both.append(np.mean([iou >= 0.5 and right for iou, right in zip(single, named, strict=True)]))
        for delta, shares in zip((0.3, 0.5, 0.7), parts, strict=True):
            shares.append(np.mean([iou >= delta for iou in every]))
    return {
        "max_box_accuracy": max(one),
        "max_box_accuracy_v2": np.mean([max(shares) for shares in parts]),
        "top1_localisation": max(both),
        "top1_localisation_fixed": both[round(0.2 / law.step)],
    }


@settings(max_examples=15, deadline=None)
@given(scenes(), st.sampled_from([0.05, 0.01]), st.integers(0, 15))
def test_the_accuracies_agree_with_a_plain_loop(scene, step, right):
    maps, boxes = scene
    law = BoxLaw(grid=GRID, step=step)
    named = np.array([right >> row & 1 for row in range(len(maps))], bool)
    assert accuracies(maps, boxes, law, named=named) == pytest.approx(plain_accuracies(maps, boxes, named, law))


def test_a_class_that_is_not_named_is_not_localised():
    maps = np.zeros((2, GRID, GRID))
    maps[:, 8:20, 4:30] = 1.0
    truth = [np.array([[4, 8, 30, 20]]) / GRID] * 2
    found = accuracies(maps, truth, named=np.array([True, False]))
    assert (found["max_box_accuracy"], found["top1_localisation"], found["top1_localisation_fixed"]) == (1, 0.5, 0.5)
    assert "top1_localisation" not in accuracies(maps, truth)


def test_each_overlap_of_v2_has_its_own_threshold():
    """At no one threshold are both photos right, but each demand on the overlap may choose."""
    steps = np.zeros((1, GRID, GRID))
    steps[0, 4:28, 4:28], steps[0, 10:22, 10:22] = 0.5, 1.0
    wide, narrow = np.array([[4, 4, 28, 28]]) / GRID, np.array([[10, 10, 22, 22]]) / GRID
    maps = np.concatenate([steps, steps])
    assert accuracies(maps, [wide, narrow])["max_box_accuracy_v2"] == pytest.approx(0.5)
    assert accuracies(maps, [wide, wide])["max_box_accuracy_v2"] == 1


def test_any_contour_counts_for_v2_and_the_largest_only_before():
    maps = np.zeros((1, GRID, GRID))
    maps[0, 2:6, 2:6] = maps[0, 10:26, 10:26] = 1.0
    small = [np.array([[2, 2, 6, 6]]) / GRID]
    found = accuracies(maps, small)
    assert (found["max_box_accuracy"], found["max_box_accuracy_v2"]) == (0, 1)


@settings(max_examples=20, deadline=None)
@given(scenes(), st.randoms())
def test_numbers_are_shares_and_forget_the_order_of_photos(scene, random):
    maps, boxes = scene
    found = localisation(maps, boxes, law=LAW)
    order = list(range(len(maps)))
    random.shuffle(order)
    assert all(0 <= value <= 1 for value in found.values())
    assert localisation(maps[order], [boxes[row] for row in order], law=LAW) == pytest.approx(found)


def test_the_threshold_is_one_for_all_photos():
    # Either map alone makes the right box at some threshold, but not at the same one.
    wide, peaked = np.full((GRID, GRID), 0.0), np.full((GRID, GRID), 0.0)
    wide[4:28, 4:28], wide[14:18, 14:18] = 0.5, 1.0
    peaked[4:28, 4:28], peaked[14:18, 14:18] = 0.5, 1.0
    large, small = np.array([[4, 4, 28, 28]]) / GRID, np.array([[14, 14, 18, 18]]) / GRID
    assert max_box_accuracy(np.stack([wide]), [large]) == 1
    assert max_box_accuracy(np.stack([peaked]), [small]) == 1
    assert max_box_accuracy(np.stack([wide, peaked]), [large, small]) == 0.5


def test_a_map_that_is_the_box_finds_it_exactly():
    maps = np.zeros((1, GRID, GRID))
    maps[0, 8:20, 4:30] = 1.0
    truth = np.array([[4, 8, 30, 20]]) / GRID
    assert max_box_accuracy(maps, [truth]) == 1


def test_any_of_several_boxes_will_do():
    maps = np.zeros((1, 4, 4))
    maps[0, 0, 0] = 1.0
    two = np.array([[0.5, 0.5, 1, 1], [0, 0, 0.25, 0.25]])
    assert pointing_game(maps, [two]) == 1
    assert pointing_game(maps, [two[:1]]) == 0


def test_a_constant_map_points_nowhere_and_makes_no_box():
    maps, everything = np.ones((1, 4, 4)), [np.array([[0.0, 0, 1, 1]])]
    assert pointing_game(maps, everything) == 0
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
    found = localisation(maps, [middle, corner], law=BoxLaw(grid=64))
    assert [found["centre_point"], found["centre_gaussian"], found["centre_box"]] == [0.5, 0.5, 0.5]
    small = localisation(maps, [np.array([[0.4, 0.4, 0.6, 0.6]])] * 2, law=BoxLaw(grid=64))
    # Only the Gaussian may choose its size.
    assert [small["centre_point"], small["centre_gaussian"], small["centre_box"]] == [1, 1, 0]


def test_the_gaussian_reaches_squares_of_all_sizes():
    gaussian = level_boxes(centre_gaussian(), BoxLaw())
    found = gaussian.largest[gaussian.levels(BoxLaw())]
    sides = (found[:, 2] - found[:, 0]) / 224
    assert sides[0] > 0.95
    assert 0 < sides[-1] < 0.1
    assert (np.diff(sides) <= 0).all()
    assert np.abs(found[:, 0] + found[:, 2] - 223).max() <= 1  # centred


def test_photos_without_a_box_are_left_out():
    maps = np.random.default_rng(0).normal(size=(3, 4, 4))
    boxes = [np.array([[0.0, 0, 1, 1]]), NONE, np.array([[0.5, 0.5, 1, 1]])]
    assert localisation(maps, boxes, law=LAW) == localisation(maps[[0, 2]], [boxes[0], boxes[2]], law=LAW)


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
