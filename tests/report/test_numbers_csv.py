import csv
import dataclasses
import io

from sidelight.records.result import Result
from sidelight.report.content import Condition, Content
from sidelight.report.numbers_csv import HEADER, numbers_csv


def rows(content):
    return list(csv.DictReader(io.StringIO(numbers_csv(content))))


def test_every_number_is_there_with_all_its_digits(make_content):
    content = make_content()
    assert [float(row["value"]) for row in rows(content)] == [result.value for _, _, result in content.results]


def test_a_line_says_whose_number_it_is_and_where_it_comes_from(make_content):
    row = rows(make_content())[0]
    assert {
        key: row[key] for key in ("condition", "role", "group", "seed", "split", "subset", "benchmark", "metric")
    } == {
        "condition": "plain",
        "role": "baseline",
        "group": "",
        "seed": "0",
        "split": "test",
        "subset": "all",
        "benchmark": "accuracy",
        "metric": "top1",
    }
    assert (row["recipe"], row["fingerprint"], row["version"], row["higher_is_better"]) == (
        "tiny",
        "f00d",
        "0.1.0",
        "true",
    )


def test_names_with_commas_quotes_and_newlines_survive(make_content):
    nasty = 'a,"b"\nc'
    content = make_content()
    renamed = dataclasses.replace(
        content, conditions=(Condition(nasty, ""),), results=[(nasty, 0, content.results[0][2])]
    )
    assert rows(renamed)[0]["condition"] == nasty


def test_a_name_is_never_a_formula_and_a_negative_number_stays_one():
    result = Result("accuracy", "gap", -0.25, "", None, 1)
    (row,) = rows(Content("t", (Condition("=1+1", ""),), [("=1+1", 0, result)]))
    assert (row["condition"], row["value"], row["higher_is_better"]) == ("'=1+1", "-0.25", "")


def test_the_header_names_every_column(make_content):
    assert tuple(rows(make_content())[0]) == HEADER
