import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from sidelight.evaluate.two_class import apcer_at_bpcer, attack_scores, auc, two_class
from sidelight.records.errors import UserFault

tied = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=2, max_size=40).filter(
    lambda rows: len({attack for _, attack in rows}) == 2
)


def split(rows):
    scores, labels = zip(*rows, strict=True)
    return np.array(scores, float), np.array(labels, int)


@given(tied)
def test_auc_is_that_of_scikit_learn_ties_included(rows):
    scores, labels = split(rows)
    assert auc(scores, labels) == pytest.approx(roc_auc_score(labels, scores))


@given(tied, st.sampled_from([0.0, 0.01, 0.1, 0.25, 0.5]))
def test_apcer_is_the_best_point_of_scikit_learn_s_curve_within_the_allowance(rows, bpcer):
    scores, labels = split(rows)
    false_alarms, found, _ = roc_curve(labels, scores, drop_intermediate=False)
    assert apcer_at_bpcer(scores, labels, bpcer=bpcer) == pytest.approx(1 - found[false_alarms <= bpcer + 1e-9].max())


def test_one_genuine_picture_in_a_hundred_may_be_called_an_attack():
    scores = np.concatenate([np.arange(100.0), [98.5, 98.0, 50.0]])
    labels = np.array([0] * 100 + [1] * 3)
    assert apcer_at_bpcer(scores, labels, bpcer=0.01) == pytest.approx(2 / 3)
    assert apcer_at_bpcer(scores, labels, bpcer=0.0) == 1.0
    assert apcer_at_bpcer(scores, labels, bpcer=0.5) == 0.0


def test_an_offset_that_both_logits_share_changes_nothing_but_for_the_script_s_score():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 400)
    logits = rng.normal(size=(400, 2)) + np.stack([1 - labels, labels], 1)
    moved = logits + rng.normal(size=(400, 1)) * 5
    assert two_class(moved, labels) == pytest.approx(two_class(logits, labels))
    assert two_class(moved, labels, kind="sigmoid_z1")["auc"] < two_class(logits, labels)["auc"] - 0.1


def test_the_script_s_score_makes_ties_of_large_logits_and_ours_does_not():
    logits = np.array([[0.0, 20.0], [0.0, 30.0]], np.float32)
    labels = np.array([0, 1])
    assert two_class(logits, labels)["auc"] == 1.0
    assert two_class(logits, labels, kind="sigmoid_z1")["auc"] == 0.5


def test_the_script_s_score_survives_very_negative_logits():
    assert attack_scores(np.array([[0.0, -1e4]], np.float32), "sigmoid_z1").tolist() == [0.0]


def test_both_classes_are_needed():
    with pytest.raises(UserFault, match="0 attacks and 3 genuine"):
        auc(np.zeros(3), np.zeros(3, int))


def test_more_classes_than_two_and_nan_are_refused():
    with pytest.raises(ValueError, match="two classes"):
        attack_scores(np.zeros((3, 3)))
    with pytest.raises(UserFault, match="not a number"):
        attack_scores(np.array([[0.0, np.nan]]))
