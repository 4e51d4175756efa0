import numpy as np
import pytest

from sidelight.data.augment.jitter import jitter_colours
from sidelight.data.augment.photometric import brightness, contrast, hue, saturation

GREY = np.full((4, 4, 3), 100, np.uint8)


def colours():
    return np.random.default_rng(1).integers(0, 256, (16, 16, 3), dtype=np.uint8)


def test_no_amount_changes_nothing():
    image = colours()
    assert jitter_colours(image, np.random.default_rng(0), amount=0.0, hue_turns=0.0) is image


def test_one_seed_gives_one_photo():
    first, second = (jitter_colours(colours(), np.random.default_rng(4), amount=0.4, hue_turns=0.1) for _ in range(2))
    assert np.array_equal(first, second)


def test_brightness_factors_fill_their_range():
    """Grey has no contrast and no saturation, so that only brightness shows."""
    rng = np.random.default_rng(0)
    factors = [jitter_colours(GREY, rng, amount=0.4, hue_turns=0.0)[0, 0, 0] / 100 for _ in range(500)]
    assert 0.6 <= min(factors) < 0.62
    assert 1.38 < max(factors) <= 1.4
    assert abs(np.mean(factors) - 1) < 0.03


class Scripted(np.random.Generator):
    """A generator whose permutation is known and whose factors are the largest."""

    def __init__(self, order):
        super().__init__(np.random.PCG64(0))
        self.order = order

    def permutation(self, x):
        return np.array(self.order)

    def uniform(self, low, high):
        return high


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
def test_the_operations_follow_the_order_drawn(order):
    expected = colours()
    steps = [(brightness, 1.4), (contrast, 1.4), (saturation, 1.4), (hue, 0.1)]
    for which in order:
        change, factor = steps[which]
        expected = change(expected, factor)
    assert np.array_equal(jitter_colours(colours(), Scripted(order), amount=0.4, hue_turns=0.1), expected)


@pytest.mark.parametrize("seed", range(5))
def test_hue_leaves_brightest_channels_as_bright(seed):
    turned = jitter_colours(colours(), np.random.default_rng(seed), amount=0.0, hue_turns=0.5)
    assert np.abs(turned.max(axis=2).astype(int) - colours().max(axis=2)).max() <= 1
    assert not np.array_equal(turned, colours())
