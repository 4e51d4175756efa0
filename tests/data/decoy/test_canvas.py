import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.decoy.canvas import Ellipse, blurred, noise, paint


@given(st.floats(0.35, 0.65), st.floats(0.35, 0.65), st.floats(0.1, 0.3), st.floats(0.1, 0.3), st.floats(-3, 3))
def test_an_ellipse_covers_its_area_wherever_it_lies_and_however_it_is_turned(x, y, rx, ry, angle):
    assert Ellipse(x, y, rx, ry, angle).cover(96).mean() == pytest.approx(np.pi * rx * ry, rel=0.05)


def test_x_is_to_the_right_and_y_down_and_turning_is_clockwise():
    rows, columns = np.nonzero(Ellipse(0.75, 0.25, 0.1, 0.1).cover(20) > 0.5)
    assert (columns.mean() + 0.5) / 20 == pytest.approx(0.75)
    assert (rows.mean() + 0.5) / 20 == pytest.approx(0.25)
    turned = Ellipse(0.5, 0.5, 0.4, 0.1, angle=np.pi / 4).cover(40)
    assert turned[28, 28] > 0.9
    assert turned[12, 28] == 0


def test_a_place_can_grow_and_has_a_least_size():
    assert Ellipse(0.5, 0.5, 0.1, 0.2).grown(2) == Ellipse(0.5, 0.5, 0.2, 0.4)
    assert Ellipse(0.5, 0.5, 0.01, 0.2).at_least(0.1) == Ellipse(0.5, 0.5, 0.1, 0.2)


def test_paint_blends_by_cover():
    picture = np.zeros((1, 2, 3))
    paint(picture, (1.0, 0.5, 0.0), np.array([[1.0, 0.5]]))
    assert picture.tolist() == [[[1.0, 0.5, 0.0], [0.5, 0.25, 0.0]]]


def test_blurring_keeps_the_sum_and_what_is_constant():
    point = np.zeros((31, 31))
    point[15, 15] = 1
    spread = blurred(point, 2.0)
    assert spread.sum() == pytest.approx(1)
    variance = (spread.sum(axis=0) * (np.arange(31) - 15) ** 2).sum()
    assert variance == pytest.approx(4, rel=0.05)
    assert blurred(np.full((9, 9, 3), 0.3), (0.0, 4.0)) == pytest.approx(np.full((9, 9, 3), 0.3))


def test_noise_has_its_spread_and_its_direction():
    lying = noise(np.random.default_rng(0), 64, (0.4, 3.0))
    assert (lying.mean(), lying.std()) == pytest.approx((0, 1))
    assert np.abs(np.diff(lying, axis=1)).mean() < 0.5 * np.abs(np.diff(lying, axis=0)).mean()
