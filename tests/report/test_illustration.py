import dataclasses

import numpy as np
import pytest

from sidelight.records.example import Box
from sidelight.report.content import Curve, CurvePanel, GalleryItem
from sidelight.report.illustration import curve_figures, difference_figures, runs_figures, tiles
from sidelight.report.table import study_tables


@pytest.fixture(scope="module")
def content(make_content):
    curves = [Curve(name, 0, {"loss": [0.3, 0.2]}) for name in ("random", "clicks")]
    panels = (CurvePanel("loss", "regression loss", share=True), CurvePanel("unseen", "unseen"))
    return make_content(2, headline=("background/gap",), curves=curves, curve_panels=panels)


@pytest.fixture(scope="module")
def table(content):
    (table,) = study_tables(content)
    return table


def test_runs_are_drawn_for_the_metrics_of_the_headline(content, table):
    (figured,) = runs_figures(content, table, name="runs")
    assert figured.title == "gap"
    assert "gap, one dot a run. plain 10.0 ± 0.0; random" in figured.svg


def test_a_single_run_needs_no_figure(content):
    lone = dataclasses.replace(content, results=[row for row in content.results if row[:2] == ("clicks", 0)])
    assert runs_figures(lone, study_tables(lone)[0], name="runs") == []


def test_every_pair_has_its_differences_in_words_too(table):
    figures = difference_figures(table, name="pairs")
    assert list(figures) == [("clicks", "plain"), ("clicks", "random"), ("random", "plain")]
    assert "clicks minus plain, with 95 % intervals. top1 +" in figures["clicks", "plain"].svg


def test_curves_name_the_conditions_that_are_drawn(content):
    (figured,) = curve_figures(content, content.conditions, name="curves")
    assert figured.title == "regression loss, %"
    assert 'aria-label="regression loss by epoch for random, clicks."' in figured.svg


def test_curves_of_other_conditions_are_left_out(content):
    (figured,) = curve_figures(content, content.conditions[:2], name="curves")
    assert "for random." in figured.svg


def test_a_card_shows_the_photo_and_then_each_view():
    grey = np.full((8, 8, 3), 90, dtype=np.uint8)
    item = GalleryItem(
        grey,
        "dog",
        (Box(0.1, 0.1, 0.5, 0.5), Box(0.2, 0.2, 0.9, 0.9)),
        predictions={"plain": ("cat", 0.604), "clicks": ("dog", 0.9)},
        cams={"plain": np.eye(2), "clicks": np.eye(2), "random": np.eye(2)},
    )
    cards = tiles(item)
    assert [(card.caption, card.said, card.right) for card in cards] == [
        ("the photo", "", None),
        ("plain", "cat, 60 %", False),
        ("clicks", "dog, 90 %", True),
        ("random", "", None),
    ]
    assert cards[0].alt == "Photo of dog with 2 boxes and 0 clicks."
