from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.format.repeats import Repeats


@given(st.lists(st.text(max_size=2)))
def test_the_names_whose_hash_is_a_candidate_are_those_that_repeat(names):
    repeats = Repeats()
    for name in names:
        repeats.add(name)
    found = {name for name in names if hash(name) in repeats.candidates()}
    assert found == {name for name, count in Counter(names).items() if count > 1}
