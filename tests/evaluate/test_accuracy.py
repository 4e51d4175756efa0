import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, top_k_accuracy_score

from sidelight.evaluate.accuracy import accuracy, macro_accuracy, per_class_accuracy, ranks, top1, top_k
from sidelight.records.errors import UserFault


@st.composite
def predictions(draw, distinct=False):
    photos, classes = draw(st.integers(1, 20)), draw(st.integers(2, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scores = rng.normal(size=(photos, classes)) if distinct else rng.integers(0, 3, (photos, classes)).astype(float)
    return scores, rng.integers(0, classes, photos)


def test_the_numbers_of_a_small_table_are_known():
    scores = np.array([[3.0, 2, 1], [3, 2, 1], [1, 2, 3], [1, 3, 2]])
    labels = np.array([0, 1, 2, 2])
    assert top1(scores, labels) == 0.5
    assert top_k(scores, labels, k=2) == 1.0
    assert macro_accuracy(scores, labels) == pytest.approx((1 + 0 + 0.5) / 3)
    assert per_class_accuracy(scores, labels).tolist() == [1, 0, 0.5]


@given(predictions())
def test_top1_is_argmax_also_among_ties(given_):
    scores, labels = given_
    assert top1(scores, labels) == np.mean(scores.argmax(axis=1) == labels)


@given(predictions(distinct=True), st.integers(1, 8))
def test_top_k_agrees_with_scikit_learn(given_, k):
    scores, labels = given_
    k = min(k, scores.shape[1] - 1)
    if scores.shape[1] == 2:  # there scikit-learn wants one column
        scores = np.c_[scores, np.full(len(scores), -99.0)]
    expected = top_k_accuracy_score(labels, scores, k=k, labels=range(scores.shape[1]))
    assert top_k(scores, labels, k=k) == pytest.approx(expected)


@given(predictions())
@pytest.mark.filterwarnings("ignore:.*y_pred contains classes not in y_true.*")
@pytest.mark.filterwarnings("ignore:.*single label was found.*")
def test_macro_accuracy_agrees_with_scikit_learn(given_):
    scores, labels = given_
    assert macro_accuracy(scores, labels) == pytest.approx(balanced_accuracy_score(labels, scores.argmax(axis=1)))


@given(predictions())
def test_ranks_are_places_in_a_stable_sort(given_):
    scores, labels = given_
    order = np.argsort(-scores, axis=1, kind="stable")
    assert ranks(scores, labels).tolist() == [list(row).index(label) for row, label in zip(order, labels, strict=True)]


@given(predictions(), st.randoms())
def test_the_order_of_photos_does_not_matter(given_, random):
    scores, labels = given_
    order = list(range(len(labels)))
    random.shuffle(order)
    assert accuracy(scores[order], labels[order]) == pytest.approx(accuracy(scores, labels))


def test_a_class_without_a_photo_is_left_out_of_the_mean():
    scores, labels = np.eye(3)[[0, 0, 2]], np.array([0, 2, 2])
    assert np.isnan(per_class_accuracy(scores, labels)[1])
    assert macro_accuracy(scores, labels) == 0.75


def test_top5_is_told_only_where_it_can_fail():
    assert set(accuracy(np.eye(5), np.arange(5))) == {"top1", "macro"}
    assert accuracy(np.eye(9), np.arange(9)) == {"top1": 1, "macro": 1, "top5": 1}


def test_scores_that_are_not_numbers_are_refused():
    scores = np.array([[1.0, 2.0], [np.nan, 0.0]])
    with pytest.raises(UserFault, match=r"scores of photo 1: not a number .as in 1 of 2 photos.*diverged"):
        accuracy(scores, np.array([0, 1]))


def test_no_photo_is_a_users_fault():
    with pytest.raises(UserFault, match="no photo"):
        top1(np.zeros((0, 3)), np.zeros(0, int))


@pytest.mark.parametrize(("shape", "labels"), [((2, 3), [0]), ((2,), [0, 0]), ((2, 3), [0, 3]), ((2, 3), [-1, 0])])
def test_columns_that_do_not_match_are_refused(shape, labels):
    with pytest.raises(ValueError, match="labels"):
        top1(np.zeros(shape), np.array(labels))
