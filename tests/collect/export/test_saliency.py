import numpy as np
import pytest

from sidelight.collect.export.saliency import mean_map, painted
from sidelight.collect.wire.answer import PaintAnswer


def test_runs_alternate_from_nothing_row_by_row():
    assert painted(PaintAnswer("a", (3, 2), (0, 2, 3, 1))).tolist() == [[True, True, False], [False, False, True]]


def test_runs_that_do_not_fill_the_grid_are_refused():
    with pytest.raises(ValueError, match="5 cells"):
        painted(PaintAnswer("a", (3, 2), (5,)))


def test_several_people_are_averaged():
    masks = [np.array([[True, False, False]]), np.array([[True, True, False]])]
    assert mean_map(masks).tolist() == [[1.0, 0.5, 0.0]]


def test_blank_masks_do_not_count():
    half = np.array([[True, False]])
    assert mean_map([half, np.zeros((1, 2), dtype=bool)]).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("masks", [[], [np.zeros((2, 2), dtype=bool)], [np.ones((2, 2), dtype=bool)]])
def test_a_blank_or_even_map_is_no_map(masks):
    assert mean_map(masks) is None
