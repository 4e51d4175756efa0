import math

import msgspec
import numpy as np
import pytest
from tests.collect.chunks import EPOCH, Script, browsing

from sidelight.collect.annotate import StoredPage, annotate
from sidelight.collect.fold.table import fold
from sidelight.collect.wire import log
from sidelight.collect.wire.chunk import decode, encode

ONE = {"p": (100.0, 100.0, 400.0, 300.0)}


def stored(script, task, *, grid=(0, 0), scripts=(), **fields):
    entries = [entry for each in (script, *scripts) for entry in each.entries]
    known = {"id": "page-1", "pictures": tuple(script.pictures), "session": "ann", "classes": ("cat", "cup", "owl")}
    return StoredPage(**known | {"answer": fold(task, entries, grid=grid)} | fields)


def annotated(script, task, *, scripts=(), around_px=0.0, **fields):
    bodies = [encode(chunk) for each in (script, *scripts) for chunk in each.chunks()]
    page = stored(script, task, scripts=scripts, **fields)
    return annotate(page, [decode(body) for body in bodies], around_px=around_px)


def kinds(each):
    return [event.kind for event in each.annotation.events]


def of(made, kind):
    return [event for event in made.annotation.events if event.kind == kind]


def test_browsing_leaves_one_annotation_a_picture_with_everything_in_order():
    script = browsing(seconds=60.0)
    made = annotated(script, "browse", asked="owl")
    assert [each.picture for each in made] == list(script.pictures)
    selected = {entry.image for entry in script.entries if isinstance(entry, log.Select)}
    assert selected
    for each in made:
        record = each.annotation
        assert record.selected == (each.picture in selected)
        assert (record.label, record.annotator, record.source, record.started_at) == (2, "ann", "campaign", EPOCH)
        times = [event.elapsed_ms for event in record.events]
        assert times == sorted(times)
        assert kinds(each).count("enter") - kinds(each).count("leave") in (0, 1)


def test_every_sample_on_a_picture_comes_back_once_within_an_eighth_of_a_px():
    script = browsing(seconds=60.0)
    made = annotated(script, "browse")
    truth = sorted((name, t, x, y) for t, name, x, y in script.truth)
    got = sorted((m.picture, e.elapsed_ms, e.x, e.y) for m in made for e in of(m, "move"))
    assert [row[:2] for row in got] == [row[:2] for row in truth]
    width, height = script.pictures["i0"][2:]
    away = np.array([row[2:] for row in got]) - np.array([row[2:] for row in truth])
    assert np.abs(away * (width, height)).max() <= 0.125
    for each in made:
        assert each.trace.elapsed_ms.tolist() == [event.elapsed_ms for event in of(each, "move")]


def test_no_sample_is_lost_when_those_around_are_kept():
    script = browsing(seconds=30.0)
    made = annotated(script, "browse", around_px=math.inf)
    assert sorted(t for each in made for t in each.trace.elapsed_ms.tolist()) == [row[0] for row in script.rows]


def test_samples_over_a_selected_picture_are_kept():
    """F1: the published tool recorded none until the picture was de-selected."""
    script = Script(pictures=ONE)
    script.move(300, 250, 500)
    script.click("p")
    before = len(script.truth)
    script.move(150, 150, 500)
    (made,) = annotated(script, "browse")
    select = of(made, "select")[0].elapsed_ms
    assert sum(event.elapsed_ms > select for event in of(made, "move")) == len(script.truth) - before > 10


def test_de_selections_keep_time_and_place():
    """F2: the published tool kept neither."""
    script = Script(pictures=ONE)
    script.move(300, 250, 500)
    script.click("p")
    script.move(200, 175, 500)
    script.click("p", log.Deselect)
    undone = script.now
    script.move(400, 325, 500)
    script.click("p")
    (made,) = annotated(script, "browse")
    (event,) = of(made, "deselect")
    assert (event.elapsed_ms, event.x, event.y) == (undone, 0.25, 0.25)
    assert made.annotation.points == {"first": (0.5, 0.5), "final": (0.75, 0.75)}
    assert made.annotation.extra["by"] == "mouse"


def test_a_selection_by_keyboard_has_no_point_and_says_so():
    script = Script(pictures=ONE)
    script.note(log.Select, image="p", by="keyboard")
    (made,) = annotated(script, "browse")
    assert made.annotation.selected
    assert made.annotation.points == {}
    assert made.annotation.dwell_ms is None
    (event,) = of(made, "select")
    assert (event.keyboard, event.x, event.y) == (True, None, None)


