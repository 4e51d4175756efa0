import numpy as np
import pytest

from sidelight.signal.placing import Boxes
from sidelight.signal.statistics import (
    annotator_statistics,
    box_statistics,
    click_statistics,
    dwell_statistics,
    gini,
    interval_statistics,
    mask_statistic,
    share,
)


def values(rows):
    return {row.name: row.value for row in rows}


def test_quantiles_of_the_dwell_stand_beside_the_published_ones():
    rows = {row.name: row for row in dwell_statistics(np.arange(101.0) * 10)}
    assert rows["dwell, 50% quantile"].value == 500
    assert rows["dwell, 50% quantile"].published == 515
    assert rows["dwell, 50% quantile"].n == 101


def test_bands_of_the_dwell_are_exhaustive():
    rows = dwell_statistics(np.array([10.0, 200, 999, 1000, 2500, 3000, 9e6, 5]))
    bands = [row for row in rows if row.unit == "share"]
    assert [row.value for row in bands] == [2 / 8, 2 / 8, 1 / 8, 1 / 8, 2 / 8]
    assert sum(row.published for row in bands) == pytest.approx(1)


def test_pauses_and_equal_time_stamps_are_no_intervals():
    rows = values(interval_statistics(np.array([0.0, 20, 40, 350, 9000])))
    assert rows["interval, mean"] == 30
    assert rows["interval, standard deviation"] == 10


def test_without_intervals_there_is_no_mean():
    assert {row.value for row in interval_statistics(np.zeros(0))} == {None}


def test_annotators_are_counted_without_the_unknown():
    rows = values(annotator_statistics(["A", "B", "A", "", "A"], np.array([100.0, 900, 200, 5, 300])))
    assert rows["annotators"] == 2
    assert rows["annotations each, median"] == 2
    assert rows["mean dwell each, median"] == (200 + 900) / 2
    assert rows["annotators with a mean dwell below 300 ms"] == 0.5
    assert rows["annotations by the busiest tenth"] == 0.75


def test_nobody_known_is_nobody():
    assert values(annotator_statistics(["", ""], np.ones(2))) == {"annotators": 0}


def test_the_gini_index_agrees_with_its_definition():
    counts = np.random.default_rng(0).integers(1, 50, 40)
    differences = np.abs(counts[:, None] - counts[None, :]).mean()
    assert gini(counts) == pytest.approx(differences / (2 * counts.mean()))


def test_the_gini_index_of_a_lognormal_law_is_known():
    counts = np.exp(1.25 * np.random.default_rng(1).standard_normal(200_000))
    assert gini(counts) == pytest.approx(0.623, abs=0.005)


def test_boxes_are_described_for_all_pictures_and_for_small_objects():
    boxes = Boxes.of([[(0.0, 0.0, 1.0, 1.0)], [(0.0, 0.0, 0.5, 0.5)], [(0.25, 0.0, 0.75, 0.75)], []])
    rows = values(box_statistics(boxes))
    assert rows["pictures with a box"] == 0.75
    assert rows["picture centre in a box"] == pytest.approx(2 / 3)
    assert rows["uniform-random point in a box"] == pytest.approx((1 + 0.25 + 0.375) / 3)
    assert rows["picture centre in a box, boxes <= 50 %"] == 0.5
    assert rows["uniform-random point in a box, boxes <= 25 %"] == 0.25
    assert rows["boxes cover >= 95 %"] == pytest.approx(1 / 3)


def test_a_random_point_hits_as_often_as_the_covered_area_says():
    boxes = Boxes.of([[(0.1, 0.2, 0.5, 0.9), (0.3, 0.1, 0.8, 0.4)]] * 5_000)
    hit = boxes.contain(np.random.default_rng(0).random((5_000, 2))).mean()
    expected = values(box_statistics(boxes))["uniform-random point in a box"]
    assert abs(hit - expected) < 4 * np.sqrt(expected * (1 - expected) / 5_000)


def test_clicks_on_pictures_without_a_box_do_not_count():
    boxes = Boxes.of([[(0.0, 0.0, 0.5, 0.5)], [(0.0, 0.0, 0.8, 0.8)], []])
    rows = click_statistics(np.array([[0.1, 0.1], [0.9, 0.9], [0.5, 0.5]]), boxes, policy="final")
    assert [(row.value, row.n) for row in rows] == [(0.5, 2), (1.0, 1), (1.0, 1)]
    assert rows[0].published == 0.829


def test_icons_are_held_against_their_own_published_figure():
    row = mask_statistic(np.array([True, False]), policy="last_add")
    assert (row.value, row.published, row.source) == (0.5, 0.923, "han2023luab")
    assert mask_statistic(np.array([True]), policy="final").published is None


def test_a_share_of_nothing_is_unknown():
    assert share("a", []).value is None
    assert share("a", [], 0.5, "han2023luab").n == 0
