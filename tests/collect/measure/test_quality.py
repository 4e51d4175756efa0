import pytest
from tests.collect.chunks import Script, grid

from sidelight.collect.annotate import StoredPage, annotate
from sidelight.collect.fold.table import fold
from sidelight.collect.measure import quality
from sidelight.collect.measure.quality import Watched, screen
from sidelight.collect.wire import log
from sidelight.records.example import Box

MIDDLE = Box(0.4, 0.4, 0.6, 0.6)


def watched(script, boxes=None):
    page = StoredPage("p", tuple(script.pictures), fold("browse", script.entries), classes=("owl",), asked="owl")
    chunks = script.chunks()
    return Watched(annotate(page, chunks), chunks, boxes or {})


def labelled(place, *, hover_ms=400.0, n=12, wobble=3.0):
    """Click the first n pictures, each at a place."""
    script = Script(pictures=grid(12, 4, width=150.0, height=150.0))
    for name in list(script.pictures)[:n]:
        script.move(*script.client(name, place), 600, wobble=wobble)
        script.wait(hover_ms)
        script.click(name)
        script.wait(300)
    return script


def bot():
    """Puts the pointer where it clicks, at once."""
    script = Script(pictures=grid(12, 4, width=150.0, height=150.0), at=(5.0, 5.0))
    for k in range(12):
        name = f"i{7 * k % 12}"
        script.wait(300)
        script.sample(*script.client(name, (0.5, 0.5)))
        script.note(log.Select, image=name, by="mouse", at=(0.5, 0.5))
    return script


def test_careful_work_is_not_flagged():
    script = labelled((0.5, 0.5))
    seen = screen([watched(script, dict.fromkeys(script.pictures, (MIDDLE,)))])
    assert (seen.pages, seen.gold_clicks, seen.gold_inside, seen.clicks, seen.hovered) == (1, 12, 12, 12, 12)
    assert (seen.gold_inside_share, seen.hovered_share, seen.straight_share) == (1.0, 1.0, 0.0)
    assert seen.decision_ms > 400
    assert seen.flags() == ()


def test_clicks_beside_the_object_stand_out():
    script = labelled((0.1, 0.9))
    seen = screen([watched(script, dict.fromkeys(script.pictures, (MIDDLE,)))])
    assert seen.gold_inside_share == 0.0
    assert seen.flags() == ("many clicks beside the object",)


def test_pictures_without_a_known_truth_do_not_count():
    script = labelled((0.1, 0.9))
    boxes = {"i0": (MIDDLE,), "i1": (Box(0.4, 0.4, 0.6, 0.6, label=5),), "i2": ()}
    assert screen([watched(script, boxes)]).gold_clicks == 1


def test_a_program_that_jumps_from_click_to_click_stands_out():
    flags = screen([watched(bot())]).flags()
    assert "clicks without the pointer on the picture before" in flags
    assert "the pointer jumps" in flags
    assert "very fast decisions" in flags


def test_straight_lines_stand_out():
    assert "movements on straight lines" in screen([watched(labelled((0.5, 0.5), wobble=0.0))]).flags()


def test_few_clicks_prove_nothing():
    script = labelled((0.1, 0.9), n=4, wobble=0.0)
    assert screen([watched(script, dict.fromkeys(script.pictures, (MIDDLE,)))]).flags() == ()


def test_pages_add_up():
    pages = [watched(labelled((0.5, 0.5))), watched(bot())]
    both, one, other = screen(pages), screen(pages[:1]), screen(pages[1:])
    assert both.clicks == one.clicks + other.clicks
    assert both.movements == one.movements + other.movements
    assert both.pages == 2


def test_keyboard_and_touch_are_not_held_against_anybody():
    keyed = Script(pictures=grid(12, 4))
    touched = Script(pictures=grid(12, 4), by="touch")
    for name in keyed.pictures:
        for script in (keyed, touched):
            script.wait(900)
        keyed.note(log.Select, image=name, by="keyboard")
        touched.sample(*touched.client(name, (0.5, 0.5)), pressed=True)
        touched.note(log.Select, image=name, by="touch", at=(0.5, 0.5))
    for script in (keyed, touched):
        seen = screen([watched(script)])
        assert (seen.clicks, seen.hovered_share, seen.movements) == (0, None, 0)


def test_nobody_without_pages_is_judged():
    nothing = screen([])
    assert nothing.decision_ms is None
    assert nothing.gold_inside_share is nothing.hovered_share is nothing.straight_share is None


@pytest.mark.parametrize("text", [quality.__doc__, quality.Screening.__doc__, quality.Screening.flags.__doc__])
def test_figures_are_called_screening_only(text):
    assert "Screening only" in text
