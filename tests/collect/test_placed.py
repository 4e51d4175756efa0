import math

import numpy as np
import pytest
from tests.collect.chunks import VIEW, Script, browsing, grid

from sidelight.collect.placed import place
from sidelight.collect.showing import showings
from sidelight.collect.wire import log


def placed(script, **options):
    (showing,) = showings(script.chunks())
    return place(showing, list(script.pictures), **options)


def test_samples_come_back_where_they_were_on_the_pictures_while_the_page_scrolls():
    script = browsing(seconds=60.0)
    assert script.scroll_y > 500
    got, names = placed(script), list(script.pictures)
    on = np.flatnonzero(got.picture >= 0)
    assert [(script.rows[k][0], names[got.picture[k]]) for k in on] == [row[:2] for row in script.truth]
    for k, (_, name, x, y) in zip(on, script.truth, strict=True):
        _, _, width, height = script.pictures[name]
        assert abs(got.x[k] - x) * width < 1e-6
        assert abs(got.y[k] - y) * height < 1e-6


@pytest.mark.parametrize("dpr", [1.0, 1.5, 2.0])
def test_a_resized_page_is_mapped_with_the_layout_in_force(dpr):
    script = Script(pictures={"a": (0.0, 0.0, 100.0, 100.0)})
    script.sample(50, 25)
    script.pictures = {"a": (200.0, 100.0, 50.0, 50.0)}
    script.layout(dpr=dpr)
    script.sample(225, 112.5)
    got = placed(script)
    assert got.picture.tolist() == [0, 0]
    assert np.column_stack([got.x, got.y]).tolist() == [[0.5, 0.25], [0.5, 0.25]]


def test_a_sample_between_pictures_belongs_to_none_or_to_the_nearest():
    script = Script(pictures=grid(2, 2, width=100.0, height=100.0, gap=30.0))
    for x, y in ((150.0, 150.0), (165.0, 150.0), (90.0, 800.0)):
        script.sample(x, y)
    assert placed(script).picture.tolist() == [-1, -1, -1]
    assert placed(script, around_px=10.0).picture.tolist() == [0, 1, -1]
    every = placed(script, around_px=math.inf)
    assert every.picture.tolist() == [0, 1, 0]
    assert every.x[0] == 1.1
    assert np.isnan(placed(script).x).all()


def test_borders_belong_to_the_picture_that_begins_there():
    script = Script(pictures={"a": (0.0, 0.0, 100.0, 100.0), "b": (100.0, 0.0, 100.0, 100.0)})
    for x in (0.0, 99.875, 100.0, 200.0):
        script.sample(x, 0.0)
    assert placed(script).picture.tolist() == [0, 0, 1, 1]


def test_before_the_first_layout_and_without_area_nothing_is_mapped():
    script = Script(pictures={"a": (0.0, 0.0, 100.0, 0.0)})
    script.sample(5, 0)
    script.entries = [entry for entry in script.entries if not isinstance(entry, log.Layout)]
    assert placed(script, around_px=math.inf).picture.tolist() == [-1]
    script.note(log.Layout, view=VIEW, scroll=(0.0, 0.0), zoom=1.0, dpr=1.0, images={"a": (0.0, 0.0, 100.0, 0.0)})
    script.sample(5, 0)
    assert placed(script, around_px=math.inf).picture.tolist() == [-1, -1]
    assert placed(Script(pictures={})).picture.tolist() == []
