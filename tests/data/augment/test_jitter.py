import numpy as np
import pytest

from sidelight.data.augment.jitter import jitter_colours

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


def test_the_order_is_drawn():
    """Cut off at white, two operations in another order give another photo."""
    results = {
        jitter_colours(colours(), np.random.default_rng(s), amount=1.0, hue_turns=0.0).tobytes() for s in range(9)
    }
    assert len(results) == 9


@pytest.mark.parametrize("seed", range(5))
def test_hue_leaves_brightest_channels_as_bright(seed):
    turned = jitter_colours(colours(), np.random.default_rng(seed), amount=0.0, hue_turns=0.5)
    assert np.abs(turned.max(axis=2).astype(int) - colours().max(axis=2)).max() <= 1
    assert not np.array_equal(turned, colours())
