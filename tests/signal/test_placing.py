import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.signal.placing import Boxes

sixteenths = st.integers(0, 16).map(lambda k: k / 16)
box = st.tuples(sixteenths, sixteenths, sixteenths, sixteenths).map(
    lambda t: (min(t[0], t[2]), min(t[1], t[3]), max(t[0], t[2]), max(t[1], t[3]))
)
pictures = st.lists(st.lists(box, max_size=4), min_size=1, max_size=5)


def painted(found):
    """The union on a grid of 16 x 16 cells, cell by cell."""
    cells = np.zeros((16, 16), np.bool_)
    for x0, y0, x1, y1 in found:
        cells[round(y0 * 16) : round(y1 * 16), round(x0 * 16) : round(x1 * 16)] = True
    return cells


@given(pictures)
def test_the_area_of_a_union_is_that_of_its_painted_cells(found):
    assert Boxes.of(found).area_of_union() == pytest.approx([painted(boxes).mean() for boxes in found])


@given(pictures, st.integers(0, 15), st.integers(0, 15))
def test_a_point_is_in_a_box_if_its_cell_is_painted(found, column, row):
    points = np.tile([column / 16, row / 16], (len(found), 1))
    assert Boxes.of(found).contain(points).tolist() == [painted(boxes)[row, column] for boxes in found]


def test_the_far_border_of_the_picture_has_no_next_pixel():
    whole, half = [(0.5, 0.5, 1.0, 1.0)], [(0.0, 0.0, 0.5, 1.0)]
    assert Boxes.of([whole, half]).contain(np.array([[1.0, 1.0], [0.5, 0.5]])).tolist() == [True, False]


def test_offsets_must_fit_the_boxes():
    with pytest.raises(ValueError, match="offsets"):
        Boxes(np.zeros((2, 4)), np.array([0, 1]))


def test_boxes_are_counted_picture_by_picture():
    assert Boxes.of([[], [(0, 0, 1, 1), (0, 0, 1, 1)], []]).per_picture.tolist() == [0, 2, 0]
