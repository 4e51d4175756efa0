import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.signal.display import Display

sizes = st.integers(1, 5000)
shares = st.floats(0, 1)


@given(sizes, sizes)
def test_a_browsed_picture_fits_its_cell_and_is_never_enlarged(width, height):
    shown = Display.browsing(width, height)
    assert 1 <= shown.width <= min(width, 324)
    assert 1 <= shown.height <= min(height, 340)


@pytest.mark.parametrize(
    ("size", "shown"), [((500, 375), (324, 243)), ((200, 150), (200, 150)), ((300, 600), (170, 340))]
)
def test_known_pictures_are_shown_at_the_recorded_size(size, shown):
    assert Display.browsing(*size) == Display(*shown)


@given(sizes, sizes)
def test_every_tagged_picture_has_the_height_of_the_board(width, height):
    shown = Display.tagging(width, height)
    assert shown.height == 450
    assert shown.width == max(1, round(450 * width / height))


def test_a_picture_without_a_known_size_still_has_a_pixel():
    assert Display.browsing(0, 0) == Display(1, 1)
    assert Display.tagging(0, 0).width == 1


@given(st.lists(st.tuples(st.floats(-1, 2), st.floats(-1, 2)), min_size=1, max_size=5), sizes, sizes)
def test_snapped_places_lie_on_the_grid_within_half_a_pixel(places, width, height):
    xy, display = np.array(places), Display(width, height)
    k = display.snap(xy) * [width, height]
    assert np.allclose(k, np.rint(k), atol=1e-6)
    assert (np.abs(k - np.clip(xy, 0, 1) * [width, height]) <= 0.5 + 1e-6).all()


@given(shares, shares, shares, sizes)
def test_a_place_stays_in_a_box_that_has_room_for_it(a, b, x, width):
    low, high = min(a, b), max(a, b)
    snapped, _ = Display(width, 10).snap_within((low + x * (high - low), 0.5), (low, 0.0, high, 1.0))
    if (high - low) * width > 1:
        assert low <= snapped < high or snapped == high == 1.0
    assert abs(snapped - (low + x * (high - low))) * width <= 1 + 1e-6


def test_the_far_border_of_the_picture_can_be_clicked():
    assert Display(10, 10).snap_within((0.99, 0.99), (0.0, 0.0, 1.0, 1.0)) == (1.0, 1.0)
