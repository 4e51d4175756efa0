from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.fold.tag import fold
from sidelight.collect.wire.log import Add, Move, Panel, Pick, PutBack, Remove

place = st.tuples(st.floats(0, 1), st.floats(0, 1))
common = {"t": st.just(0.0), "i": st.just(0), "by": st.just("mouse")}
labels = st.sampled_from(["cup", "cat"])
acts = st.lists(
    st.builds(Add, label=labels, at=st.none() | place, **common)
    | st.builds(Move, label=labels, at=place, **common)
    | st.builds(Remove, label=labels, **common)
    | st.builds(Pick, label=labels, **common)
    | st.builds(PutBack, label=labels, **common)
    | st.builds(Panel, panel=st.integers(0, 10), **common)
)


@given(acts)
def test_an_icon_lies_where_it_was_last_put_since_it_was_last_absent(entries):
    answer = fold(entries)
    for label in ("cup", "cat"):
        mine = [entry for entry in entries if getattr(entry, "label", None) == label]
        mine = [entry for entry in mine if not isinstance(entry, Pick | PutBack)]
        there, at = False, None
        for entry in mine:
            if isinstance(entry, Remove):
                there = False
            elif there or isinstance(entry, Add):
                there, at = True, entry.at
        assert (label in answer.icons) == there
        assert not there or answer.icons[label] == at
    assert answer.panels == tuple(sorted({entry.panel for entry in entries if isinstance(entry, Panel)}))


def test_removing_twice_is_removing_once():
    add, remove = Add(0.0, 0, "cup", "mouse", (0.5, 0.5)), Remove(0.0, 0, "cup", "mouse")
    assert fold([add, remove, remove]).icons == {}
