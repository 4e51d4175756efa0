import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.measure.agreement import agreement_by_person, krippendorff_alpha, percent_agreement

TEXTBOOK = {
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
"""Krippendorff's own example: four observers, twelve units, missing values; alpha for names is 0.743."""

things = st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2)), max_size=8)


def textbook():
    rows = {name: row.split() for name, row in TEXTBOOK.items()}
    return [{name: row[k] for name, row in rows.items() if row[k] != "."} for k in range(12)]


def test_the_textbooks_example_comes_out():
    assert krippendorff_alpha(textbook()) == pytest.approx(0.743, abs=0.0005)


def test_two_people_and_ten_things_by_hand():
    """0 0 0 0 0 0 0 0 1 1 against 1 1 1 0 0 1 0 0 0 0: 4 agree, 6 do not; n0 = 14, n1 = 6, n = 20.

    D_o = 2 * 6 = 12, D_e = 2 * 14 * 6 / 19, alpha = 1 - 12 * 19 / 168 = -0.357.
    """
    ann, bob = "0000000011", "1110010000"
    said = [{"ann": a, "bob": b} for a, b in zip(ann, bob, strict=True)]
    assert percent_agreement(said) == pytest.approx(0.4)
    assert krippendorff_alpha(said) == pytest.approx(1 - 12 * 19 / 168)


def test_what_nobody_judged_twice_tells_nothing():
    for nothing in ([], [{}], [{"ann": 1}], [{"ann": 1}, {"bob": 1}]):
        assert percent_agreement(nothing) is None
        assert krippendorff_alpha(nothing) is None
        assert agreement_by_person(nothing) == {}


def test_one_and_the_same_everywhere_agrees_but_proves_nothing():
    same = [{"ann": 1, "bob": 1}] * 5
    assert percent_agreement(same) == 1.0
    assert krippendorff_alpha(same) is None


@given(things)
def test_the_shares_are_those_counted_pair_by_pair(judged):
    pairs = [(a, b, said[a] == said[b]) for said in judged for a, b in itertools.permutations(said, 2)]
    if not pairs:
        return
    assert percent_agreement(judged) == pytest.approx(sum(same for _, _, same in pairs) / len(pairs))
    for person, share in agreement_by_person(judged).items():
        mine = [same for a, _, same in pairs if a == person]
        assert share == pytest.approx(sum(mine) / len(mine))


@given(things)
def test_alpha_by_the_coincidence_matrix(judged):
    """An independent way: Krippendorff's matrix of coincidences, summed off the diagonal."""
    coincidences = {}
    for said in judged:
        for a, b in itertools.permutations(said, 2):
            key = said[a], said[b]
            coincidences[key] = coincidences.get(key, 0.0) + 1 / (len(said) - 1)
    totals = {c: sum(v for (a, _), v in coincidences.items() if a == c) for c in range(3)}
    n = sum(totals.values())
    expected = sum(totals[a] * totals[b] for a in range(3) for b in range(3) if a != b)
    alpha = krippendorff_alpha(judged)
    if expected < 1e-9:
        assert alpha is None
        return
    observed = sum(v for (a, b), v in coincidences.items() if a != b)
    assert alpha == pytest.approx(1 - (n - 1) * observed / expected)