def test_a_place_that_is_said_of_a_keyboard_does_not_count():
    script = Script(pictures=ONE)
    script.move(300, 250, 500)
    script.click("p")
    script.note(log.Select, image="p", by="keyboard", at=(0.1, 0.1))
    (made,) = annotated(script, "browse")
    assert made.annotation.points == {"first": (0.5, 0.5)}
    assert of(made, "select")[1].x is None


def test_points_are_cut_off_at_the_border_and_events_are_not():
    script = Script(pictures=ONE)
    script.note(log.Select, image="p", by="mouse", at=(1.01, -0.02))
    (made,) = annotated(script, "browse")
    assert made.annotation.points["final"] == (1.0, 0.0)
    assert (of(made, "select")[0].x, of(made, "select")[0].y) == (1.01, -0.02)


def test_an_incomplete_log_keeps_the_point_that_the_answer_has():
    script = Script(pictures=ONE)
    page = stored(script, "browse", complete=False)
    page = msgspec.structs.replace(page, answer=msgspec.structs.replace(page.answer, selected={"p": (0.25, 0.5)}))
    (made,) = annotate(page, script.chunks())
    assert made.annotation.points == {"first": (0.25, 0.5), "final": (0.25, 0.5)}
    assert made.annotation.extra["complete"] == "0"


def test_dwell_is_the_time_over_the_picture_until_it_was_selected():
    script = Script(pictures=ONE, at=(300.0, 250.0))
    script.sample(300, 250)
    script.wait(1000)
    script.sample(50, 50)
    script.wait(5000)
    script.sample(310, 250)
    script.wait(390)
    script.click("p")
    script.wait(4000)
    script.note(log.Focus, focused=False)
    (made,) = annotated(script, "browse")
    assert made.annotation.dwell_ms == 1000 + 390 + 30 + 80


def test_two_showings_are_on_one_line_of_time():
    first = Script(pictures=ONE)
    first.move(300, 250, 500)
    second = Script(pictures=ONE, segment=1, epoch=EPOCH + 20_000)
    second.move(300, 250, 500)
    second.click("p")
    (made,) = annotated(first, "browse", scripts=[second])
    times = [event.elapsed_ms for event in made.annotation.events]
    assert times == sorted(times)
    assert of(made, "select")[0].elapsed_ms == 20_000 + second.now
    assert made.annotation.extra["segments"] == "2"
    assert made.annotation.dwell_ms == pytest.approx(2 * 500 + 110, abs=500)


def test_what_the_page_was_goes_along():
    script = Script(pictures={"a": (10.0, 20.0, 300.4, 200.0), "b": (400.0, 20.0, 300.0, 200.0)})
    script.scroll_to(15.0)
    fields = {"condition": {"pointer_dot": True, "blurred": False}, "number": 3, "consent": "v1", "publish": True}
    first, second = (each.annotation.extra for each in annotated(script, "browse", **fields))
    assert (first["imageWidth"], first["imageHeight"], first["imagePosition"]) == ("300", "200", "10,20")
    assert (second["image_idx"], second["page_idx"], second["conditions"]) == ("1", "3", "pointer_dot")
    assert (first["consent"], first["publish"], first["complete"], first["active_ms"]) == ("v1", "1", "1", "0")


def test_a_size_is_told_from_when_there_was_one():
    """F15: the published tables have widths of 0, read before there was anything to see."""
    script = Script(pictures={"a": (10.0, 20.0, 0.0, 0.0), "b": (10.0, 20.0, 300.0, 0.0)})
    script.pictures = {"a": (10.0, 20.0, 300.0, 200.0), "b": (10.0, 240.0, 300.0, 0.0)}
    script.layout()
    shown, never = (each.annotation.extra for each in annotated(script, "browse"))
    assert (shown["imageWidth"], shown["imageHeight"]) == ("300", "200")
    assert {"imageWidth", "imageHeight", "imagePosition"} & set(never) == set()


def dragged():
    """Pick an icon from a tray below, carry it onto the picture, carry it on, and remove another."""
    script = Script(pictures=ONE, at=(300.0, 650.0))
    script.note(log.Panel, panel=0)
    script.sample(300, 650)
    script.note(log.Pick, label="cup", by="mouse")
    script.move(200, 175, 600, pressed=True)
    script.note(log.Add, label="cup", by="mouse", at=script.place("p"))
    script.wait(300)
    script.note(log.Panel, panel=1, by="keyboard")
    script.note(log.Pick, label="cup", by="mouse")
    script.move(300, 250, 600, pressed=True)
    script.note(log.Move, label="cup", by="mouse", at=script.place("p"))
    script.note(log.Add, label="owl", by="keyboard")
    script.note(log.Add, label="cat", by="mouse", at=(0.75, 0.75))
    script.note(log.Remove, label="cat", by="mouse")
    script.note(log.Pick, label="cat", by="mouse")
    script.move(300, 650, 200)
    script.note(log.PutBack, label="cat", by="mouse")
    return script


