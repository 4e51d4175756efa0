import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.evaluate.box_overlap import box_overlap
from sidelight.records.errors import UserFault

LEFT = np.array([[0.0, 0.0, 0.5, 1.0]])


def by_pixels(found, corners, fine=24):
    """Both numbers of one map, counted on pixels that neither a cell's nor a box's edge cuts."""
    height, width = found.shape
    mask = np.zeros((height * fine, width * fine))
    for x0, y0, x1, y1 in np.rint(corners * np.tile([width * fine, height * fine], 2)).astype(int):
        mask[y0:y1, x0:x1] = 1
    shares = mask.reshape(height, fine, width, fine).mean(axis=(1, 3))
    positive = np.where(found > 0, found, 0)
    region = positive * 2 >= max(found.max(), 1e-300)
    energy = (positive * shares).sum() / positive.sum() if positive.any() else 0
    inside = np.where(region, shares, 0).sum()
    return energy, inside / (region.sum() + shares.sum() - inside)


edges = st.lists(st.integers(0, 24), min_size=2, max_size=2, unique=True).map(sorted)


@given(st.lists(st.integers(-3, 5), min_size=12, max_size=12), edges, edges)
def test_it_agrees_with_counting_pixels(values, columns, rows):
    found = np.array(values, float).reshape(3, 4)
    box = np.array([[columns[0], rows[0], columns[1], rows[1]]]) / 24
    energy, iou = by_pixels(found, box)
    assert box_overlap(found[None], [box]) == pytest.approx({"energy": energy, "iou": iou})


def test_several_boxes_count_together_and_photos_alike():
    maps = np.array([[[1.0, 1.0]], [[1.0, 0.0]]])
    both = np.concatenate([LEFT, [[0.5, 0.0, 1.0, 1.0]]])
    assert box_overlap(maps, [both, LEFT]) == {"energy": 1.0, "iou": 1.0}
    assert box_overlap(maps, [LEFT, LEFT]) == {"energy": 0.75, "iou": 0.75}


def test_a_map_without_a_positive_part_counts_as_nothing():
    assert box_overlap(-np.ones((1, 2, 2)), [LEFT]) == {"energy": 0.0, "iou": 0.0}


def test_what_is_no_number_is_refused():
    with pytest.raises(UserFault, match="maps"):
        box_overlap(np.full((1, 2, 2), np.nan), [LEFT])
