from functools import cache

import numpy as np
import pytest

from sidelight.records.example import Box, Example
from sidelight.signal.annotator import SimulatedAnnotator

CLASSES = tuple(f"class {i}" for i in range(22))
PRESENT = (0, 7, 21)
N = 1000


@cache
def mask():
    painted = np.zeros((120, 160), np.uint8)
    painted[10:60, 10:60], painted[70:110, 5:150], painted[20:30, 100:110] = 1, 8, 22
    return painted


def tag(annotator, picture, painted):
    return annotator.annotate(picture, mask=painted, task="multi_label", classes=CLASSES)


@cache
def tagged(**knobs):
    annotator = SimulatedAnnotator(seed=2, **knobs)
    pictures = [Example(f"p{i}", "p.png", "train", 160, 120, PRESENT) for i in range(N)]
    return [tag(annotator, picture, mask()) for picture in pictures]


def icons(**knobs):
    return [annotation for page in tagged(**knobs) for annotation in page]


def on_mask(annotation, policy):
    x, y = annotation.points[policy]
    row, column = min(119, int(y * 120 + 1e-9)), min(159, int(x * 160 + 1e-9))
    return mask()[row, column] == annotation.label + 1


def share_close(true, expected):
    """Within four binomial standard errors."""
    return abs(np.mean(true) - expected) < 4 * np.sqrt(expected * (1 - expected) / len(true))


def test_as_many_classes_are_found_as_published():
    found = {(a.example_id, a.label) for a in icons()}
    assert share_close([(f"p{i}", label) in found for i in range(N) for label in PRESENT], 0.619)


@pytest.mark.parametrize("policy", ["last_add", "final_position"])
def test_as_many_icons_lie_on_the_mask_as_published(policy):
    assert share_close([on_mask(a, policy) for a in icons()], 0.923)


def test_without_a_mask_the_box_counts():
    box = Box(0.2, 0.2, 0.6, 0.5, 3)
    annotator = SimulatedAnnotator(found_share=1.0)
    made = [tag(annotator, Example(f"b{i}", "p", "train", 160, 120, (3,), boxes=(box,)), None) for i in range(N)]
    assert share_close([box.contains(*annotation.points["last_add"]) for (annotation,) in made], 0.923)


def test_a_class_without_a_place_is_not_tagged():
    annotator = SimulatedAnnotator(found_share=1.0)
    (only,) = tag(annotator, Example("p", "p.png", "train", 160, 120, (0, 5)), mask())
    assert only.label == 0


def test_nothing_found_leaves_nothing():
    assert not icons(found_share=0.0)


def test_every_icon_tells_its_add_and_its_move():
    for annotation in icons():
        drops = [e for e in annotation.events if e.kind in ("add", "move_icon")]
        assert drops[0].kind == "add"
        assert all(e.label == CLASSES[annotation.label] for e in drops)
        assert annotation.points == {"last_add": (drops[0].x, drops[0].y), "final_position": (drops[-1].x, drops[-1].y)}
        if len(drops) == 2:
            assert (drops[1].from_x, drops[1].from_y) == annotation.points["last_add"]


def test_one_icon_in_ten_is_moved():
    assert share_close([any(e.kind == "move_icon" for e in a.events) for a in icons()], 0.1)


def test_the_first_icon_drops_after_five_seconds_or_more():
    first = np.array([next(e.elapsed_ms for e in page[0].events if e.kind == "add") for page in tagged() if page])
    assert first.min() >= 5000
    assert np.median(first) < 15_000


def test_every_page_walks_through_all_panels_once():
    for page in tagged():
        panels = [e.label for a in page for e in a.events if e.kind == "panel"]
        assert panels == ([f"panel {i}" for i in range(1, 11)] if page else [])


def test_time_never_runs_backwards_on_a_page():
    for page in tagged():
        elapsed = [e.elapsed_ms for a in page for e in a.events]
        assert elapsed == sorted(elapsed)


def test_keyboards_step_fast_and_have_no_place():
    steps = [e for a in icons() for e in a.events if e.kind == "panel"]
    assert {e.keyboard for e in steps} == {True, False}
    assert all(e.x is None and e.y is None for e in steps)


def test_dwell_adds_up_to_the_page():
    for page in tagged(move_share=0.0)[:200]:
        adds = [e.elapsed_ms for a in page for e in a.events if e.kind == "add"]
        if len(adds) > 1:
            assert page[1].dwell_ms == adds[1] - adds[0]
