import ast
import dataclasses
import inspect

import pytest

from sidelight.data.source.table import SOURCES
from sidelight.records.errors import UserFault


@pytest.mark.parametrize("reader", SOURCES.values(), ids=SOURCES)
def test_a_reader_is_a_frozen_value_with_defaults(reader):
    assert reader() == reader()
    assert dataclasses.is_dataclass(reader)
    assert reader.__dataclass_params__.frozen


@pytest.mark.parametrize("reader", SOURCES.values(), ids=SOURCES)
def test_every_option_has_its_line_of_help(reader):
    body = ast.parse(inspect.getsource(reader)).body[0].body
    for place, statement in enumerate(body):
        if isinstance(statement, ast.AnnAssign):
            after = body[place + 1]
            assert isinstance(after, ast.Expr), f"{statement.target.id} has no docstring"
            assert isinstance(after.value.value, str)


@pytest.mark.parametrize("reader", SOURCES.values(), ids=SOURCES)
def test_a_reader_says_in_one_line_what_it_reads(reader):
    assert len(reader.__doc__.strip().splitlines()[0]) > 20


@pytest.mark.parametrize("reader", SOURCES.values(), ids=SOURCES)
def test_a_source_that_is_not_there_is_a_user_fault_and_leaves_nothing(reader, tmp_path):
    with pytest.raises(UserFault):
        reader().convert(tmp_path / "none", tmp_path / "out", progress=lambda done, total: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("reader", SOURCES.values(), ids=SOURCES)
def test_what_is_at_the_output_is_never_lost(reader, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("years of work")
    with pytest.raises(UserFault):
        reader().convert(tmp_path / "in", tmp_path / "out", progress=lambda done, total: None, overwrite=True)
    assert (tmp_path / "out" / "thesis.tex").read_text() == "years of work"
