import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchmetrics.classification import BinaryAUROC, BinaryAveragePrecision

from sidelight.evaluate.public.out_of_distribution import OutOfDistribution, highest_probability
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


def rows_of(strange):
    return [Shown(str(n), () if out else (0,), "out" if out else "in") for n, out in enumerate(strange)]


def measured(msp, strange):
    return {n.metric: n.value for n in OutOfDistribution().numbers({"msp": msp}, rows_of(strange))}


def fpr_by_hand(strangeness, strange):
    """The lowest share of falsely flagged over all thresholds that flag 95 % of the strange."""
    rates = [
        (strangeness[~strange] >= threshold).mean()
        for threshold in strangeness
        if (strangeness[strange] >= threshold).mean() >= 0.95
    ]
    return min(rates)


@given(st.integers(0, 2**32 - 1), st.sampled_from([3, 50]))
def test_the_numbers_are_those_of_torchmetrics_and_of_pairs(seed, levels):
    """With ties: few levels of probability."""
    rng = np.random.default_rng(seed)
    strange = rng.permutation(np.arange(60) < 12)
    msp = rng.integers(1, levels, size=60) / levels
    found = measured(msp, strange)
    pairs = (1 - msp)[strange][:, None] - (1 - msp)[~strange]
    assert found["auroc"] == pytest.approx((pairs > 1e-12).mean() + (abs(pairs) <= 1e-12).mean() / 2)
    score, target = torch.from_numpy(1 - msp), torch.from_numpy(strange).int()
    assert found["auroc"] == pytest.approx(float(BinaryAUROC()(score, target)), abs=1e-6)
    assert found["aupr"] == pytest.approx(float(BinaryAveragePrecision()(score, target)), abs=1e-6)
    assert found["fpr95"] == pytest.approx(fpr_by_hand(-msp, strange))


def test_chance_is_the_share_of_the_strange_for_aupr_and_a_half_for_auroc():
    found = measured(np.full(12_000, 0.5), np.arange(12_000) < 2_000)
    assert found["auroc"] == 0.5
    assert found["aupr"] == pytest.approx(1 / 6)


def test_strange_means_a_low_highest_probability():
    assert measured(np.array([0.1, 0.2, 0.9]), np.array([True, True, False])) == {"auroc": 1, "aupr": 1, "fpr95": 0}


def test_the_softmax_is_over_the_classes_asked_about():
    scores = np.array([[1, 2, 30]], np.float32)
    for measure, expected in ((OutOfDistribution(), 1 / (1 + np.exp(-1))), (OutOfDistribution(slice=False), 1.0)):
        (msp,) = measure.answers(scores, rows_of([True]), (0, 1))["msp"]
        assert msp == pytest.approx(expected)


def test_the_highest_probability_is_torch_s():
    scores = np.random.default_rng(0).normal(0, 9, (20, 7)).astype(np.float32)
    expected = torch.from_numpy(scores).double().softmax(dim=1).amax(dim=1).numpy()
    assert highest_probability(scores) == pytest.approx(expected)


@pytest.mark.parametrize("strange", [True, False])
def test_one_kind_alone_makes_no_number(strange):
    with pytest.raises(UserFault, match="some of both kinds"):
        measured(np.array([0.5, 0.6]), np.array([strange, strange]))


def test_the_definition_says_over_which_classes():
    assert all("200" in metric.definition for metric in OutOfDistribution().definition().values())
    assert all("1000" in metric.definition for metric in OutOfDistribution(slice=False).definition().values())
    assert not OutOfDistribution().definition()["fpr95"].higher_is_better
