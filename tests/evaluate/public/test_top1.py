import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from timm.utils import accuracy

from sidelight.evaluate.public.measure import share, top1_correct
from sidelight.evaluate.public.top1 import Top1
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


def measured(measure, scores, rows):
    columns = measure.answers(scores, rows, ())
    return {(n.metric, n.subset): (n.value, n.n) for n in measure.numbers(columns, rows)}


@given(st.integers(0, 2**32 - 1))
def test_top1_and_top5_are_timm_s(seed):
    rng = np.random.default_rng(seed)
    scores = rng.permuted(np.tile(np.arange(30, dtype=np.float32), (20, 1)), axis=1)
    labels = rng.integers(30, size=20)
    found = measured(Top1(), scores, [Shown(str(n), (int(label),)) for n, label in enumerate(labels)])
    first, fifth = accuracy(torch.from_numpy(scores), torch.from_numpy(labels), topk=(1, 5))
    assert found == {
        ("top1", "all"): (pytest.approx(float(first) / 100), 20),
        ("top5", "all"): (pytest.approx(float(fifth) / 100), 20),
    }


def test_of_equal_scores_the_lower_index_answers():
    scores = np.zeros((1, 7), np.float32)
    assert top1_correct(scores, [Shown("a", (0,))]).tolist() == [True]
    assert top1_correct(scores, [Shown("a", (1,))]).tolist() == [False]
    assert [measured(Top1(), scores, [Shown("a", (c,))])["top5", "all"][0] for c in (4, 5)] == [1, 0]


def test_pictures_weigh_alike_whatever_their_class():
    """torchmetrics' default would average the classes: 0.5 here."""
    scores = np.eye(2, 10, dtype=np.float32)[[0, 0, 0, 0]]
    rows = [Shown("a", (0,)), Shown("b", (0,)), Shown("c", (0,)), Shown("d", (1,))]
    assert measured(Top1(top5=False), scores, rows) == {("top1", "all"): (0.75, 4)}


def test_sets_of_a_benchmark_are_told_apart():
    scores = np.eye(3, dtype=np.float32)
    rows = [Shown("a", (0,), "one"), Shown("b", (1,), "one"), Shown("c", (0,), "two")]
    assert measured(Top1(top5=False), scores, rows) == {("top1", "one"): (1, 2), ("top1", "two"): (0, 1)}


def test_top5_needs_five_classes_and_its_absence_one():
    assert (Top1().depth, Top1(top5=False).depth) == (5, 1)
    assert set(Top1().definition()) == {"top1", "top5"}
    assert set(Top1(top5=False).definition()) == {"top1"}


def test_nothing_shown_is_no_zero():
    with pytest.raises(UserFault, match="top1: no picture counts"):
        share(np.array([], bool), "top1")
