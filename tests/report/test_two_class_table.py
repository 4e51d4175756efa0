import numpy as np
import pytest

from sidelight.records.result import Result
from sidelight.report.paper import CLICKS, PLAIN
from sidelight.report.paper_grid import grid
from sidelight.report.trained import Trained
from sidelight.report.two_class_table import COLUMNS, two_class_tables

AUC = {"plain": [0.61, 0.58, 0.66], "guided": [0.75, 0.74, 0.76]}


def trained(name, guided, subsets):
    others = [
        (
            seed,
            Result("two_class", metric, value, f"Of {metric}.", True, 90, subset=s),
        )
        for s in subsets
        for seed, value in enumerate(AUC[name])
        for metric in COLUMNS
    ]
    return Trained(name, "R50", guided, others=(*others, (0, Result("accuracy", "top1", 0.9, "d", True, 90))))


@pytest.fixture(scope="module")
def tables():
    subsets = ("gan_b", "all", "gan_a")
    return two_class_tables([trained("plain", PLAIN, subsets), trained("guided", CLICKS, subsets)])


def test_all_attacks_are_pooled_first_and_then_each_generator_stands_alone(tables):
    assert [table.table.heading for table in tables] == [
        "Two classes, all attacks pooled",
        "Two classes, attacks of “gan_a”",
        "Two classes, attacks of “gan_b”",
    ]


def test_the_area_is_mean_and_sample_deviation_over_runs(tables):
    lines = grid(tables[0]).lines
    assert [(line.head, line.whose) for line in lines] == [
        ("plain", "ours, 3\u00a0seeds"),
        ("guided", "ours, 3\u00a0seeds"),
    ]
    for line in lines:
        values = 100 * np.array(AUC[line.head])
        assert line.cells[0].value == f"{values.mean():.1f}"
        assert line.cells[0].std == f"± {values.std(ddof=1):.1f}"


def test_low_errors_are_good_and_definitions_stand_below(tables):
    assert grid(tables[0]).heads == (
        "AUC\u00a0↑",
        "APCER at BPCER 1 %\u00a0↓",
        "APCER at BPCER 5 %\u00a0↓",
        "APCER at BPCER 10 %\u00a0↓",
    )
    assert tables[0].definitions["AUC"] == ("Of auc. 90 pictures of unnamed data.",)


def test_guidance_is_held_against_plain_training_seed_by_seed(tables):
    (versus,) = tables[0].versus
    pairs = np.array(AUC["guided"]) - np.array(AUC["plain"])
    assert versus.comparisons["AUC"].difference.mean == pytest.approx(pairs.mean())
    assert versus.comparisons["AUC"].difference.std == pytest.approx(pairs.std(ddof=1))


def test_a_generator_that_one_run_was_not_measured_on_is_missing_there():
    one = two_class_tables([trained("plain", PLAIN, ("all",)), trained("guided", CLICKS, ("all", "gan_a"))])
    assert [[line.head for line in grid(table).lines] for table in one] == [["plain", "guided"], ["guided"]]


def test_without_two_classes_there_is_no_table():
    assert two_class_tables([Trained("a", "R50", PLAIN)]) == ()
