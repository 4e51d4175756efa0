"""No cell of a CSV is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.requester.cells import csv_text, safe_cell

TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=20)


@pytest.mark.parametrize(
    "evil",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", '=cmd|"/c calc"!A1', "  @x"],
)
def test_what_could_be_a_formula_is_text(evil):
    assert safe_cell(evil).startswith("'")


@pytest.mark.parametrize("plain", ["abc", "5f3a", "", "a=b", "a-b"])
def test_plain_text_stays_as_it_is(plain):
    assert safe_cell(plain) == plain


def test_numbers_stay_numbers_and_nothing_is_empty():
    assert [safe_cell(v) for v in (-1.5, 3, None)] == ["-1.5", "3", ""]


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_every_table_reads_back_with_the_same_cells(rows):
    read = list(csv.reader(io.StringIO(csv_text(["a", "b"], rows), newline="")))
    assert read == [["a", "b"], *([safe_cell(a), safe_cell(b)] for a, b in rows)]
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) for row in read for cell in row)
