from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.signal.compositing import (
    box_mask,
    composite,
    coverage,
    largest_free_strip,
    pixel_boxes,
    tile_background,
)

SIDES = st.integers(2, 9)


@st.composite
def scenes(draw, most_boxes=3):
    """(image, boxes) with whole-pixel boxes that leave at least one pixel of background."""
    height, width = draw(SIDES), draw(SIDES)
    image = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).integers(0, 256, (height, width, 3), np.uint8)
    boxes = []
    for _ in range(draw(st.integers(1, most_boxes))):
        x0, y0 = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
        x1, y1 = draw(st.integers(x0 + 1, width)), draw(st.integers(y0 + 1, height))
        boxes.append((x0 / width, y0 / height, x1 / width, y1 / height))
    array = np.array(boxes)
    if coverage(array, height=height, width=width) == 1:
        array = np.array([[0.0, 0, 1, 1 / height]])
    return image, array


def brute_largest_area(mask):
    height, width = mask.shape
    return max(
        ((y1 - y0) * (x1 - x0) if not mask[y0:y1, x0:x1].any() else 0)
        for y0 in range(height)
        for y1 in range(y0 + 1, height + 1)
        for x0 in range(width)
        for x1 in range(x0 + 1, width + 1)
    )


@given(st.integers(1, 5000), st.data(), st.sampled_from([np.float32, np.float64]))
def test_a_box_that_came_from_whole_pixels_comes_back_exactly(width, data, kind):
    x0 = data.draw(st.integers(0, width - 1))
    x1 = data.draw(st.integers(x0 + 1, width))
    box = np.array([[x0 / width, 0, x1 / width, 1]], kind)
    assert pixel_boxes(box, height=7, width=width).tolist() == [[x0, 0, x1, 7]]


def test_a_box_owns_every_pixel_that_it_touches():
    assert pixel_boxes(np.array([[0.3, 0.3, 0.4, 0.4]]), height=4, width=4).tolist() == [[1, 1, 2, 2]]


def test_boxes_are_clipped_to_the_photo():
    assert pixel_boxes(np.array([[-0.5, 0.2, 1.5, 3.0]]), height=10, width=10).tolist() == [[0, 2, 10, 10]]


def test_overlapping_boxes_are_covered_once():
    twice = np.array([[0, 0, 0.5, 0.5], [0, 0, 0.5, 0.5]])
    assert coverage(twice, height=8, width=8) == 0.25
    assert coverage(np.zeros((0, 4)), height=8, width=8) == 0


@given(scenes())
def test_a_composite_is_foreground_in_the_boxes_and_background_elsewhere(scene):
    image, boxes = scene
    other = 255 - image[::-1]
    mask = box_mask(boxes, height=image.shape[0], width=image.shape[1])
    assert np.array_equal(composite(image, boxes, other), np.where(mask[..., None], image, other))


@given(scenes())
def test_a_photo_composited_with_itself_is_unchanged_and_new(scene):
    image, boxes = scene
    out = composite(image, boxes, image)
    assert np.array_equal(out, image)
    assert not np.shares_memory(out, image)


def test_photos_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match=r"\(4, 4, 3\) on a background of shape \(5, 4, 3\)"):
        composite(np.zeros((4, 4, 3), np.uint8), np.zeros((1, 4)), np.zeros((5, 4, 3), np.uint8))


@given(scenes())
def test_the_strip_is_free_and_none_is_larger(scene):
    image, boxes = scene
    mask = box_mask(boxes, height=image.shape[0], width=image.shape[1])
    x0, y0, x1, y1 = largest_free_strip(mask)
    assert not mask[y0:y1, x0:x1].any()
    assert (x1 - x0) * (y1 - y0) == brute_largest_area(mask)


@given(scenes(most_boxes=1))
def test_one_boxs_strip_is_the_largest_of_the_four_beside_it(scene):
    image, boxes = scene
    height, width = image.shape[:2]
    x0, y0, x1, y1 = pixel_boxes(boxes, height=height, width=width)[0]
    strip = largest_free_strip(box_mask(boxes, height=height, width=width))
    four = [x0 * height, (width - x1) * height, y0 * width, (height - y1) * width]
    assert (strip[2] - strip[0]) * (strip[3] - strip[1]) == max(four)


def test_a_photo_full_of_boxes_has_no_strip():
    assert largest_free_strip(np.ones((3, 3), bool)) == (0, 0, 0, 0)


@given(scenes())
def test_a_tiled_background_keeps_the_outside_and_hides_the_inside(scene):
    image, boxes = scene
    mask = box_mask(boxes, height=image.shape[0], width=image.shape[1])
    changed = image.copy()
    changed[mask] ^= 255
    tiled = tile_background(image, boxes)
    assert np.array_equal(tiled[~mask], image[~mask])
    assert np.array_equal(tiled, tile_background(changed, boxes)), "the object shines through"


@given(scenes())
def test_tiles_are_the_strip_repeated(scene):
    image, boxes = scene
    height, width = image.shape[:2]
    mask = box_mask(boxes, height=height, width=width)
    x0, y0, x1, y1 = largest_free_strip(mask)
    tiled = tile_background(image, boxes)
    for y, x in np.argwhere(mask):
        assert np.array_equal(tiled[y, x], image[y0 + (y - y0) % (y1 - y0), x0 + (x - x0) % (x1 - x0)])


def test_tiling_needs_a_background():
    with pytest.raises(ValueError, match="leave no background on a 4x4 photo"):
        tile_background(np.zeros((4, 4, 3), np.uint8), np.array([[0.0, 0, 1, 1]]))


def test_a_small_photo_is_cut_in_a_tenth_of_a_millisecond():
    image = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    boxes = np.array([[0.2, 0.3, 0.7, 0.8]])
    seconds = []
    for _ in range(200):
        start = perf_counter()
        composite(image, boxes, image)
        seconds.append(perf_counter() - start)
    assert min(seconds) < 1e-4
