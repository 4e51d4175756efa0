import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms import RandomResizedCrop

from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.crop import Window, central_window, draw_window, evaluation_window

sides = st.integers(1, 700)
seeds = st.integers(0, 2**32 - 1)


@given(sides, sides, seeds)
def test_a_random_window_lies_in_the_photo(height, width, seed):
    w = draw_window(height, width, Augmentation(), np.random.default_rng(seed))
    assert w.height >= 1
    assert w.width >= 1
    assert 0 <= w.top <= w.top + w.height <= height
    assert 0 <= w.left <= w.left + w.width <= width


@given(st.integers(50, 700), st.integers(50, 700), seeds)
def test_area_and_ratio_stay_in_their_ranges(height, width, seed):
    w = draw_window(height, width, Augmentation(crop_scale=(0.2, 0.5)), np.random.default_rng(seed))
    if w != central_window(height, width, Augmentation()):
        assert 0.2 * 0.94 <= w.height * w.width / (height * width) <= 0.5 * 1.06  # sides are whole pixels
    assert 0.75 * 0.94 <= w.width / w.height <= 4 / 3 * 1.06


def test_the_law_is_that_of_torchvision():
    """Quantiles of 4000 windows of a 500x375 photo against torchvision's own draws."""
    torch.manual_seed(0)
    blank, rng, config = torch.zeros(1, 375, 500), np.random.default_rng(0), Augmentation()
    theirs = np.array([RandomResizedCrop.get_params(blank, [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(4000)])
    drawn = (draw_window(375, 500, config, rng) for _ in range(4000))
    ours = np.array([(w.top, w.left, w.height, w.width) for w in drawn])
    steps = np.linspace(0.05, 0.95, 10)
    np.testing.assert_allclose(np.quantile(ours, steps, axis=0), np.quantile(theirs, steps, axis=0), atol=16)


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [(10, 1000, Window(0, 493, 10, 13)), (1000, 10, Window(493, 0, 13, 10)), (1, 1, Window(0, 0, 1, 1))],
)
def test_a_photo_in_which_nothing_fits_is_cut_in_the_middle(height, width, expected):
    config = Augmentation(crop_scale=(1.0, 1.0))
    assert draw_window(height, width, config, np.random.default_rng(0)) == expected


def test_one_seed_gives_one_window():
    first, second = (draw_window(90, 120, Augmentation(), np.random.default_rng(7)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("height", "width"), [(64, 64), (375, 500), (500, 375), (3, 200)])
def test_evaluation_shows_the_central_square(height, width):
    w = evaluation_window(height, width, Augmentation(size=224))
    assert w.height == w.width == min(height, width)
    assert abs(2 * w.top + w.height - height) <= 1
    assert abs(2 * w.left + w.width - width) <= 1


@given(sides, sides, st.integers(224, 400))
def test_evaluation_cuts_the_share_that_resize_and_crop_would(height, width, resize):
    w = evaluation_window(height, width, Augmentation(size=224, eval_resize=resize))
    assert math.isclose(w.height, min(height, width) * 224 / resize, abs_tol=0.51)


def test_squashing_shows_the_whole_photo():
    assert evaluation_window(30, 70, Augmentation(eval_fit="squash")) == Window(0, 0, 30, 70)
