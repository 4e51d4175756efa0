import csv
import io

import msgspec
import pytest
from tests.report.runs_beside_the_paper import coco, imagenet, number

from sidelight.report.paper import CLICKS, PLAIN, TABLE_1, TABLE_6
from sidelight.report.paper_grid import HEADER, grid, paper_csv
from sidelight.report.paper_table import filled
from sidelight.report.trained import Number, Trained

KEYS = ("IN-1K", "IN-V2")


@pytest.fixture(scope="module")
def pair():
    lift = {"IN-1K": 0.05}
    return [imagenet("plain", "R50", PLAIN, KEYS), imagenet("=clicks", "R50", CLICKS, KEYS, noise=1, lift=lift)]


def words(line):
    return [cell.value for cell in line.cells]


def test_our_line_stands_above_the_paper_s(pair):
    table = grid(filled(TABLE_1, pair))
    assert table.heads[:2] == ("IN-1K\u00a0↑", "IN-V2\u00a0↑")
    assert table.heads[-2] == "BGC-gap\u00a0↓"
    assert table.parameters
    assert [line.parameters for line in table.lines[1:4]] == ["11.7M", "25.6M", "25.6M"]
    heads = [(line.head, line.height, line.whose) for line in table.lines]
    assert heads[1:6] == [
        ("+LUAB", 1, "paper"),
        ("R50", 2, "ours, 5\u00a0seeds"),
        ("", 2, "paper"),
        ("+LUAB", 2, "ours, 5\u00a0seeds"),
        ("", 2, "paper"),
    ]
    assert words(table.lines[3])[:3] == ["77.4", "65.2", "83.5"]
    assert words(table.lines[2])[2:] == ["–"] * 13
    assert [line.ours for line in table.lines[1:5]] == [False, True, False, True]


def test_the_spread_stands_below_the_mean_and_bold_is_what_differs(pair):
    ours = grid(filled(TABLE_1, pair)).lines[4].cells
    assert float(ours[0].value) == pytest.approx(65, abs=1)
    assert ours[0].std.startswith("± ")
    assert [cell.strong for cell in ours[:3]] == [True, False, False]


def test_one_seed_has_no_spread():
    lines = grid(filled(TABLE_1, [imagenet("a", "R18", PLAIN, KEYS, seeds=1)])).lines
    assert lines[0].whose == "ours, 1\u00a0seed"
    assert lines[0].cells[0].std == ""


def test_decimals_are_those_that_the_pictures_carry():
    def shown(n):
        few = {0: Number(msgspec.structs.replace(number("IN-1K", 0.61234).result, n=n))}
        return grid(filled(TABLE_1, [Trained("a", "R18", PLAIN, numbers={"IN-1K": few})])).lines[0].cells[0].value

    assert (shown(9_999), shown(10_000)) == ("61.2", "61.23")


def test_a_table_on_its_side_has_models_beside_each_other():
    table = grid(filled(TABLE_6, [coco("mine", "R50", CLICKS), coco("odd", "r26", PLAIN)]))
    assert table.heads == ("R18", "Rand", "LUAB", "R50", "Rand", "LUAB", "R152", "Rand", "LUAB", "odd")
    assert [line.head for line in table.lines] == ["mAP\u00a0↑", "", "Vᵐⁱⁿ\u00a0↓", "", "Vᵃᵛᵍ\u00a0↓", ""]
    assert words(table.lines[0]) == ["–"] * 5 + ["71.00", "–", "–", "–", "70.00"]
    assert words(table.lines[1]) == ["67.9", "67.8", "68.0", "73.0", "73.6", "74.2", "73.3", "74.6", "75.4", "–"]


def test_without_runs_only_the_paper_is_left():
    for table in (TABLE_1, TABLE_6):
        lines = grid(filled(table, [])).lines
        assert {(line.whose, line.height) for line in lines} == {("paper", 1)}
        assert all(line.head for line in lines)


def rows_of(tables):
    return list(csv.DictReader(io.StringIO(paper_csv(tables))))


def test_the_csv_has_every_cell_and_what_it_was_compared_with(pair):
    rows = rows_of([filled(TABLE_1, pair)])
    assert tuple(rows[0]) == HEADER
    assert len(rows) == 14 * 15
    (cell,) = (r for r in rows if (r["recipe"], r["column"]) == ("'=clicks", "IN-1K"))
    versus = filled(TABLE_1, pair).versus[0].comparisons["IN-1K"].difference
    assert (cell["table"], cell["row"], cell["seeds"]) == ("Table 1", "'+LUAB", "0 1 2 3 4")
    assert (float(cell["difference"]), float(cell["low"])) == (versus.mean, versus.interval[0])
    assert float(cell["pictures_low"]) < versus.mean < float(cell["pictures_high"])
    assert (cell["paper"], cell["pictures"], cell["definition"]) == ("0.775", "10000", "Definition of IN-1K.")
    (missing,) = (r for r in rows if (r["recipe"], r["column"]) == ("plain", "IN-C"))
    assert (missing["ours"], missing["paper"]) == ("", "0.438")


def test_the_csv_says_why_there_is_no_comparison(pair):
    other = imagenet("clicks", "R50", CLICKS, KEYS, seeds=2)
    (cell,) = (
        r for r in rows_of([filled(TABLE_1, [pair[0], other])]) if r["recipe"] == "clicks" and r["column"] == "IN-1K"
    )
    assert (cell["against"], cell["difference"]) == ("plain", "")
    assert cell["not_compared"].startswith("seeds differ")
