import dataclasses

import numpy as np
import pytest

from sidelight.report.dataset_figure import Behaviour, stats_figure
from sidelight.report.figure import png

NOTHING = Behaviour(np.empty(0), np.empty((0, 2)), np.empty(0, dtype=np.int64), {})


@pytest.fixture
def behaviour():
    rng = np.random.default_rng(2)
    return Behaviour(
        rng.lognormal(6.26, 0.73, 500), rng.uniform(size=(500, 2)), rng.integers(1, 90, 12), {0.25: 339, 0.5: 515}
    )


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_a_dataset_without_annotations_says_so_in_every_panel():
    figure = stats_figure(NOTHING, title="empty")
    assert texts(figure) == ["none recorded"] * 3
    assert png(figure)


def test_the_median_stands_beside_the_published_one(behaviour):
    said = texts(stats_figure(behaviour, title="clicks"))
    assert f"here: median {np.median(behaviour.dwell_ms):,.0f}" in said
    assert "published: median 515" in said


def test_without_a_published_law_only_our_own_quantiles_are_shown(behaviour):
    said = texts(stats_figure(dataclasses.replace(behaviour, published_dwell_ms={}), title="clicks"))
    assert not any("published" in words for words in said)


def test_every_click_is_counted_at_its_place(behaviour):
    corner = dataclasses.replace(behaviour, clicks=np.array([[0.99, 0.01]] * 3))
    (image,) = stats_figure(corner, title="clicks").axes[1].images
    assert image.get_array()[0, -1] == 3  # right and up: first row, last column


def test_records_without_a_dwell_time_are_left_out(behaviour):
    unknown = dataclasses.replace(behaviour, dwell_ms=np.zeros(4))
    assert "none recorded" in texts(stats_figure(unknown, title="clicks"))


def test_people_are_counted(behaviour):
    assert any(words.startswith("12 people") for words in texts(stats_figure(behaviour, title="clicks")))
