import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.data.augment.augment import _move, augment, prepare
from sidelight.data.augment.config import Augmentation, RandAugment
from sidelight.data.augment.crop import Window
from sidelight.data.augment.geometry import inside, rotate_matrix, transform_points
from sidelight.data.augment.randaugment import OPERATIONS, Operation, paint, turn_of
from sidelight.data.augment.sample import Sample
from sidelight.data.augment.warp import warp_image

seeds = st.integers(0, 2**32 - 1)
shares = st.floats(0.06, 0.94)  # the disc lies wholly on the photo


def spotted(height, width, x, y):
    """A black photo with a small white disc around (x, y), and the point in its middle."""
    image = np.zeros((height, width, 3), np.uint8)
    centre = (round((x * width - 0.5) * 16), round((y * height - 0.5) * 16))
    cv2.circle(image, centre, 16 * 4, (255, 255, 255), -1, cv2.LINE_AA, 4)
    return Sample(image, points=np.array([[x, y]]))


def spot(image):
    """Centre of gravity of what is not background, in [0, 1]; None where nothing stands out, whatever the colours."""
    odd = np.abs(image - np.median(image, axis=(0, 1))).mean(axis=2)
    if odd.max() < 20:
        return None
    rows, columns = np.indices(odd.shape)
    return np.array([((columns + 0.5) * odd).sum(), ((rows + 0.5) * odd).sum()]) / odd.sum() / odd.shape[::-1]


def assert_spot_is_at_point(sample):
    found, point = spot(sample.image), sample.points[0]
    if found is not None and (np.abs(point - 0.5) < 0.3).all():  # the whole disc is in the picture
        np.testing.assert_allclose(found, point, atol=2 / len(sample.image))


@settings(max_examples=60)
@given(shares, shares, seeds, st.integers(16, 150), st.sampled_from(["bilinear", "bicubic"]))
def test_the_spot_stays_under_the_point_in_training(x, y, seed, size, interpolation):
    config = Augmentation(size=size, crop_scale=(0.3, 1.0), interpolation=interpolation, fill=(0, 0, 0))
    assert_spot_is_at_point(augment(spotted(90, 120, x, y), config, np.random.default_rng(seed)))


@settings(max_examples=100)
@given(shares, shares, seeds, st.integers(24, 150), st.integers(1, 4))
def test_the_spot_stays_under_the_point_through_randaugment_and_jitter(x, y, seed, size, layers):
    randaugment = RandAugment(layers=layers, probability=1.0)
    config = Augmentation(
        size=size, crop_scale=(0.3, 1.0), randaugment=randaugment, jitter=0.4, hue=0.1, fill=(0, 0, 0)
    )
    assert_spot_is_at_point(augment(spotted(90, 120, x, y), config, np.random.default_rng(seed)))


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("severity", [-1.0, -0.5, 0.3, 0.9])
@pytest.mark.parametrize("place", [(0.5, 0.5), (0.4, 0.6), (0.55, 0.35)])
def test_the_spot_stays_under_the_point_in_each_operation(name, severity, place):
    operation = [Operation(name, abs(severity), 1 if severity > 0 else -1)]
    sample, turn = spotted(96, 96, *place), turn_of(operation)
    if turn is not None:
        image = warp_image(sample.image, turn, (96, 96), fill=(0, 0, 0))
        sample = Sample(image, transform_points(sample.points, turn))
    assert_spot_is_at_point(Sample(paint(sample.image, operation), sample.points))


def test_a_crop_is_turned_about_its_own_centre():
    """First the window, then the turn: whatever is drawn, a rotation leaves the middle of the crop where it is."""
    config = Augmentation(size=60, fill=(0, 0, 0))
    for sign in (1, -1):
        sample, turn = spotted(90, 120, 0.5, 0.25), rotate_matrix(sign * 27.0)
        shown = _move(sample, Window(0, 40, 45, 40), config, flipped=False, turn=turn)
        np.testing.assert_allclose(shown.points, [[0.5, 0.5]], atol=1e-12)
        assert_spot_is_at_point(shown)


@settings(max_examples=100)
@given(seeds, st.integers(0, 10), st.integers(0, 10), st.integers(1, 6), st.integers(1, 6))
def test_a_map_of_a_box_stays_within_the_box(seed, left, top, wide, high):
    maps = np.zeros((1, 16, 16), np.float32)
    maps[0, top : top + high, left : left + wide] = 1
    boxes = np.array([[left, top, left + wide, top + high]]) / 16
    sample = Sample(np.zeros((40, 60, 3), np.uint8), boxes=boxes, maps=maps, map_weight=np.ones_like(maps))
    config = Augmentation(size=40, randaugment=RandAugment(probability=1.0), map_size=40)
    shown = augment(sample, config, np.random.default_rng(seed))
    rows, columns = np.nonzero(shown.maps[0] > 0.5)
    x0, y0, x1, y1 = shown.boxes[0] * 40
    assert ((columns + 0.5 >= x0 - 1) & (columns + 0.5 <= x1 + 1)).all()
    assert ((rows + 0.5 >= y0 - 1) & (rows + 0.5 <= y1 + 1)).all()


