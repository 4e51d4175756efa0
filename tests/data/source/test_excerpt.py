from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.excerpt import excerpt, printable


@given(st.text())
def test_foreign_text_stays_on_one_line_and_cannot_steer_a_terminal(text):
    for told in (excerpt(text), printable(text)):
        assert told.isascii()
        assert told.isprintable()


def test_long_text_is_cut():
    assert len(excerpt("a" * 10**6)) < 50
    assert len(printable("a" * 10**6)) == 500