def test_tagging_leaves_one_annotation_about_the_page_and_one_a_class():
    page, *classes = annotated(dragged(), "tag", panels=("kitchen", "animals"))
    assert page.annotation.label is None
    panels = of(page, "panel")
    assert [(event.label, event.keyboard) for event in panels] == [("kitchen", False), ("animals", True)]
    assert {each.annotation.label: each.annotation.selected for each in classes} == {1: True, 2: True, 0: False}
    cup, owl, cat = (each.annotation for each in classes)
    assert cup.points == {"last_add": (0.25, 0.25), "final_position": (0.5, 0.5)}
    assert [event.kind for event in cup.events] == ["add", "move_icon"]
    assert (cup.events[1].from_x, cup.events[1].from_y) == (0.25, 0.25)
    assert owl.points == {}
    assert owl.events[0].keyboard
    assert cat.points == {"last_add": (0.75, 0.75)}
    assert (cat.events[1].kind, cat.events[1].from_x, cat.events[1].x) == ("remove", 0.75, None)


def test_the_path_of_a_dragged_icon_is_kept():
    """F3: during a native drag no browser reports the pointer, and the published tool kept no path."""
    script = dragged()
    page, *_ = annotated(script, "tag", around_px=math.inf)
    assert page.trace.elapsed_ms.tolist() == [row[0] for row in script.rows]
    assert len(page.drags) == 3
    first, last = page.drags[0]
    assert ((page.trace.elapsed_ms > first) & (page.trace.elapsed_ms <= last)).sum() == 36
    acts = [entry.t for entry in script.entries if isinstance(entry, log.Add | log.Move | log.PutBack)]
    assert [until for _, until in page.drags] == [acts[0], acts[1], acts[-1]]


def test_a_drag_that_a_reload_ends_ends_with_its_showing():
    first = Script(pictures=ONE)
    first.note(log.Pick, label="cup", by="touch")
    first.wait(700)
    first.note(log.Focus, focused=False)
    second = Script(pictures=ONE, segment=1, epoch=EPOCH + 60_000)
    page, *_ = annotated(first, "tag", scripts=[second])
    assert page.drags == ((0.0, 700.0),)


def test_classes_that_the_campaign_does_not_have_are_left_out():
    script = Script(pictures=ONE)
    script.note(log.Add, label="unicorn", by="mouse", at=(0.5, 0.5))
    assert len(annotated(script, "tag")) == 1


def paint(*notes, grid=(8, 6), **fields):
    script = Script(pictures=ONE)
    script.move(300, 250, 300)
    for kind, values in notes:
        script.wait(1000)
        script.note(kind, by="mouse", **values)
    return annotated(script, "paint", grid=grid, **fields)[0]


BRUSH = (log.Stroke, {"tool": "brush", "radius": 1.0, "cells": (64, 48)})
DECIDED = (log.Decide, {"label": "cup"})


def test_painting_leaves_the_decision_and_the_mask():
    made = paint(DECIDED, BRUSH)
    assert made.annotation.label == 1
    assert made.annotation.selected
    assert made.annotation.dwell_ms == 1300.0
    assert made.saliency.shape == (6, 8)
    assert made.saliency.dtype == np.float64
    assert set(np.unique(made.saliency)) == {0.0, 1.0}
    assert made.annotation.extra["order"] == "decided_first"
    assert "move" in kinds(made)


def test_the_order_of_deciding_and_painting_is_kept():
    assert paint(BRUSH, DECIDED).annotation.extra["order"] == "painted_first"
    assert "order" not in paint(BRUSH).annotation.extra


def test_a_blank_mask_is_no_map():
    made = paint(DECIDED, BRUSH, (log.Undo, {}))
    assert made.saliency is None
    assert made.annotation.extra["blank"] == "1"
    assert made.annotation.extra["strokes"] == "1"


def test_without_a_decision_there_is_no_label():
    made = paint(BRUSH)
    assert made.annotation.label is None
    assert made.annotation.selected is None
    assert made.annotation.dwell_ms is None


def test_a_page_without_chunks_is_no_fault():
    script = Script(pictures=ONE)
    (made,) = annotate(stored(script, "browse"), [])
    assert made.annotation.events == ()
    assert made.annotation.started_at is None
    assert not made.annotation.selected


def test_ids_are_different_within_a_page():
    for made in (annotated(dragged(), "tag"), annotated(browsing(seconds=5.0), "browse")):
        ids = [each.annotation.id for each in made]
        assert len(set(ids)) == len(ids)
