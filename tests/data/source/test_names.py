import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.names import natural_order, relative_path


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


@pytest.mark.parametrize(("text", "path"), [(r"a\b.png", "a/b.png"), ("./a.png", "a.png"), ("a//b.png", "a/b.png")])
def test_paths_get_forward_slashes(text, path):
    assert relative_path("path", text) == path


@pytest.mark.parametrize("text", ["", "/a.png", "C:/a.png", r"\\server\a.png", "a/../../b.png", "a\0.png"])
def test_paths_that_leave_the_folder_are_refused(text):
    with pytest.raises(ValueError, match="path"):
        relative_path("path", text)
