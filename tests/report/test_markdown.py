import dataclasses

import pytest

from sidelight.report.markdown import markdown
from sidelight.report.table import study_tables
from sidelight.report.wording import FAMILY, difference_and_interval, mean_and_std


def grids(text):
    """Rows of cells of each table."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    return [[[cell.strip() for cell in line.strip("|").split(" | ")] for line in block] for block in blocks]


def test_it_is_headed_by_what_may_be_claimed(make_content):
    assert "### Test, all pictures\n\n**5 seeds, control: random**" in markdown(make_content())
    assert "**not a claim: 2 seeds, 5 are needed**" in markdown(make_content(2))


def test_simulation_is_stated(make_content):
    assert "Simulated: no person clicked." in markdown(make_content(simulated="no person clicked."))


def test_every_mean_is_in_the_table(make_content):
    content = make_content()
    (table,) = study_tables(content)
    body = grids(markdown(content))[1][2:]
    for condition, row in zip(table.conditions, body, strict=True):
        shown = [mean_and_std(table.spread(condition.name, column.key), column) for column in table.columns]
        assert row == [condition.name, "5", *shown]


def test_differences_are_bold_only_if_they_were_shown(make_content):
    content = make_content()
    (table,) = study_tables(content)
    (_, _, differences, controls) = grids(markdown(content))
    top1 = table.comparison(("clicks", "plain"), "accuracy/top1").difference
    assert differences[2][1].startswith(f"**{difference_and_interval(top1, table.columns[0])}**; higher; p ")
    assert "**" not in controls[2][1]


def test_conditions_say_what_they_do_and_where_their_points_lie(make_content):
    rows = grids(markdown(make_content()))[0]
    assert rows[3] == ["random", "control", "A random point on every photo.", "all 27.8 %", "0.1", "2.5"]


def test_how_to_read_it_stands_at_the_end(make_content):
    assert markdown(make_content()).endswith(FAMILY + "\n")


@pytest.mark.parametrize("name", ["a|b", "<img src=x>", "two\nlines", "**bold**"])
def test_words_of_users_break_no_table(make_content, name):
    content = make_content()
    conditions = (*content.conditions[:2], dataclasses.replace(content.conditions[2], name=name))
    results = [(name if row[0] == "clicks" else row[0], *row[1:]) for row in content.results]
    text = markdown(dataclasses.replace(content, conditions=conditions, results=results))
    assert len({len(row) for row in grids(text)[1]}) == 1
    assert "<img" not in text.replace("\\<img", "")
