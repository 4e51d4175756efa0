import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.split import draw, refuse_shares, split_by_count, split_by_share
from sidelight.records.errors import UserFault

IDS = [f"photo_{i}" for i in range(4000)]


def test_draws_are_uniform():
    draws = [draw(3, name) for name in IDS]
    assert abs(sum(draws) / len(draws) - 0.5) < 0.02
    assert abs(sum(number < 0.1 for number in draws) / len(draws) - 0.1) < 0.02


def test_shares_are_met_on_average():
    splits = [split_by_share(name, validation=0.1, test=0.2, seed=0) for name in IDS]
    assert abs(splits.count("test") / len(IDS) - 0.2) < 0.02
    assert abs(splits.count("validation") / len(IDS) - 0.1) < 0.02


@given(st.permutations(IDS[:12]))
def test_the_order_of_ids_does_not_matter(ids):
    assert split_by_count(ids, validation=2, test=3, seed=1) == split_by_count(IDS[:12], validation=2, test=3, seed=1)


@given(st.integers(0, 5), st.integers(0, 5))
def test_counts_are_met_exactly(validation, test):
    splits = list(split_by_count(IDS[:20], validation=validation, test=test, seed=0).values())
    assert (splits.count("validation"), splits.count("test")) == (validation, test)


@pytest.mark.parametrize("shares", [(-0.1, 0.2), (0.5, 0.5), (0.0, 1.0)])
def test_shares_that_leave_nothing_are_refused(shares):
    with pytest.raises(UserFault, match="less than 1"):
        refuse_shares(*shares)
