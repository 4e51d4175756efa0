import dataclasses

import pytest
from matplotlib.colors import to_hex

from sidelight.report.comparison_figure import differences_figure, runs_figure
from sidelight.report.figure import PAPER, colours
from sidelight.report.table import study_tables


@pytest.fixture
def table(make_content):
    (table,) = study_tables(make_content())
    return table


def markers(figure, shape="o"):
    return [line for line in figure.axes[0].lines if line.get_marker() == shape]


def test_every_run_is_a_dot_in_percent(table):
    figure = runs_figure(table, table.columns[0])
    (clicks,) = markers(figure)
    assert list(clicks.get_xdata()) == pytest.approx(
        [100 * v for v in table.values["clicks", "accuracy/top1"].values()]
    )


def test_rows_carry_the_names_of_the_conditions(table):
    names = [label.get_text() for label in runs_figure(table, table.columns[0]).axes[0].get_yticklabels()]
    assert names == ["plain", "random", "clicks"]


def test_a_condition_that_was_not_measured_has_no_row(make_content):
    content = make_content()
    kept = [row for row in content.results if row[0] != "random"]
    (table,) = study_tables(dataclasses.replace(content, results=kept))
    assert len(runs_figure(table, table.columns[0]).axes[0].get_yticks()) == 2


def test_a_disc_is_filled_only_if_the_adjusted_p_is_below_5_percent(table):
    discs = markers(differences_figure(table, ("clicks", "plain"))) + markers(
        differences_figure(table, ("random", "plain"))
    )
    fills = [to_hex(disc.get_markerfacecolor()) for disc in discs]
    assert fills[0] == colours(table.conditions)["clicks"]
    assert fills[2] == PAPER


def test_discs_stand_at_the_mean_difference_in_points(table):
    top1 = markers(differences_figure(table, ("clicks", "plain")))[0]
    expected = table.comparison(("clicks", "plain"), "accuracy/top1").difference.mean
    assert top1.get_xdata()[0] == pytest.approx(100 * expected)


def test_all_pairs_share_their_scale(table):
    limits = {differences_figure(table, pair).axes[0].get_xlim() for pairs in table.pairs().values() for pair in pairs}
    assert len(limits) == 1


def test_plain_numbers_have_no_place_among_points(make_content):
    keys = frozenset({"accuracy/top1", "background/gap"})
    (table,) = study_tables(make_content(plain_numbers=keys))
    assert differences_figure(table, ("clicks", "plain")) is None


def test_one_seed_is_a_disc_without_interval(make_content):
    (table,) = study_tables(make_content(1))
    assert len(markers(differences_figure(table, ("clicks", "plain")))) == 2
