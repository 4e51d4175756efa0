import numpy as np
import pytest

from sidelight.records.errors import UserFault
from sidelight.report.content import Condition, Curve, CurvePanel
from sidelight.report.curve_figure import curve_figure

CONDITIONS = (Condition("plain", "", "baseline"), Condition("clicks", ""))
LOSS = CurvePanel("loss", "regression loss")


def curve(seed, values, condition="clicks"):
    return Curve(condition, seed, {"loss": values})


def test_a_line_is_the_mean_over_seeds_from_epoch_1_on():
    figure = curve_figure([curve(0, [1.0, 0.5]), curve(1, [3.0, 1.5])], CONDITIONS, LOSS)
    (line,) = figure.axes[0].lines
    assert line.get_xydata().tolist() == [[1, 2.0], [2, 1.0]]


def test_the_band_is_one_standard_deviation_to_either_side():
    figure = curve_figure([curve(0, [1.0, 1.0]), curve(1, [3.0, 3.0])], CONDITIONS, LOSS)
    heights = figure.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx((2 - np.sqrt(2), 2 + np.sqrt(2)))


def test_one_seed_has_no_band():
    assert not curve_figure([curve(0, [1.0, 0.5])], CONDITIONS, LOSS).axes[0].collections


def test_shares_are_drawn_in_percent():
    panel = CurvePanel("loss", "points in the box", share=True)
    assert curve_figure([curve(0, [0.25])], CONDITIONS, panel).axes[0].lines[0].get_ydata()[0] == 25


def test_a_condition_without_the_metric_has_no_line():
    plain = Curve("plain", 0, {"accuracy": [0.5]})
    assert len(curve_figure([plain, curve(0, [1.0])], CONDITIONS, LOSS).axes[0].lines) == 1


def test_a_metric_that_no_run_has_gives_no_figure():
    assert curve_figure([], CONDITIONS, LOSS) is None


def test_seeds_of_different_length_are_a_fault():
    with pytest.raises(UserFault, match="2 epochs of seed 0, 1 epochs of seed 1"):
        curve_figure([curve(0, [1.0, 0.5]), curve(1, [1.0])], CONDITIONS, LOSS)
