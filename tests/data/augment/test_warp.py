import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.data.augment.crop import Window
from sidelight.data.augment.geometry import affine, flip_matrix, rotate_matrix, transform_points
from sidelight.data.augment.warp import resize_window, warp_image, warp_maps

WHOLE = np.eye(3)
TURNED = rotate_matrix(17.0) @ Window(10, 20, 60, 60).matrix(90, 120)
SHEARED = affine((1.0, 0.3, 0.1), (-0.2, 0.8, 0.0))
MATRICES = [WHOLE, flip_matrix(), Window(10, 20, 30, 40).matrix(90, 120), TURNED, SHEARED]
BLACK = (0, 0, 0)


def smooth_photo(height=90, width=120):
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return cv2.GaussianBlur(noise, (0, 0), 1.5)


def ramps(height, width):
    """Two maps whose value is the place itself: x, and y."""
    x = np.broadcast_to((np.arange(width, dtype=np.float32) + 0.5) / width, (height, width))
    y = np.broadcast_to(((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None], (height, width))
    return np.stack([x, y])


def centres(height, width):
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([(x + 0.5) / width, (y + 0.5) / height], axis=-1).reshape(-1, 2)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("size", [(64, 64), (224, 200), (20, 31), (90, 120)])
def test_each_pixel_comes_from_where_the_matrix_says(matrix, size):
    """A picture of its own coordinates, read off at every pixel centre: right to a twentieth of an old pixel."""
    maps = ramps(90, 120)
    moved, known = warp_maps(maps, np.ones_like(maps), matrix, size)
    origin = transform_points(centres(*size), np.linalg.inv(matrix))
    inner = ((origin > 0.06) & (origin < 0.94)).all(axis=1)
    assert inner.any()
    np.testing.assert_allclose(moved.reshape(2, -1).T[inner], origin[inner], atol=0.05 / 120)
    assert (known.reshape(2, -1)[:, inner] == 1).all()


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
@pytest.mark.parametrize("size", [(90, 120), (224, 300), (45, 60), (45, 300), (30, 40)])
def test_the_fast_way_agrees_with_the_matrix_on_a_whole_photo(size, interpolation):
    window = Window(0, 0, 90, 120)
    fast = resize_window(smooth_photo(), window, size, interpolation).astype(int)
    exact = warp_image(smooth_photo(), window.matrix(90, 120), size, interpolation=interpolation, fill=BLACK)
    assert np.abs(fast - exact).max() <= 4


@pytest.mark.parametrize("window", [Window(10, 20, 30, 40), Window(0, 60, 90, 60)])
def test_the_fast_way_agrees_with_the_matrix_inside_a_crop(window):
    fast = resize_window(smooth_photo(), window, (120, 120), "bilinear").astype(int)
    exact = warp_image(smooth_photo(), window.matrix(90, 120), (120, 120), fill=BLACK)
    assert np.abs(fast - exact)[4:-4, 4:-4].max() <= 1


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 60), st.sampled_from(["bilinear", "bicubic"]))
@settings(max_examples=40)
def test_a_plain_colour_stays_in_every_size(height, width, size, interpolation):
    image = np.full((height, width, 3), (10, 128, 250), np.uint8)
    resized = resize_window(image, Window(0, 0, height, width), (size, size), interpolation)
    assert resized.shape == (size, size, 3)
    assert (resized == image[0, 0]).all()
    assert (warp_image(image, WHOLE, (size, size), interpolation=interpolation, fill=BLACK) == image[0, 0]).all()


@pytest.mark.parametrize("matrix", [WHOLE, rotate_matrix(30.0)])
def test_fine_stripes_become_grey_when_a_photo_shrinks(matrix):
    """Without averaging, stripes of one pixel would come out as broad false ones (aliasing)."""
    stripes = np.zeros((128, 128, 3), np.uint8)
    stripes[:, ::2] = 255
    middle = warp_image(stripes, matrix, (23, 23), fill=BLACK)[7:16, 7:16].astype(int)
    assert np.abs(middle - 127.5).max() < 26


def test_what_lies_outside_the_photo_gets_the_fill_colour():
    image = np.full((10, 10, 3), 200, np.uint8)
    moved = warp_image(image, affine((1.0, 0.0, 0.5), (0.0, 1.0, 0.0)), (10, 10), fill=(1, 2, 3))
    assert (moved[:, :5] == (1, 2, 3)).all()
    assert (moved[:, 5:] == 200).all()
    assert (warp_image(image, affine((1.0, 0.0, 5.0), (0.0, 1.0, 0.0)), (4, 4), fill=(1, 2, 3)) == (1, 2, 3)).all()


@pytest.mark.parametrize("cells", [1, 2, 7, 14])
def test_a_shrunk_map_is_the_mean_over_each_cell(cells):
    maps = np.random.default_rng(0).random((2, 28, 28), np.float32)
    moved, known = warp_maps(maps, np.ones_like(maps), WHOLE, (cells, cells))
    step = 28 // cells
    np.testing.assert_allclose(moved, maps.reshape(2, cells, step, cells, step).mean(axis=(2, 4)), rtol=1e-5)
    assert (known == 1).all()


def test_unknown_cells_do_not_count_in_the_mean():
    maps = np.array([[[0.8, 0.1], [0.8, 0.1]]], np.float32)
    weight = np.array([[[1.0, 0.0], [1.0, 0.0]]], np.float32)
    moved, known = warp_maps(maps, weight, WHOLE, (1, 1))
    np.testing.assert_allclose(moved, [[[0.8]]])
    np.testing.assert_allclose(known, [[[0.5]]])


def test_cells_outside_the_photo_are_unknown_and_cut_ones_known_in_part():
    ones = np.ones((1, 8, 8), np.float32)
    moved, known = warp_maps(ones, ones, affine((1.0, 0.0, 0.375), (0.0, 1.0, 0.0)), (4, 4))
    np.testing.assert_allclose(known[0, 0], [0, 0.5, 1, 1])
    np.testing.assert_allclose(moved[0, 0], [0, 1, 1, 1])
    assert not warp_maps(ones, ones, affine((1.0, 0.0, 2.0), (0.0, 1.0, 0.0)), (4, 4))[1].any()


def test_a_map_of_another_resolution_follows_the_photo():
    """The left half of a photo shows the left half of its map, whatever the map's own size."""
    maps = np.repeat(np.repeat(np.float32([[[0, 1], [2, 3]]]), 6, axis=1), 6, axis=2)
    moved, _ = warp_maps(maps, np.ones_like(maps), Window(0, 0, 90, 60).matrix(90, 120), (2, 2))
    np.testing.assert_allclose(moved[0], [[0, 0], [2, 2]], atol=1e-6)
