import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sidelight.evaluate.object_removal import RemovalReading, Removals, object_removal
from sidelight.records.errors import UserFault

CLASSES = 4


@st.composite
def dumps(draw):
    """Some pictures' scores without some of their classes; one picture has two at least."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    gone = [draw(st.sets(st.integers(0, CLASSES - 1))) for _ in range(draw(st.integers(0, 3)))] + [{0, 2}]
    rows = [(picture, label) for picture, labels in enumerate(gone) for label in labels]
    order = rng.permutation(len(rows))
    scores = np.round(rng.normal(size=(len(rows), CLASSES)) * 3, draw(st.sampled_from([0, 4])))
    return Removals(np.array([rows[i][0] for i in order]), np.array([rows[i][1] for i in order]), scores)


def plain(found, measure, average, over):
    """The formulas, word by word."""
    s = {
        (i, k): [1 / (1 + math.exp(-z)) for z in scores]
        for i, k, scores in zip(found.picture.tolist(), found.removed.tolist(), found.scores.tolist(), strict=True)
    }

    def violation(company, own):
        return (company < own) if measure == "rate" else own - company

    worst, mean = {}, {}
    for i, c in s:
        company = [scores[c] for (j, k), scores in s.items() if j == i and k != c]
        if company:
            own = s[i, c][c]
            worst[i, c] = violation(min(company), own)
            if average == "mean_of_indicators":
                mean[i, c] = sum(violation(each, own) for each in company) / len(company)
            else:
                mean[i, c] = violation(sum(company) / len(company), own)

    def total(values):
        if over == "pairs":
            return sum(values.values()) / len(values)
        of_class = [[v for (_, c), v in values.items() if c == k] for k in range(CLASSES)]
        return np.mean([np.mean(each) for each in of_class if each])

    return {"v_min": total(worst), "v_avg": total(mean), "pairs": len(worst)}


@given(
    dumps(),
    st.sampled_from(["rate", "difference"]),
    st.sampled_from(["mean_of_indicators", "indicator_of_mean"]),
    st.sampled_from(["pairs", "classes"]),
)
def test_every_reading_agrees_with_its_formula(found, measure, average, over):
    # A mean of equal numbers may differ from them by a rounding, which a strict comparison would see.
    assume(average == "mean_of_indicators" or len(set(found.scores.ravel().tolist())) == found.scores.size)
    made = object_removal(found, RemovalReading(measure, average, over))
    assert made == pytest.approx(plain(found, measure, average, over))


@given(dumps(), st.integers(0, 3))
def test_the_worst_class_is_at_least_as_bad_as_any(found, draw):
    for average in ("mean_of_indicators", "indicator_of_mean", "random"):
        made = object_removal(found, RemovalReading(average=average, draw=draw))
        assert 0 <= made["v_min"] <= 1
        assert made["v_avg"] <= made["v_min"] + 1e-9 or average == "indicator_of_mean"


def test_one_class_drawn_is_the_mean_over_many_draws():
    scores = np.random.default_rng(1).normal(size=(4, 4))
    found = Removals(np.zeros(4, int), np.arange(4), scores)
    drawn = [object_removal(found, RemovalReading(average="random", draw=i))["v_avg"] for i in range(300)]
    assert np.mean(drawn) == pytest.approx(object_removal(found)["v_avg"], abs=0.05)
    assert len(set(drawn)) > 1
    assert drawn[7] == object_removal(found, RemovalReading(average="random", draw=7))["v_avg"]


def test_a_model_that_sees_objects_has_no_violation_and_one_that_sees_company_has_all():
    """Without class 0 the first says -5 to it, the second says -5 to what stood beside."""
    two = np.array([3, 3]), np.array([0, 1])
    sees = object_removal(Removals(*two, np.array([[-5.0, 5.0], [5.0, -5.0]])))
    misses = object_removal(Removals(*two, np.array([[5.0, -5.0], [-5.0, 5.0]])))
    assert (sees["v_min"], sees["v_avg"], misses["v_min"], misses["v_avg"]) == (0, 0, 1, 1)


def test_equal_scores_are_no_violation():
    assert object_removal(Removals(np.zeros(2, int), np.arange(2), np.ones((2, 2))))["v_min"] == 0


def test_confident_logits_are_still_told_apart():
    """In float32 the probabilities of 30 and 31 are both 1."""
    scores = np.array([[31.0, 0.0], [30.0, 0.0]], np.float32)
    assert object_removal(Removals(np.zeros(2, int), np.arange(2), scores))["v_min"] == 0.5


def test_a_picture_without_company_is_left_out():
    three = np.array([[-5.0, 5.0], [5.0, -5.0], [9.0, 9.0]])
    assert object_removal(Removals(np.array([3, 3, 8]), np.array([0, 1, 0]), three))["pairs"] == 2


def test_nothing_to_measure_is_a_users_fault():
    with pytest.raises(UserFault, match="no picture from which two classes"):
        object_removal(Removals(np.array([0]), np.array([0]), np.zeros((1, 2))))
    with pytest.raises(UserFault, match="not a number"):
        object_removal(Removals(np.zeros(2, int), np.arange(2), np.full((2, 2), np.nan)))


def test_a_dump_that_contradicts_itself_is_refused():
    with pytest.raises(ValueError, match=r"\(0, 0\) was removed twice"):
        Removals(np.zeros(2, int), np.zeros(2, int), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="1 pictures, 2 classes"):
        Removals(np.zeros(1, int), np.arange(2), np.zeros((2, 2)))
