import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.signal.heat_map import (
    area_shares,
    box_map,
    by_area,
    centre_of_mass,
    dwell_map,
    gaussian_map,
    half_area,
    round_sigma,
    sample_times,
)

sides = st.integers(1, 40)
shares = st.floats(0, 1)


def disc(side, x, y, radius):
    """A filled circle on a photo of side x side pixels, 1 inside."""
    rows, columns = np.mgrid[:side, :side] + 0.5
    return ((columns - x) ** 2 + (rows - y) ** 2 <= radius**2).astype(np.float64)


@settings(max_examples=60)
@given(st.floats(5, 219), st.floats(5, 219), st.sampled_from([7, 8, 10, 14, 16]))
def test_nothing_of_a_click_s_disc_is_lost_at_feature_resolution(x, y, cells):
    drawn = disc(224, x, y, 5)
    small = by_area(drawn, (cells, cells))
    assert small.sum() * 224**2 / cells**2 == pytest.approx(drawn.sum())
    row, column = np.unravel_index(small.argmax(), small.shape)
    reach = 5 / 224 + 0.5 / cells + 1e-9
    assert abs((column + 0.5) / cells - x / 224) <= reach
    assert abs((row + 0.5) / cells - y / 224) <= reach


@given(sides, sides)
def test_every_part_of_the_new_axis_is_covered_once(old, new):
    found = area_shares(old, new)
    assert found.shape == (new, old)
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found.sum(axis=0), new / old)


def test_a_part_of_the_axis_covers_only_what_it_covers():
    np.testing.assert_allclose(area_shares(2, 4, start=0.25, end=0.75).sum(axis=1), [0, 1, 1, 0])
    np.testing.assert_allclose(area_shares(1, 2, start=0.0, end=0.25), [[0.5], [0.0]])


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4), st.integers(1, 4))
def test_whole_blocks_become_their_means(h, w, down, across):
    values = np.random.default_rng(0).random((h * down, w * across))
    expected = values.reshape(h, down, w, across).mean(axis=(1, 3))
    np.testing.assert_allclose(by_area(values, (h, w)), expected)


@settings(max_examples=30)
@given(shares, shares, st.floats(0.05, 0.3), st.floats(0.05, 0.3))
def test_a_gaussian_s_cells_are_its_means_over_a_fine_grid(x, y, sx, sy):
    t = (np.arange(600) + 0.5) / 600
    fine = np.exp(-((t[:, None] - y) ** 2) / (2 * sy**2) - (t[None] - x) ** 2 / (2 * sx**2))
    found = gaussian_map(np.array([[x, y]]), (6, 5), sigma=(sx, sy))
    np.testing.assert_allclose(found, by_area(fine, (6, 5)), atol=1e-4)


def test_of_several_gaussians_the_largest_counts():
    points = np.array([[0.2, 0.2], [0.8, 0.8]])
    both, *single = (gaussian_map(xy, (9, 9), sigma=(0.1, 0.1)) for xy in (points, points[:1], points[1:]))
    np.testing.assert_array_equal(both, np.maximum(*single))
    assert gaussian_map(np.zeros((0, 2)), (3, 3), sigma=(0.1, 0.1)).sum() == 0


corners = st.lists(st.tuples(shares, shares, shares, shares), max_size=4)


@settings(max_examples=60)
@given(corners, st.integers(1, 6), st.integers(1, 6))
def test_a_box_map_is_the_share_of_fine_pixels_in_any_box(found, h, w):
    boxes = np.array([(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in found]).reshape(-1, 4)
    fine = 60
    rows, columns = (np.mgrid[: h * fine, : w * fine] + 0.5) / np.array([h * fine, w * fine])[:, None, None]
    inside = np.zeros((h * fine, w * fine))
    for x0, y0, x1, y1 in boxes:
        inside[(columns > x0) & (columns < x1) & (rows > y0) & (rows < y1)] = 1
    np.testing.assert_allclose(box_map(boxes, (h, w)), by_area(inside, (h, w)), atol=8 / fine)
    assert box_map(boxes, (h, w)).max(initial=0) <= 1


def test_a_box_map_s_area_is_exact():
    boxes = np.array([[0.1, 0.2, 0.55, 0.9], [0.4, 0.5, 0.8, 0.95]])
    union = 0.45 * 0.7 + 0.4 * 0.45 - 0.15 * 0.4
    assert box_map(boxes, (7, 5)).mean() == pytest.approx(union)


def test_a_longer_look_weighs_more_and_places_outside_nothing():
    xy = np.array([[0.25, 0.5], [0.75, 0.5], [1.5, 0.5]])
    found = dwell_map(xy, np.array([100.0, 300.0, 9000.0]), (20, 20), sigma=(0.05, 0.05))
    assert found.max() == 1
    assert found[10, 5] == pytest.approx(found[10, 15] / 3, rel=1e-3)
    assert dwell_map(xy[2:], np.ones(1), (4, 4), sigma=(0.1, 0.1)).sum() == 0


@settings(max_examples=30)
@given(shares, shares)
def test_a_fixation_is_drawn_where_it_was(x, y):
    found = dwell_map(np.array([[x, y]]), np.ones(1), (16, 24), sigma=(0.05, 0.05))
    row, column = np.unravel_index(found.argmax(), found.shape)
    assert abs((column + 0.5) / 24 - x) <= 0.75 / 24
    assert abs((row + 0.5) / 16 - y) <= 0.75 / 16


def test_a_round_gaussian_is_round_in_pixels():
    x, y = round_sigma(0.04, 800, 600)
    assert (x * 800, y * 600) == pytest.approx((24, 24))


def test_a_resting_pointer_stays_until_its_next_sample_but_not_for_ever():
    assert sample_times(np.array([0.0, 20.0, 60.0, 5060.0])).tolist() == [20.0, 40.0, 500.0, 40.0]
    assert sample_times(np.array([0.0, np.nan, 60.0])).tolist() == [1, 1, 1]
    assert sample_times(np.array([7.0])).tolist() == [1]


def test_a_map_s_width_and_place():
    one = np.zeros((4, 4))
    one[0, 3] = 5
    assert half_area(one) == 1 / 16
    assert half_area(np.ones((4, 4))) == 0.5
    assert centre_of_mass(one) == (0.875, 0.125)
