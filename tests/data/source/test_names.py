from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.names import natural_order


def test_numbers_in_names_count():
    assert sorted(["c10", "c2", "c1", "b"], key=natural_order) == ["b", "c1", "c2", "c10"]


def test_leading_zeros_do_not_hide_a_number():
    assert sorted(["007", "8", "06"], key=natural_order) == ["06", "007", "8"]


@given(st.permutations(["c10", "c2", "1", "", "9b", "é", "²"]))
def test_any_names_can_be_ordered(names):
    assert sorted(names, key=natural_order) == ["", "1", "9b", "c2", "c10", "²", "é"]


@given(st.text(), st.text())
def test_different_names_have_different_places(one, other):
    assert (natural_order(one) == natural_order(other)) == (one == other)
