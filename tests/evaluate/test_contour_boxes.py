import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evaluate.plain_boxes import plain_boxes, plain_corner, plain_iou

from sidelight.evaluate.contour_boxes import BoxLaw, box_iou, grid_boxes, level_boxes
from sidelight.records.errors import UserFault

GRID = 32


@st.composite
def maps(draw):
    """From smooth to noise, with and without plateaus, holes and rings."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    found = rng.normal(size=(draw(st.integers(1, GRID)),) * 2)
    kind = draw(st.sampled_from(["normal", "steps", "binary", "constant"]))
    return {"normal": found, "steps": np.round(found), "binary": (found > 0.3) * 1.0, "constant": found * 0}[kind]


@st.composite
def people(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return np.sort(rng.random((draw(st.integers(1, 3)), 2, 2)), axis=1).reshape(-1, 4)


@settings(max_examples=60, deadline=None)
@given(maps(), st.sampled_from(["after", "before"]), st.sampled_from([16, 31, GRID]))
def test_the_boxes_at_every_threshold_agree_with_a_plain_loop(found, stretch, grid):
    law = BoxLaw(grid=grid, step=0.01, stretch=stretch)
    made = level_boxes(found, law)
    for level, plain in zip(made.levels(law).tolist(), plain_boxes(found, law), strict=True):
        assert tuple(made.largest[level].tolist()) == plain[0]
        every = {tuple(box) for box in made.every[made.level == level].tolist()}
        assert every == (set(plain) if made.highest else set())


@settings(max_examples=30, deadline=None)
@given(maps(), people())
def test_the_overlap_at_every_threshold_agrees_with_a_plain_loop(found, truth):
    law = BoxLaw(grid=GRID, step=0.01)
    one, best = level_boxes(found, law).overlaps(grid_boxes(truth, grid=GRID), law)
    corners = [plain_corner(box, GRID) for box in truth]
    overlaps = [[max(plain_iou(box, c) for c in corners) for box in boxes] for boxes in plain_boxes(found, law)]
    assert one == pytest.approx(np.array([each[0] for each in overlaps]))
    assert best == pytest.approx(np.array([max(each) for each in overlaps]))


@given(people(), people())
def test_overlap_agrees_with_a_plain_loop(first, second):
    a, b = grid_boxes(first, grid=GRID), grid_boxes(second, grid=GRID)
    assert box_iou(a, b) == pytest.approx(np.array([[plain_iou(one, other) for other in b] for one in a]))
    assert box_iou(a, a).diagonal() == pytest.approx(1)


def test_of_two_blobs_the_one_with_the_larger_contour_counts():
    found = np.zeros((GRID, GRID))
    found[2:6, 2:6] = found[10:26, 10:26] = 1.0
    made = level_boxes(found, BoxLaw(grid=GRID))
    assert made.largest[127].tolist() == [10, 10, 26, 26]
    assert sorted(made.every[made.level == 127].tolist()) == [[2, 2, 6, 6], [10, 10, 26, 26]]


def test_a_ring_counts_as_full_as_what_it_encloses():
    """Its pixels are few, its contour is the largest."""
    found = np.zeros((GRID, GRID))
    found[2:20, 2:20] = 1.0
    found[3:19, 3:19] = 0.0
    found[21:31, 21:31] = 1.0
    assert level_boxes(found, BoxLaw(grid=GRID)).largest[0].tolist() == [2, 2, 20, 20]


def test_a_map_of_a_real_size_agrees_too():
    found, law = np.random.default_rng(4).normal(size=(7, 7)), BoxLaw(step=0.02)
    made = level_boxes(found, law)
    assert [tuple(made.largest[level].tolist()) for level in made.levels(law)] == [
        plain[0] for plain in plain_boxes(found, law)
    ]


@pytest.mark.parametrize("step", [0.0, 1.0, -0.1])
def test_a_step_that_leaves_no_threshold_is_refused(step):
    with pytest.raises(UserFault, match=r"allowed: \(0, 1\)"):
        BoxLaw(step=step)


@pytest.mark.parametrize("grid", [0, 1, 1025])
def test_a_grid_out_of_range_is_refused(grid):
    with pytest.raises(UserFault, match="2 to 1024 pixels"):
        BoxLaw(grid=grid)
