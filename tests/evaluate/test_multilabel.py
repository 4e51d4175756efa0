from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchmetrics.functional.classification import multilabel_average_precision

from sidelight.evaluate.multilabel import average_precision, average_precisions, random_order
from sidelight.records.errors import UserFault


@st.composite
def predictions(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(2, 30)), draw(st.integers(1, 5))
    scores = np.round(rng.normal(size=shape) * 4, draw(st.sampled_from([0, 6])))
    targets = (rng.random(shape) < 0.3).astype(int)
    targets[0] = 1
    return scores, targets


def plain_average_precision(scores, there):
    """Area under the staircase, one step a distinct score."""
    area = recall = 0.0
    for level in sorted(set(scores), reverse=True):
        taken = scores >= level
        hits = there[taken].sum()
        area += (hits / there.sum() - recall) * hits / taken.sum()
        recall = hits / there.sum()
    return area


@given(predictions())
def test_average_precision_agrees_with_a_plain_staircase(given_):
    scores, targets = given_
    expected = [plain_average_precision(scores[:, c], targets[:, c]) for c in range(scores.shape[1])]
    assert average_precisions(scores, targets) == pytest.approx(np.array(expected))


@given(predictions())
def test_the_mean_agrees_with_torchmetrics_on_probabilities(given_):
    scores, targets = given_
    scores, targets = np.c_[scores, scores], np.c_[targets, targets]  # torchmetrics wants two classes at least
    probabilities = torch.sigmoid(torch.tensor(scores, dtype=torch.float64))
    expected = multilabel_average_precision(probabilities, torch.tensor(targets), num_labels=scores.shape[1])
    found = average_precision(scores, targets)
    assert (found["map"], found["absent_classes"]) == (pytest.approx(expected.item()), 0)


@given(predictions())
def test_only_the_order_of_scores_counts(given_):
    scores, targets = given_
    squeezed = 1 / (1 + np.exp(-scores.astype(np.float64)))
    assert average_precisions(scores, targets) == pytest.approx(average_precisions(squeezed, targets))


def test_confident_logits_are_still_told_apart():
    scores, targets = np.array([[30.0], [31.0]], np.float32), np.array([[0], [1]])
    assert average_precision(scores, targets)["map"] == 1
    assert average_precision(torch.sigmoid(torch.tensor(scores)).numpy(), targets)["map"] == 0.5


def test_absent_classes_are_left_out_and_counted():
    scores, targets = np.array([[2.0, 1.0, 5.0], [1.0, 0.0, 5.0]]), np.array([[1, 0, 0], [0, 0, 1]])
    found = average_precision(scores, targets)
    assert (found["map"], found["absent_classes"]) == (0.75, 1)
    assert (found["class_frequency"], found["random_order"]) == (0.5, 0.75)


@given(predictions())
def test_equal_scores_have_the_class_s_share(given_):
    _, targets = given_
    found = average_precisions(np.zeros(targets.shape), targets)
    assert found == pytest.approx(targets.mean(axis=0))
    assert average_precision(np.zeros(targets.shape), targets)["class_frequency"] == pytest.approx(found.mean())


@pytest.mark.parametrize("there", [[1, 0, 0, 0], [1, 0, 1, 0, 0], [1, 1, 1], [1]])
def test_a_random_order_has_the_mean_over_all_orders(there):
    there = np.array(there)
    orders = [plain_average_precision(np.array(order), there) for order in permutations(range(len(there)))]
    assert random_order(there[:, None]) == pytest.approx([np.mean(orders)])


def test_scores_of_half_precision_lose_their_ties_only():
    """Rounded to bfloat16 neighbours become equal: the number changes, and nothing warns; keep scores in float32."""
    scores = torch.tensor([[30.01], [30.0]])
    rounded = scores.to(torch.bfloat16).float()
    there = np.array([[1], [0]])
    assert average_precision(scores.numpy(), there)["map"] == 1
    assert average_precision(rounded.numpy(), there)["map"] == 0.5


@pytest.mark.parametrize(
    ("scores", "seen"), [(np.zeros((2, 3)), "none of 3 classes"), (np.full((2, 3), np.nan), "scores of photo 0")]
)
def test_nothing_to_measure_is_a_users_fault(scores, seen):
    with pytest.raises(UserFault, match=seen):
        average_precision(scores, np.zeros((2, 3)))


def test_shapes_must_match():
    with pytest.raises(ValueError, match=r"\(2, 3\) for targets of shape \(2, 2\)"):
        average_precisions(np.zeros((2, 3)), np.zeros((2, 2)))
