import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sidelight.records.objects import Objects


def objects(corners, *, masks=None, crowd=None):
    boxes = np.array(corners, np.float64).reshape(-1, 4)
    crowd = np.zeros(len(boxes), bool) if crowd is None else np.array(crowd)
    return Objects("p", boxes, np.arange(len(boxes)), crowd=crowd, area=np.ones(len(boxes)), masks=masks)


def filled(corners, width, height):
    """The pixels of whole-pixel boxes, painted by hand."""
    masks = np.zeros((len(corners), height, width), bool)
    for mask, (x0, y0, x1, y1) in zip(masks, corners, strict=True):
        mask[y0:y1, x0:x1] = True
    return masks


box = st.tuples(*(st.integers(0, 9) for _ in range(4))).filter(lambda c: c[0] < c[2] and c[1] < c[3])


@given(st.lists(box, max_size=3))
def test_boxes_and_masks_stay_together_when_a_picture_is_mirrored(corners):
    turned = objects(corners, masks=filled(corners, 12, 9)).mirrored(12)
    np.testing.assert_array_equal(filled(turned.boxes.astype(int), 12, 9), turned.masks)
    back = turned.mirrored(12)
    np.testing.assert_array_equal(back.boxes, np.array(corners).reshape(-1, 4))


def test_what_cannot_be_trained_on_is_left_out_of_everything_at_once():
    corners = [(0, 0, 2, 2), (1, 1, 9, 9), (3, 3, 4, 4)]
    kept = objects(corners, masks=filled(corners, 9, 9), crowd=[False, True, False]).trainable(9, 9)
    assert kept.labels.tolist() == [0, 2]
    assert (kept.boxes.shape, kept.area.shape, kept.masks.shape) == ((2, 4), (2,), (2, 9, 9))
    assert not kept.crowd.any()


def test_boxes_are_cut_at_the_border_and_dropped_where_nothing_remains():
    kept = objects([(-5, 2, 4, 60), (9, 0, 12, 5), (3, 3, 3, 5)]).trainable(9, 8)
    assert kept.boxes.tolist() == [[0, 2, 4, 8]]
    assert kept.labels.tolist() == [0]
