import dataclasses

import pytest

from sidelight.report import wording
from sidelight.report.statistics import PairedDifference, Spread, verdict
from sidelight.report.table import Column, Comparison

TOP1 = Column("accuracy/top1", "top1", "Share.", True, share=True, n=900)
LOSS = Column("points/loss", "loss", "Smooth L1.", False, share=False, n=900)


def compared(low, high, p=0.01):
    difference = PairedDifference(5, (low + high) / 2, 0.01, (low, high), p, 0.02)
    return Comparison("clicks", "plain", "accuracy/top1", difference, p, verdict(difference, p))


@pytest.mark.parametrize(
    ("value", "column", "shown"),
    [
        (0.6342, TOP1, "+63.4"),
        (-0.004, TOP1, "−0.4"),
        (-0.0001, TOP1, "0.0"),  # neither +0.0 nor −0.0
        (0.12345, LOSS, "+0.123"),
        (0.63421, dataclasses.replace(TOP1, n=50_000), "+63.42"),
    ],
)
def test_numbers_carry_a_true_minus_and_no_more_digits_than_they_deserve(value, column, shown):
    assert wording.number(value, column, sign=True) == shown


def test_a_cell_shows_mean_and_spread_if_there_is_one():
    assert wording.mean_and_std(Spread(5, 0.634, 0.0051), TOP1) == "63.4 ± 0.5"
    assert wording.mean_and_std(Spread(1, 0.634, None), TOP1) == "63.4"
    assert wording.mean_and_std(None, TOP1) == "–"


def test_a_difference_shows_its_interval():
    assert wording.difference_and_interval(compared(-0.002, 0.01).difference, TOP1) == "+0.4 [−0.2, +1.0]"


def test_p_values_have_three_digits():
    assert [wording.p_value(p) for p in (0.0301, 0.00001, 1.0, None)] == ["p = .030", "p < .001", "p = 1.000", ""]


@pytest.mark.parametrize(
    ("low", "high", "p", "words"),
    [
        (0.01, 0.03, 0.01, "higher"),
        (-0.03, -0.01, 0.01, "lower"),
        (-0.03, 0.01, 0.5, "no effect larger than 3.0 points"),
        (-0.004, 0.003, 0.5, "null: within ±0.4 points"),
    ],
)
def test_verdicts_in_words(low, high, p, words):
    assert wording.verdict_in_words(compared(low, high, p), TOP1) == words


def test_a_lone_seed_is_said_to_have_no_interval():
    lone = PairedDifference(1, 0.1, None, None, None, None)
    same = PairedDifference(3, 0.1, 0.0, None, None, None)
    said = [Comparison("a", "b", "k", d, None, verdict(d, None)) for d in (lone, same)]
    assert [wording.verdict_in_words(comparison, TOP1) for comparison in said] == [
        "one seed: no interval",
        "the same on every seed: no interval",
    ]


def test_only_an_adjusted_p_below_5_percent_is_bold():
    assert wording.is_significant(compared(0.01, 0.03, 0.049))
    assert not wording.is_significant(compared(0.01, 0.03, 0.05))
