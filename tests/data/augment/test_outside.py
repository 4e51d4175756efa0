import numpy as np
import pytest

from sidelight.data.augment.augment import augment, prepare
from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.outside import blur_outside
from sidelight.data.augment.sample import Sample

NOISE = np.random.default_rng(0).integers(0, 256, (48, 48, 3), dtype=np.uint8)
LEFT = np.zeros((1, 8, 8), np.float32)
LEFT[..., :4] = 0.5
KNOWN = np.ones_like(LEFT)


def rough(image):
    """How much neighbouring pixels differ."""
    return np.abs(np.diff(image.astype(int), axis=0)).mean()


def test_the_looked_at_half_stays_as_it_is_and_the_other_is_smoothed():
    shown = blur_outside(NOISE, LEFT, KNOWN, sigma=3.0)
    assert np.array_equal(shown[:, :20], NOISE[:, :20])
    assert rough(shown[:, 30:]) < 0.1 * rough(NOISE[:, 30:])
    assert shown[:, 30:].mean() == pytest.approx(NOISE[:, 30:].mean(), abs=3)


def test_a_faint_map_counts_by_its_own_largest_value():
    assert np.array_equal(
        blur_outside(NOISE, LEFT / 100, KNOWN, sigma=3.0), blur_outside(NOISE, LEFT, KNOWN, sigma=3.0)
    )


def test_what_no_map_knows_stays_sharp():
    weight = np.zeros_like(LEFT)
    weight[..., :6] = 1
    shown = blur_outside(NOISE, LEFT, weight, sigma=3.0)
    assert np.array_equal(shown[:, 40:], NOISE[:, 40:])
    assert not np.array_equal(shown[:, 28:34], NOISE[:, 28:34])


@pytest.mark.parametrize("maps", [LEFT[:0], np.zeros_like(LEFT)], ids=["no map", "blank map"])
def test_a_picture_without_evidence_stays_sharp(maps):
    assert blur_outside(NOISE, maps, np.ones_like(maps), sigma=3.0) is NOISE


def test_of_several_maps_every_one_keeps_its_part():
    both = np.concatenate([LEFT, LEFT[..., ::-1] / 10])
    assert np.array_equal(blur_outside(NOISE, both, np.ones_like(both), sigma=3.0), NOISE)


def sample():
    return Sample(NOISE, maps=LEFT, map_weight=KNOWN)


def test_it_happens_as_often_as_asked_in_training_and_never_in_evaluation():
    config = Augmentation(size=48, crop="none", flip=0.0, blur_outside=0.5)
    shown = [augment(sample(), config, np.random.default_rng(seed)).image for seed in range(60)]
    blurred = sum(not np.array_equal(image, NOISE) for image in shown)
    assert 15 <= blurred <= 45
    assert np.array_equal(prepare(sample(), config).image, NOISE)


def test_the_map_moves_with_the_picture_before_the_blur():
    config = Augmentation(size=48, crop="none", flip=1.0, blur_outside=1.0)
    shown = augment(sample(), config, np.random.default_rng(0)).image
    assert np.array_equal(shown[:, 28:], NOISE[:, ::-1][:, 28:])
    assert rough(shown[:, :18]) < 0.2 * rough(NOISE)


def test_crops_and_flips_stay_those_of_a_run_without_blur():
    config = Augmentation(size=32, crop_scale=(0.3, 1.0))
    blurring = Augmentation(size=32, crop_scale=(0.3, 1.0), blur_outside=1.0)
    for seed in range(10):
        plain, shown = (augment(sample(), c, np.random.default_rng(seed)) for c in (config, blurring))
        np.testing.assert_array_equal(plain.maps, shown.maps)
