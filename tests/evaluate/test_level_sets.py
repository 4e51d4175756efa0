import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.evaluate.level_sets import LEVELS, pieces


@st.composite
def maps(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    levels = draw(st.sampled_from([2, 5, 256]))
    whole = rng.integers(0, levels, shape)
    return (whole * (255 // (levels - 1)) + draw(st.sampled_from([0, 0.5])) * (whole < levels - 1)).astype(np.float32)


@settings(max_examples=80, deadline=None)
@given(maps())
def test_pieces_areas_and_holes_agree_with_opencv_s_contours(heights):
    found, q = pieces(heights), heights.astype(np.uint8)
    for level in np.unique(q).tolist():
        contours, hierarchy = cv2.findContours((q > level).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        inner = [] if hierarchy is None else (hierarchy[0, :, 3] >= 0).tolist()
        outer = [contour for contour, hole in zip(contours, inner, strict=True) if not hole]
        there = found.there[:, level]
        boxes = [cv2.boundingRect(contour) for contour in outer]
        assert sorted((x, y, x + w - 1, y + h - 1) for x, y, w, h in boxes) == sorted(
            map(tuple, found.corners[there, :, level].tolist())
        )
        assert found.holes[level] == sum(inner)
        if not any(inner):
            areas = sorted(2 * cv2.contourArea(contour) for contour in outer)
            assert areas == sorted(found.area[there, level].tolist())


@given(maps())
def test_the_number_of_pieces_changes_at_values_of_the_map_only(heights):
    count = pieces(heights).there.sum(axis=0)
    changes = np.flatnonzero(np.diff(count)) + 1
    assert set(changes.tolist()) <= set(heights.astype(np.uint8).ravel().tolist())
    assert count[LEVELS - 1] == 0


def test_two_pixels_that_touch_at_a_corner_are_one_piece():
    found = pieces(np.array([[9, 0], [0, 9]], np.float32))
    assert found.there[:, 3].sum() == 1
    assert found.corners[found.there[:, 3], :, 3].tolist() == [[0, 0, 1, 1]]
