import itertools
import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.fold.tip import covered


def cell_by_cell(points, radius, grid):
    """The rule as the README says it, one cell and one segment at a time, in Python's own whole numbers."""
    width, height = grid
    reach = int(np.floor(16 * radius + 0.5))
    mask = np.zeros((height, width), dtype=bool)
    segments = list(itertools.pairwise(points)) or [(points[0], points[0])]
    for row in range(height):
        for column in range(width):
            px, py = 16 * column + 8, 16 * row + 8
            mask[row, column] = any(within(px, py, *a, *b, reach) for a, b in segments)
    return mask


def within(px, py, ax, ay, bx, by, reach):
    length = (bx - ax) ** 2 + (by - ay) ** 2
    s = (px - ax) * (bx - ax) + (py - ay) * (by - ay)
    if s <= 0:
        return (px - ax) ** 2 + (py - ay) ** 2 <= reach**2
    if s >= length:
        return (px - bx) ** 2 + (py - by) ** 2 <= reach**2
    return ((px - ax) * (by - ay) - (py - ay) * (bx - ax)) ** 2 <= reach**2 * length


@st.composite
def strokes(draw):
    grid = draw(st.integers(1, 14)), draw(st.integers(1, 14))
    point = st.tuples(*(st.integers(0, 16 * side) for side in grid))
    points = draw(st.lists(point, min_size=1, max_size=6))
    radius = draw(st.floats(0, 10, allow_nan=False) | st.sampled_from([0.0, 0.5, 1.0, 0.03125]))
    return points, radius, grid


@given(strokes())
def test_the_fast_rule_is_the_slow_rule(stroke):
    points, radius, grid = stroke
    assert np.array_equal(covered(np.array(points), radius, grid), cell_by_cell(points, radius, grid))


def test_the_largest_grid_is_exact():
    rng = np.random.default_rng(0)
    points, looked_at = rng.integers(0, 4097, (5, 2)), rng.integers(0, 256, (1500, 2))
    segments = list(itertools.pairwise(points.tolist()))
    for radius in (0.5, 21.3, 64.0):
        fast, reach = covered(points, radius, (256, 256)), int(16 * radius + 0.5)
        for row, column in looked_at.tolist():
            slow = any(within(16 * column + 8, 16 * row + 8, *a, *b, reach) for a, b in segments)
            assert fast[row, column] == slow


@given(strokes())
def test_a_stroke_backwards_covers_the_same(stroke):
    points, radius, grid = stroke
    assert np.array_equal(covered(np.array(points), radius, grid), covered(np.array(points[::-1]), radius, grid))


@given(strokes(), st.integers(1, 5))
def test_a_stroke_in_two_parts_that_share_a_point_covers_the_same(stroke, cut):
    points, radius, grid = stroke
    cut = min(cut, len(points) - 1)
    first, second = np.array(points[: cut + 1]), np.array(points[cut:])
    both = covered(first, radius, grid) | covered(second, radius, grid)
    assert np.array_equal(both, covered(np.array(points), radius, grid))


def test_a_stroke_of_a_whole_chunk_is_no_burden():
    """As many segments as 48 KiB can hold, all across the grid: what one request can ask for is bounded."""
    points = np.random.default_rng(0).integers(0, 4097, (5_000, 2))
    begin = time.process_time()
    covered(points, 3.0, (256, 256))
    assert time.process_time() - begin < 5.0
