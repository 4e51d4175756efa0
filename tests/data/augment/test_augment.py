import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.data.augment.augment import augment, prepare
from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.geometry import inside
from sidelight.data.augment.sample import Sample

seeds = st.integers(0, 2**32 - 1)
shares = st.floats(0.02, 0.98)


def spotted(height, width, x, y):
    """A black photo with a small white disc around (x, y), and the point in its middle."""
    image = np.zeros((height, width, 3), np.uint8)
    centre = (round((x * width - 0.5) * 16), round((y * height - 0.5) * 16))
    cv2.circle(image, centre, 16 * 6, (255, 255, 255), -1, cv2.LINE_AA, 4)
    return Sample(image, points=np.array([[x, y]]))


def brightest(image):
    """Centre of gravity of the light, in [0, 1]; None in the dark."""
    light = image.mean(axis=2)
    if light.max() < 40:
        return None
    rows, columns = np.indices(light.shape)
    return np.array([((columns + 0.5) * light).sum(), ((rows + 0.5) * light).sum()]) / light.sum() / light.shape[::-1]


def assert_spot_is_at_point(sample, *, pixels=1.0):
    point = sample.points[0]
    if (np.abs(point - 0.5) < 0.35).all():  # the whole disc is in the picture
        np.testing.assert_allclose(brightest(sample.image), point, atol=pixels / len(sample.image))


@settings(max_examples=60)
@given(shares, shares, seeds, st.integers(16, 150), st.sampled_from(["bilinear", "bicubic"]))
def test_the_spot_stays_under_the_point_in_training(x, y, seed, size, interpolation):
    config = Augmentation(size=size, crop_scale=(0.3, 1.0), interpolation=interpolation, fill=(0, 0, 0))
    assert_spot_is_at_point(augment(spotted(90, 120, x, y), config, np.random.default_rng(seed)))


@settings(max_examples=40)
@given(shares, shares, st.integers(16, 150), st.sampled_from(["crop", "squash"]))
def test_the_spot_stays_under_the_point_in_evaluation(x, y, size, fit):
    assert_spot_is_at_point(prepare(spotted(90, 120, x, y), Augmentation(size=size, eval_fit=fit)))


@pytest.mark.parametrize("config", [Augmentation(size=32), Augmentation(size=32, crop="none")])
def test_one_seed_gives_one_sample(config):
    first, second = (augment(spotted(40, 50, 0.4, 0.6), config, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first.image, second.image)
    assert np.array_equal(first.points, second.points)


def test_a_photo_of_the_right_size_is_shown_as_it_is():
    image = np.random.default_rng(0).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    boxes, maps = np.array([[0.1, 0.2, 0.7, 0.9]]), np.ones((1, 20, 20), np.float32)
    shown = prepare(Sample(image, np.array([[0.3, 0.4]]), boxes, maps, maps), Augmentation(size=20))
    assert np.array_equal(shown.image, image)
    assert shown.points.tolist() == [[0.3, 0.4]]
    np.testing.assert_allclose(shown.boxes, boxes)
    np.testing.assert_allclose(shown.maps, maps)


def test_the_sample_that_came_in_is_left_alone():
    sample = spotted(40, 40, 0.4, 0.6)
    before = sample.image.copy()
    augment(sample, Augmentation(size=32, flip=1.0), np.random.default_rng(0)).image[:] = 7
    prepare(sample, Augmentation(size=40)).image[:] = 7
    assert np.array_equal(sample.image, before)


def test_without_a_random_crop_training_shows_what_evaluation_shows():
    config = Augmentation(size=32, crop="none", flip=0.0)
    sample = spotted(40, 50, 0.4, 0.6)
    assert np.array_equal(augment(sample, config, np.random.default_rng(0)).image, prepare(sample, config).image)


@given(seeds)
def test_a_pixel_is_seen_exactly_when_its_point_is_inside(seed):
    image = np.zeros((31, 31, 3), np.uint8)
    image[15, 15] = 255
    config = Augmentation(size=40, crop_scale=(0.08, 0.3))
    shown = augment(Sample(image, points=np.array([[0.5, 0.5]])), config, np.random.default_rng(seed))
    assert bool(inside(shown.points)[0]) == (shown.image.max() > 128)


def test_maps_come_out_in_the_size_asked_for():
    sample = Sample(
        np.zeros((40, 60, 3), np.uint8), maps=np.ones((3, 7, 7), np.float32), map_weight=np.ones((3, 7, 7), np.float32)
    )
    assert prepare(sample, Augmentation(size=32)).maps.shape == (3, 32, 32)
    assert prepare(sample, Augmentation(size=32, map_size=8)).map_weight.shape == (3, 8, 8)