@given(seeds)
def test_a_map_of_a_box_fills_the_box_when_nothing_is_turned(seed):
    maps = np.zeros((1, 16, 16), np.float32)
    maps[0, 4:12, 6:10] = 1
    boxes = np.array([[6, 4, 10, 12]]) / 16
    sample = Sample(np.zeros((48, 48, 3), np.uint8), boxes=boxes, maps=maps, map_weight=np.ones_like(maps))
    shown = augment(sample, Augmentation(size=64, crop_scale=(0.3, 1.0)), np.random.default_rng(seed))
    x0, y0, x1, y1 = shown.boxes[0]
    assert abs(shown.maps.mean() - (x1 - x0) * (y1 - y0)) < 0.04


@settings(max_examples=40)
@given(shares, shares, st.integers(16, 150), st.sampled_from(["crop", "squash"]))
def test_the_spot_stays_under_the_point_in_evaluation(x, y, size, fit):
    assert_spot_is_at_point(prepare(spotted(90, 120, x, y), Augmentation(size=size, eval_fit=fit)))


@pytest.mark.parametrize(
    "config",
    [
        Augmentation(size=32),
        Augmentation(size=32, crop="none"),
        Augmentation(size=32, jitter=0.3, hue=0.1, randaugment=RandAugment(probability=1.0), erasing=1.0),
    ],
)
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


def test_maps_come_out_in_the_size_asked_for_or_in_their_own():
    sample = Sample(
        np.zeros((40, 60, 3), np.uint8), maps=np.ones((3, 7, 7), np.float32), map_weight=np.ones((3, 7, 7), np.float32)
    )
    assert prepare(sample, Augmentation(size=32)).maps.shape == (3, 7, 7)
    assert prepare(sample, Augmentation(size=32, map_size=8)).map_weight.shape == (3, 8, 8)


@settings(max_examples=80)
@given(st.floats(0.02, 0.98), st.floats(0.02, 0.98), st.integers(0, 2**32 - 1), st.sampled_from([32, 14, 7]))
def test_a_map_painted_as_a_pixel_stays_under_the_moved_point(x, y, seed, cells):
    """Whatever is drawn: crop, flip, RandAugment's turns, shears and shifts, another number of cells."""
    drawn = np.zeros((1, 32, 32), np.float32)
    row, column = int(y * 32), int(x * 32)
    drawn[0, row, column] = 1
    point = np.array([[(column + 0.5) / 32, (row + 0.5) / 32]])
    sample = Sample(np.zeros((48, 64, 3), np.uint8), points=point, maps=drawn, map_weight=np.ones_like(drawn))
    config = Augmentation(size=48, crop_scale=(0.2, 1.0), randaugment=RandAugment(probability=1.0), map_size=cells)
    shown = augment(sample, config, np.random.default_rng(seed))
    moved = shown.points[0]
    if not shown.maps.any():
        # The evidence is gone, and says so: the point, too, is off the picture or at its very edge.
        assert shown.map_weight.sum() == 0
        assert (np.minimum(moved, 1 - moved) < 0.1).any()
        return
    weights = shown.maps[0] / shown.maps[0].sum()
    rows, columns = (np.mgrid[:cells, :cells] + 0.5) / cells
    inner = (np.minimum(moved, 1 - moved) > 0.15).all()
    tolerance = 0.6 / cells if inner else 1.6 / cells + 0.1
    assert abs((weights * columns).sum() - moved[0]) < tolerance
    assert abs((weights * rows).sum() - moved[1]) < tolerance


def test_a_crop_that_loses_the_evidence_knows_nothing_any_more():
    drawn = np.full((2, 8, 8), 1e-3, np.float32)
    drawn[0, 0, 0] = drawn[1, 7, 7] = 1
    sample = Sample(np.zeros((40, 40, 3), np.uint8), maps=drawn, map_weight=np.ones_like(drawn))
    shown = _move(sample, Window(20, 20, 20, 20), Augmentation(size=20), flipped=False)
    assert shown.map_weight.sum(axis=(1, 2)).tolist() == [0, 64]
    assert shown.maps[0].sum() == 0
