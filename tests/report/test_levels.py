import numpy as np
import pytest
from scipy import stats

from sidelight.report.content import Axis, Contrast, Level
from sidelight.report.levels import (
    SECONDS,
    axis_figure,
    axis_table,
    contrasts_table,
    interaction,
    levels_page,
    others_table,
    standing,
    worths,
)
from sidelight.report.statistics import holm
from sidelight.report.table import Column

TOP1 = Column("accuracy/top1", "top-1", "Right answers.", True, share=True, n=900)
IOU = Column("localisation/iou", "overlap", "Of boxes.", True, share=True, n=900)
AXIS = Axis(
    "photos", (Level("few", "guided@few", "plain@few"), Level("many", "guided", "plain"), Level("all", "x", "y"))
)
FEW, MANY = AXIS.levels[:2]


@pytest.fixture
def values():
    rng = np.random.default_rng(0)
    found = {
        (name, column.key): {seed: float(rng.normal(centre, 0.01)) for seed in range(5)}
        for column in (TOP1, IOU)
        for name, centre in (("plain@few", 0.3), ("guided@few", 0.36), ("plain", 0.5), ("guided", 0.5))
    }
    seconds = {("plain", SECONDS): {0: 10.0, 1: 10.0}, ("guided", SECONDS): {0: 11.0, 1: 13.0}}
    return found | seconds


def test_worth_is_the_paired_t_test_with_holm_over_levels(values):
    found = worths(AXIS.levels, values, TOP1)
    tests = [
        stats.ttest_rel(list(values[level.treated, TOP1.key].values()), list(values[level.control, TOP1.key].values()))
        for level in (FEW, MANY)
    ]
    assert [w.difference.p for w in found[:2]] == pytest.approx([test.pvalue for test in tests])
    assert [w.p for w in found] == list(holm([*(w.difference.p for w in found[:2]), None]))
    assert found[2].difference is None


def test_only_seeds_that_both_have_are_compared(values):
    del values["plain", TOP1.key][3]
    (worth,) = worths((MANY,), values, TOP1)
    assert sorted(worth.treated) == sorted(worth.control) == [0, 1, 2, 4]


def test_an_interaction_is_the_difference_of_paired_differences(values):
    few, many = (
        np.subtract(list(values[level.treated, TOP1.key].values()), list(values[level.control, TOP1.key].values()))
        for level in (FEW, MANY)
    )
    found = interaction(Contrast("More with few?", FEW, MANY), values, TOP1)
    expected = stats.ttest_rel(few, many)
    assert (found.mean, found.p) == (pytest.approx((few - many).mean()), pytest.approx(expected.pvalue))
    assert interaction(Contrast("?", FEW, AXIS.levels[2]), values, TOP1) is None


def test_a_table_has_a_row_a_level_and_says_what_was_not_run(values):
    rows = [row.split(" | ") for row in axis_table(AXIS, values, TOP1).splitlines()]
    assert [row[0].strip("| ") for row in rows[2:]] == ["few", "many", "all"]
    assert rows[2][4].startswith("**+")
    assert rows[3][-1] == "x 1.20 |"
    assert rows[4][1:3] == ["0", "not run"]
    assert len({axis_row.count("|") for axis_row in axis_table(AXIS, values, TOP1).splitlines()}) == 1


def test_other_metrics_have_their_own_table_of_differences(values):
    head, _, few, many, every = others_table(AXIS, values, (TOP1, IOU)).splitlines()
    assert [cell.split()[0] for cell in head.strip("| ").split(" | ")] == ["photos", "top-1", "overlap"]
    assert few.startswith("| few | **+")
    assert many.count("|") == 4
    assert every == "| all | – | – |"
    assert others_table(AXIS, values, (IOU,)) in levels_page((AXIS,), (), values, (TOP1, IOU))
    assert "other measures" not in levels_page((AXIS,), (), values, (TOP1,))


def test_fewer_than_five_seeds_are_not_a_claim(values):
    assert standing(AXIS, values, TOP1) == "5 seeds."
    for seed in (2, 3, 4):
        del values["guided@few", TOP1.key][seed]
    assert standing(AXIS, values, TOP1) == "2 to 5 seeds: not a claim, which needs 5."
    assert standing(AXIS, {}, TOP1) == "Not run."


def test_a_contrast_tells_both_sides_and_their_difference(values):
    told = contrasts_table((Contrast("More with few?", FEW, MANY), Contrast("?", FEW, AXIS.levels[2])), values, TOP1)
    first, second = told.splitlines()[2:]
    assert "few: +" in first
    assert "many: " in first
    assert second.count("not run") == 2


def test_a_figure_has_a_point_a_level_that_was_run(values):
    axes = axis_figure(AXIS, values, TOP1).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["few", "many"]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [float(dot.get_xdata()[0]) for dot in dots] == pytest.approx(
        [100 * w.difference.mean for w in worths((FEW, MANY), values, TOP1)]
    )
    assert axis_figure(AXIS, {}, TOP1) is None


def test_everything_lies_inside_the_figure(values):
    """A long name beside few levels was once cut off at both ends."""
    figure = axis_figure(Axis("weight of the guidance (gradient ratio)", (FEW,)), values, TOP1)
    figure.draw_without_rendering()
    drawn, page = figure.get_tightbbox(), figure.bbox_inches
    assert min(drawn.x0, drawn.y0) >= 0
    assert drawn.x1 <= page.width
    assert drawn.y1 <= page.height


def test_the_page_asks_for_the_figures_that_there_are(values):
    page = levels_page((AXIS, Axis("boxes", AXIS.levels[2:])), (Contrast("?", FEW, MANY),), values, (TOP1,))
    assert "(levels-1.png)" in page
    assert "(levels-2.png)" not in page
    assert "### Contrasts" in page
