import contextlib
import json

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pycocotools import mask as coco

from sidelight.data.source.coco_mask import paint, read_segmentation

PICTURES = arrays.arrays(np.bool_, st.tuples(st.integers(1, 40), st.integers(1, 40)))


def read(segmentation, size=(5, 10)):
    return read_segmentation(msgspec.Raw(json.dumps(segmentation).encode()), size)


@given(PICTURES)
def test_compressed_run_lengths_are_those_of_the_authors(mask):
    encoded = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    found = read({"size": list(mask.shape), "counts": encoded["counts"].decode()}, mask.shape)
    np.testing.assert_array_equal(found, mask)


@given(PICTURES)
def test_plain_run_lengths_go_down_the_columns_and_begin_outside(mask):
    flat = mask.T.ravel()
    counts, inside = [0], False
    for value in flat:
        if value != inside:
            counts, inside = [*counts, 0], value
        counts[-1] += 1
    np.testing.assert_array_equal(read({"size": list(mask.shape), "counts": counts}, mask.shape), mask)


def test_polygons_cover_their_inside():
    expected = np.zeros((5, 10), bool)
    expected[1:4, 2:6] = True
    expected[0, 8] = True
    found = read([[2, 1, 6, 1, 6, 4, 2, 4], [8, 0, 9, 0, 9, 1, 8, 1]])
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("nothing", [None, []])
def test_no_segmentation_is_none(nothing):
    assert read(nothing) is None


@pytest.mark.parametrize(
    ("segmentation", "said"),
    [
        ("polygon", "Expected"),
        ([[1, 2, 3, 4, 5, "6"]], "Expected `float`"),
        ([[1, 2, 3, 4]], "a polygon of 4 numbers"),
        ([[1, 2, 3, 4, 5, 6, 7]], "a polygon of 7 numbers"),
        ([[0, 0, 1e9, 0, 1e9, 1e9]], "far outside"),
        ([[0, 0, 1, 0, 1, -6]], "far outside"),
        ({"size": [10, 5], "counts": [50]}, "(10, 5); (height, width) (5, 10)"),
        ({"size": [5, 10], "counts": [49]}, "do not add up to 50"),
        ({"size": [5, 10], "counts": [60, -10]}, "do not add up"),
        ({"size": [5, 10], "counts": [10**15]}, "do not add up"),
        ({"size": [5, 10], "counts": ""}, "do not add up"),
        ({"size": [5, 10], "counts": "~"}, "'~' in compressed"),
        ({"size": [5, 10], "counts": "o" * 90}, "'o' in compressed"),
        ({"size": [5, 10], "counts": "P"}, "cut off"),
        ({"size": [5, 10]}, "missing required field `counts`"),
    ],
)
def test_a_broken_segmentation_is_refused(segmentation, said):
    with pytest.raises(ValueError, match="segmentation") as refused:
        read(segmentation)
    assert said in str(refused.value)


@given(st.text(st.characters(min_codepoint=40, max_codepoint=120), max_size=12))
def test_a_text_of_run_lengths_is_a_mask_or_a_fault(text):
    found = None
    with contextlib.suppress(ValueError):
        found = read({"size": [5, 10], "counts": text})
    assert found is None or found.shape == (5, 10)


def test_smaller_objects_lie_over_larger_ones_and_crowds_below():
    whole, half, pixel = np.ones((2, 4), bool), np.zeros((2, 4), bool), np.zeros((2, 4), bool)
    half[:, :2] = True
    pixel[0, 0] = True
    painted = paint([(2, False, pixel), (1, False, half), (0, False, whole), (3, True, pixel)], (2, 4), classes=4)
    assert painted.tolist() == [[3, 2, 1, 1], [2, 2, 1, 1]]


def test_of_equal_objects_the_later_lies_on_top():
    whole = np.ones((1, 2), bool)
    assert paint([(0, False, whole), (1, False, whole)], (1, 2), classes=2).tolist() == [[2, 2]]


@pytest.mark.parametrize(("classes", "kind"), [(255, np.uint8), (256, np.uint16)])
def test_the_depth_suffices_for_all_classes(classes, kind):
    assert paint([], (1, 1), classes=classes).dtype == kind
