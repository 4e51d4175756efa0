import numpy as np
import pytest

from sidelight.data.augment.augment import augment
from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.erasing import draw_rectangle, erase
from sidelight.data.augment.sample import Sample

WHITE = np.full((60, 80, 3), 255, np.uint8)
CONSTANT = Augmentation(erasing=1.0, erasing_mode="constant", fill=(1, 2, 3))


def test_rectangles_keep_to_their_areas_and_ratios():
    rng = np.random.default_rng(0)
    drawn = [draw_rectangle(200, 300, rng) for _ in range(1000)]
    areas = np.array([r.height * r.width for r in drawn]) / (200 * 300)
    ratios = np.array([r.height / r.width for r in drawn])
    assert 0.018 <= areas.min() < 0.03
    assert 0.3 < areas.max() <= 0.34
    assert 0.28 <= ratios.min() < 0.4
    assert 2.5 < ratios.max() <= 3.5
    assert all(r.top + r.height <= 200 and r.left + r.width <= 300 for r in drawn)


def test_one_rectangle_is_overwritten_with_the_fill_colour():
    erased = (erase(WHITE, CONSTANT, np.random.default_rng(0)) == (1, 2, 3)).all(axis=2)
    rows, columns = np.nonzero(erased)
    assert erased.sum() == (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
    assert (erase(WHITE, CONSTANT, np.random.default_rng(0))[~erased] == 255).all()


def test_noise_is_centred_on_the_fill_colour():
    config = Augmentation(erasing=1.0, fill=(120, 120, 120))
    image = np.full((400, 400, 3), 255, np.uint8)
    erased = erase(image, config, np.random.default_rng(0))
    patch = erased[(erased != 255).any(axis=2)]
    assert abs(patch.mean() - 120) < 3
    assert 50 < patch.std() < 60  # 58, less what is cut off at black and white


@pytest.mark.parametrize(("probability", "expected"), [(0.0, 0), (0.25, 0.25), (1.0, 1)])
def test_erasing_happens_as_often_as_told(probability, expected):
    rng, config = np.random.default_rng(0), Augmentation(erasing=probability)
    happened = np.mean([erase(WHITE, config, rng) is not WHITE for _ in range(400)])
    assert abs(happened - expected) < 0.06


def test_a_photo_too_small_for_a_rectangle_stays():
    speck = np.zeros((1, 1, 3), np.uint8)
    assert erase(speck, CONSTANT, np.random.default_rng(0)) is speck


def test_a_point_under_an_erased_rectangle_stays_a_point():
    config = Augmentation(size=32, crop="none", flip=0.0, erasing=1.0, erasing_mode="constant", fill=(1, 2, 3))
    ones = np.ones((1, 4, 4), np.float32)
    sample = Sample(np.full((32, 32, 3), 255, np.uint8), np.array([[0.5, 0.5]]), maps=ones, map_weight=ones)
    shown = (augment(sample, config, np.random.default_rng(seed)) for seed in range(50))
    covered = next(s for s in shown if (s.image[16, 16] == (1, 2, 3)).all())
    assert covered.points.tolist() == [[0.5, 0.5]]
    assert (covered.map_weight == 1).all()
