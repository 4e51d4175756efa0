from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.fold.browse import fold
from sidelight.collect.wire.log import Deselect, Hover, Select

places = st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1))
images = st.sampled_from("abc")
acts = st.lists(
    st.builds(Select, t=st.just(0.0), i=st.just(0), image=images, by=st.just("mouse"), at=places)
    | st.builds(Deselect, t=st.just(0.0), i=st.just(0), image=images, by=st.just("touch"), at=places)
    | st.builds(Hover, t=st.just(0.0), i=st.just(0), image=images, inside=st.booleans())
)


@given(acts)
def test_an_image_is_selected_when_its_last_act_selects_it(entries):
    answer = fold(entries).selected
    for image in "abc":
        mine = [entry for entry in entries if entry.image == image and not isinstance(entry, Hover)]
        selected = bool(mine) and isinstance(mine[-1], Select)
        assert (image in answer) == selected
        if selected:
            assert answer[image] == mine[-1].at


@given(acts, acts)
def test_a_log_in_two_parts_comes_to_the_same(first, second):
    """A reload folds what the service kept, and goes on."""
    whole = fold([*first, *second])
    again = [Select(t=0.0, i=0, image=image, by="mouse", at=at) for image, at in fold(first).selected.items()]
    assert whole == fold([*again, *second])
