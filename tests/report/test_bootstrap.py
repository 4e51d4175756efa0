import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sidelight.report.bootstrap import difference_over_pictures


def right(share, n, seed):
    return (np.random.default_rng(seed).random(n) < share).astype(np.float64)


def picture_by_picture(treated, control, *, draws, seed):
    """The definition: indices of pictures drawn with replacement, every model read at the same ones."""
    rows = np.random.default_rng(seed).integers(len(control[0]), size=(draws, len(control[0])))
    sides = [np.mean([answers[rows].mean(axis=1) for answers in side], axis=0) for side in (treated, control)]
    return np.quantile(sides[0] - sides[1], [0.025, 0.975])


@pytest.mark.parametrize("seeds", [(1, 1), (3, 3), (2, 5)])
def test_drawing_pictures_one_by_one_gives_the_same_interval(seeds):
    treated = [right(0.7, 400, seed) for seed in range(seeds[0])]
    control = [right(0.6, 400, 100 + seed) for seed in range(seeds[1])]
    ours = difference_over_pictures(treated, control, draws=20_000)
    theirs = picture_by_picture(treated, control, draws=20_000, seed=1)
    assert ours == pytest.approx(theirs, abs=0.003)  # a picture more or less is 0.0025


def test_numbers_that_are_not_right_or_wrong_may_be_drawn_too():
    rng = np.random.default_rng(0)
    treated, control = [rng.random(300) for _ in range(2)], [rng.random(300)]
    ours = difference_over_pictures(treated, control, draws=20_000)
    assert ours == pytest.approx(picture_by_picture(treated, control, draws=20_000, seed=1), abs=0.003)


def test_many_pictures_give_the_normal_interval():
    treated, control = [right(0.75, 50_000, 0)], [right(0.74, 50_000, 1)]
    d = treated[0] - control[0]
    half = stats.norm.ppf(0.975) * d.std() / np.sqrt(len(d))
    ours = difference_over_pictures(treated, control, draws=20_000)
    assert ours == pytest.approx((d.mean() - half, d.mean() + half), abs=0.03 * half)


def test_models_that_answer_alike_differ_by_nothing():
    answers = right(0.5, 60, 0)
    assert difference_over_pictures([answers], [answers.copy()]) == (0.0, 0.0)


def test_pairing_by_picture_makes_the_interval_narrow():
    control = right(0.5, 1000, 0)
    treated = control.copy()
    treated[np.flatnonzero(control == 0)[:10]] = 1  # better on ten pictures, the same elsewhere
    low, high = difference_over_pictures([treated], [control])
    apart = difference_over_pictures([treated], [np.random.default_rng(3).permutation(control)])
    assert 0 < low < 0.01 < high < 0.02
    assert apart[1] - apart[0] > 5 * (high - low)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(1, 3))
def test_the_order_of_pictures_and_of_models_does_not_matter(seed, ours, theirs):
    rng = np.random.default_rng(seed)
    treated, control = rng.integers(2, size=(ours, 30)).astype(float), rng.integers(2, size=(theirs, 30)).astype(float)
    rows = rng.permutation(30)
    first = difference_over_pictures([*treated], [*control], draws=100)
    again = difference_over_pictures([*treated[::-1][:, rows]], [*control[::-1][:, rows]], draws=100)
    assert first == pytest.approx(again, abs=1e-12)
    assert first[0] <= first[1]


def test_the_same_seed_gives_the_same_interval():
    sides = [right(0.6, 100, 0)], [right(0.5, 100, 1)]
    assert difference_over_pictures(*sides, seed=4) == difference_over_pictures(*sides, seed=4)
    assert difference_over_pictures(*sides, seed=4) != difference_over_pictures(*sides, seed=5)


@pytest.mark.parametrize("sides", [([np.ones(3)], [np.ones(4)]), ([], [np.ones(3)]), ([np.ones(0)], [np.ones(0)])])
def test_models_of_other_pictures_are_not_compared(sides):
    with pytest.raises(ValueError, match="saw"):
        difference_over_pictures(*sides)
