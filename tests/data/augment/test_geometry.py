import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.augment.crop import Window
from sidelight.data.augment.geometry import (
    affine,
    flip_matrix,
    inside,
    rotate_matrix,
    transform_boxes,
    transform_points,
)

shares = st.floats(0, 1)
entries = st.floats(-2, 2)
rows = st.tuples(entries, entries, entries)
matrices = st.builds(affine, rows, rows)


# What the official ImageNet-AB loader makes of one click on a 500x375 photo: (crop, flip) -> Z; None = left the crop.
CLICK = np.array([[0.5401234567901234, 0.4732510288065844]])
OFFICIAL = [
    (Window(50, 100, 200, 250), False, (0.6802469135802468, 0.6373456790123456)),
    (Window(50, 100, 200, 250), True, (0.3197530864197531, 0.6373456790123456)),
    (Window(0, 300, 200, 200), False, None),
    (Window(0, 0, 375, 500), True, (0.45987654320987653, 0.4732510288065844)),
]


@pytest.mark.parametrize(("window", "flipped", "expected"), OFFICIAL)
def test_a_click_moves_as_in_the_official_loader(window, flipped, expected):
    matrix = window.matrix(375, 500)
    moved = transform_points(CLICK, flip_matrix() @ matrix if flipped else matrix)
    assert inside(moved).tolist() == [expected is not None]
    if expected is not None:
        np.testing.assert_allclose(moved[0], expected, rtol=0, atol=1e-12)


@given(shares, shares, matrices, matrices)
def test_a_product_of_matrices_is_one_move_after_the_other(x, y, first, second):
    point = np.array([[x, y]])
    in_turn = transform_points(transform_points(point, first), second)
    np.testing.assert_allclose(transform_points(point, second @ first), in_turn, atol=1e-9)


@given(shares, shares)
def test_flipping_twice_changes_nothing(x, y):
    point = np.array([[x, y]])
    np.testing.assert_allclose(
        transform_points(transform_points(point, flip_matrix()), flip_matrix()), point, atol=1e-15
    )


def test_a_quarter_turn_takes_the_right_edge_to_the_top():
    moved = transform_points(np.array([[1.0, 0.5], [0.5, 0.5]]), rotate_matrix(90.0))
    np.testing.assert_allclose(moved, [[0.5, 0.0], [0.5, 0.5]], atol=1e-15)


@pytest.mark.parametrize("point", [(0.2, 0.5), (0.7, 0.5), (0.3, 0.0), (0.3, 1.0)])
def test_a_point_on_the_border_of_a_crop_is_inside(point):
    matrix = Window(0, 100, 375, 250).matrix(375, 500)
    assert inside(transform_points(np.array([point]), matrix)).all()


@pytest.mark.parametrize("point", [(-1e-6, 0.5), (0.5, 1 + 1e-6), (2.0, -1.0)])
def test_a_point_beyond_the_border_is_outside(point):
    assert not inside(np.array([point])).any()


@given(shares, shares, shares, shares, shares, shares, matrices)
def test_a_box_holds_whatever_it_held_before(x0, y0, x1, y1, along, down, matrix):
    (x0, x1), (y0, y1) = sorted((x0, x1)), sorted((y0, y1))
    held = np.array([[x0 + along * (x1 - x0), y0 + down * (y1 - y0)]])
    moved = transform_points(held, matrix)[0].clip(0, 1)
    left, top, right, bottom = transform_boxes(np.array([[x0, y0, x1, y1]]), matrix)[0]
    assert left - 1e-9 <= moved[0] <= right + 1e-9
    assert top - 1e-9 <= moved[1] <= bottom + 1e-9


@given(shares, shares, shares, shares, matrices)
def test_a_box_is_no_larger_than_its_corners_ask_for(x0, y0, x1, y1, matrix):
    (x0, x1), (y0, y1) = sorted((x0, x1)), sorted((y0, y1))
    corners = transform_points(np.array([[x0, y0], [x1, y0], [x0, y1], [x1, y1]]), matrix).clip(0, 1)
    box = transform_boxes(np.array([[x0, y0, x1, y1]]), matrix)[0]
    np.testing.assert_allclose(box, [*corners.min(axis=0), *corners.max(axis=0)], atol=1e-12)


def test_a_box_that_left_the_picture_has_no_area():
    x0, y0, x1, y1 = transform_boxes(np.array([[0.0, 0.0, 0.2, 0.2]]), affine((2.0, 0.0, -1.0), (0.0, 2.0, -1.0)))[0]
    assert (x1 - x0) * (y1 - y0) == 0
