import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sidelight.records.errors import UserFault
from sidelight.report.statistics import (
    PairedDifference,
    holm,
    paired_difference,
    smallest_detectable_difference,
    spread,
    verdict,
)

numbers = st.floats(-1, 1, allow_subnormal=False)
probabilities = st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=8)


def by_seed(values):
    return dict(enumerate(values))


def test_one_value_shows_no_spread():
    assert spread([0.5]).std is None


def test_the_spread_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no values"):
        spread([])


def test_the_standard_deviation_divides_by_n_minus_1():
    assert spread([1.0, 2.0, 3.0]).std == 1.0


@given(st.lists(st.tuples(numbers, numbers), min_size=3, max_size=12))
def test_p_and_interval_agree_with_scipys_paired_test(pairs):
    first, second = np.array(pairs).T
    if np.std(first - second) < 1e-6:
        return
    ours = paired_difference(by_seed(first.tolist()), by_seed(second.tolist()), thing="pairs")
    theirs = stats.ttest_rel(first, second)
    assert ours.p == pytest.approx(theirs.pvalue, abs=1e-9)
    assert ours.interval == pytest.approx(tuple(theirs.confidence_interval(0.95)), abs=1e-9)


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=6))
def test_swapping_the_sides_turns_the_difference_around(pairs):
    first, second = (by_seed(column) for column in zip(*pairs, strict=True))
    there, back = paired_difference(first, second, thing="a"), paired_difference(second, first, thing="b")
    assert there.mean == pytest.approx(-back.mean)
    assert (there.p is None) == (back.p is None)
    assert there.p is None or there.p == pytest.approx(back.p)


def test_pairs_are_made_by_seed_and_not_by_order():
    shuffled = paired_difference({0: 1.0, 1: 2.0, 2: 4.0}, {2: 4.1, 0: 0.9, 1: 2.2}, thing="order")
    assert shuffled.mean == pytest.approx((0.1 - 0.2 - 0.1) / 3)


def test_the_interval_covers_the_truth_in_95_of_100_studies():
    rng = np.random.default_rng(3)
    draws = rng.normal(0.3, 1, (600, 5))
    found = [paired_difference(by_seed(d), by_seed([0.0] * 5), thing="draw").interval for d in draws]
    assert np.mean([low <= 0.3 <= high for low, high in found]) == pytest.approx(0.95, abs=0.025)


def test_one_seed_gives_a_difference_without_interval():
    lone = paired_difference({4: 0.7}, {4: 0.6}, thing="lone")
    assert (lone.n, lone.std, lone.interval, lone.p, lone.detectable) == (1, None, None, None, None)
    assert verdict(lone, None).kind == "no interval"


def test_the_same_difference_on_every_seed_gives_no_interval():
    constant = paired_difference({0: 0.7, 1: 0.5, 2: 0.3}, {0: 0.6, 1: 0.4, 2: 0.2}, thing="constant")
    assert constant.mean == pytest.approx(0.1)
    assert constant.interval is None


def test_a_missing_seed_is_named_with_its_side():
    with pytest.raises(UserFault, match="seed 3 is missing in the second, seed 7 is missing in the first"):
        paired_difference({0: 0.1, 3: 0.2}, {0: 0.1, 7: 0.3}, thing="top1 of clicks and random")


def test_no_seed_at_all_is_a_fault():
    with pytest.raises(UserFault, match="no seed at all"):
        paired_difference({}, {}, thing="nothing")


@pytest.mark.parametrize("wild", [math.nan, math.inf])
def test_a_diverged_run_is_no_result(wild):
    with pytest.raises(UserFault, match=r"seed 1 is not a finite number.*diverged"):
        paired_difference({0: 0.1, 1: wild}, {0: 0.1, 1: 0.2}, thing="top1")


@pytest.mark.parametrize(
    ("p_values", "adjusted"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),  # 4 x .005, 3 x .01, 2 x .03, then not below .06
        ([0.02, 0.02, 0.02], [0.06, 0.06, 0.06]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.04], [0.04]),
        ([0.01, None, 0.04], [0.02, None, 0.04]),  # a test that was not made does not count
        ([], []),
    ],
)
def test_holm_on_cases_done_by_hand(p_values, adjusted):
    assert list(holm(p_values)) == pytest.approx(adjusted)


@given(probabilities)
def test_holm_lies_between_no_correction_and_bonferroni_and_keeps_the_order(p_values):
    adjusted = holm(p_values)
    pairs = [(p, a) for p, a in zip(p_values, adjusted, strict=True) if p is not None]
    assert all(p <= a <= min(1, len(pairs) * p) for p, a in pairs)
    assert [a for _, a in sorted(pairs)] == sorted(a for _, a in pairs)


def test_holm_keeps_false_alarms_of_the_family_below_5_percent():
    families = np.random.default_rng(5).uniform(size=(2000, 6))
    assert np.mean([min(holm(family)) < 0.05 for family in families]) <= 0.065


@pytest.mark.parametrize("n", [2, 3, 5, 10])
def test_the_detectable_difference_is_found_in_80_of_100_studies(n):
    truth = smallest_detectable_difference(2.0, n)
    draws = np.random.default_rng(n).normal(truth, 2.0, (20_000, n))
    assert np.mean(stats.ttest_1samp(draws, 0, axis=1).pvalue < 0.05) == pytest.approx(0.8, abs=0.01)


def test_a_test_of_one_pair_detects_nothing():
    with pytest.raises(ValueError, match="2 pairs"):
        smallest_detectable_difference(1.0, 1)


def seen(low, high, n=5):
    return PairedDifference(n, (low + high) / 2, 0.01, (low, high), 0.01, 0.02)


@pytest.mark.parametrize(
    ("interval", "adjusted_p", "kind"),
    [
        ((0.01, 0.03), 0.02, "higher"),
        ((-0.03, -0.01), 0.02, "lower"),
        ((0.01, 0.03), 0.06, "inconclusive"),  # the interval leaves 0 out, but the family of tests does not allow it
        ((-0.004, 0.005), 0.9, "null"),
        ((-0.004, 0.0051), 0.9, "inconclusive"),
        ((0.001, 0.004), 0.001, "null"),  # real, and too small to matter
    ],
)
def test_a_verdict_says_no_more_than_interval_and_p_allow(interval, adjusted_p, kind):
    assert verdict(seen(*interval), adjusted_p).kind == kind


def test_the_bound_is_the_far_end_of_the_interval():
    assert verdict(seen(-0.03, 0.01), 0.5).bound == 0.03


def test_a_metric_without_margin_is_never_null():
    assert verdict(seen(-1e-9, 1e-9), 1.0, null_margin=0).kind == "inconclusive"
