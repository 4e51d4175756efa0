import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sidelight.evaluate.point_head import (
    class_pairs,
    distance_to_centre,
    point_head,
    points_in_boxes,
    points_on_masks,
    smooth_l1,
)
from sidelight.records.errors import UserFault
from sidelight.records.example import Box

LEFT, RIGHT = (0.0, 0.0, 0.4, 1.0), (0.6, 0.0, 1.0, 1.0)
NONE = np.zeros((0, 4))


@st.composite
def scenes(draw):
    """Points and ragged boxes on a coarse grid, so that points often lie on borders."""
    grid = st.integers(0, 4).map(lambda k: k / 4)
    count = draw(st.integers(1, 8))
    points = np.array(draw(st.lists(st.tuples(grid, grid), min_size=count, max_size=count)))
    quads = st.tuples(grid, grid, grid, grid).map(
        lambda q: (min(q[0], q[2]), min(q[1], q[3]), max(q[0], q[2]), max(q[1], q[3]))
    )
    boxes = draw(st.lists(st.lists(quads, max_size=3), min_size=count, max_size=count))
    return points, [np.array(found).reshape(-1, 4) for found in boxes]


@given(scenes())
def test_points_in_boxes_agrees_with_a_plain_loop(scene):
    points, boxes = scene
    expected = [any(Box(*q).contains(x, y) for q in found) for (x, y), found in zip(points, boxes, strict=True)]
    assert points_in_boxes(points, boxes).tolist() == expected


@given(scenes())
def test_the_nearest_centre_agrees_with_a_plain_loop(scene):
    points, boxes = scene
    found = distance_to_centre(points, boxes)
    for (x, y), quads, distance in zip(points, boxes, found, strict=True):
        each = [np.hypot(x - (q[0] + q[2]) / 2, y - (q[1] + q[3]) / 2) for q in quads]
        assert distance == pytest.approx(min(each)) if each else np.isnan(distance)


def test_the_benchmark_counts_only_photos_with_a_box():
    points = np.array([[0.2, 0.5], [0.5, 0.5], [0.5, 0.5]])
    found = point_head(points, [np.array([LEFT, RIGHT]), np.array([LEFT]), NONE])
    assert found == {"in_box": 0.5, "distance": pytest.approx((0 + 0.3) / 2)}


def test_a_point_on_a_mask_lies_on_its_pixel():
    mask = np.zeros((2, 4), bool)
    mask[1, 3] = True
    points = np.array([[0.75, 0.5], [0.999, 0.999], [0.74, 0.5], [1.0, 0.6], [-0.1, 0.6]])
    assert points_on_masks(points, [mask] * 5).tolist() == [True, True, False, False, False]


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 1.0]))
def test_smooth_l1_agrees_with_torch(seed, beta):
    rng = np.random.default_rng(seed)
    points, targets = rng.normal(size=(2, 5, 3, 2))
    has = (rng.random((5, 3)) < 0.6).astype(float)
    has[0, 0] = 1
    loss = torch.nn.functional.smooth_l1_loss(torch.tensor(points), torch.tensor(targets), beta=beta, reduction="none")
    expected = loss.sum(dim=-1).numpy()[has > 0].mean()
    assert smooth_l1(points, targets, has, beta=beta) == pytest.approx(expected)


def test_what_stands_for_a_missing_click_does_not_matter():
    points, targets = np.zeros((2, 1, 2)), np.array([[[0.5, 0.0]], [[np.nan, np.nan]]])
    assert smooth_l1(points, targets, np.array([[1.0], [0.0]])) == 0.125


def test_a_class_is_held_against_its_own_boxes():
    points = np.array([[[0.2, 0.5], [0.2, 0.5]], [[0.9, 0.5], [0.9, 0.5]]])
    boxes, labels = [np.array([RIGHT, LEFT]), np.array([RIGHT])], [np.array([1, 0]), np.array([1])]
    pairs, own = class_pairs(points, boxes, labels)
    assert pairs.tolist() == [[0.2, 0.5], [0.2, 0.5], [0.9, 0.5]]
    assert points_in_boxes(pairs, own).tolist() == [True, False, True]


def test_photos_without_boxes_have_no_pairs():
    pairs, own = class_pairs(np.zeros((1, 2, 2)), [NONE], [np.zeros(0, int)])
    assert (pairs.shape, own) == ((0, 2), [])


@pytest.mark.parametrize(
    ("call", "seen"),
    [
        (lambda: point_head(np.zeros((1, 2)), [NONE]), "no photo has a box"),
        (lambda: smooth_l1(np.zeros((1, 1, 2)), np.zeros((1, 1, 2)), np.zeros((1, 1))), "no photo has a click"),
        (lambda: point_head(np.array([[np.nan, 0]]), [np.array([LEFT])]), "predicted point of photo 0: not a number"),
    ],
)
def test_nothing_to_measure_is_a_users_fault(call, seen):
    with pytest.raises(UserFault, match=seen):
        call()


def test_points_and_boxes_must_be_of_the_same_photos():
    with pytest.raises(ValueError, match="2 points but boxes of 1 photos"):
        points_in_boxes(np.zeros((2, 2)), [NONE])
