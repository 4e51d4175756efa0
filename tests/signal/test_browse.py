from functools import cache

import numpy as np
import pytest

from sidelight.records.example import Box, Example
from sidelight.signal.annotator import SimulatedAnnotator

BOX = Box(0.25, 0.25, 0.75, 0.625)
N = 2000


def photo(i, *boxes, width=500, height=375):
    return Example(f"photo_{i}", "a.png", "train", width, height, (0,), boxes=boxes or (BOX,))


@cache
def browsed(**knobs):
    annotator = SimulatedAnnotator(seed=11, **knobs)
    return [annotation for i in range(N) for annotation in annotator.annotate(photo(i), mask=None)]


def selections(**knobs):
    return [annotation for annotation in browsed(**knobs) if annotation.selected]


def times(annotation, *kinds):
    return np.array([event.elapsed_ms for event in annotation.events if event.kind in kinds])


def share_close(true, expected):
    """Within four binomial standard errors: one false alarm in 16,000."""
    return abs(np.mean(true) - expected) < 4 * np.sqrt(expected * (1 - expected) / len(true))


def test_as_many_are_selected_as_published():
    assert share_close([a.selected for a in browsed()], 0.867)


def test_as_many_clicks_lie_in_the_box_as_published():
    for policy in ("first", "final"):
        assert share_close([BOX.contains(*a.points[policy]) for a in selections()], 0.829)


def test_as_many_pictures_are_come_over_as_published():
    assert share_close([bool(a.events) for a in browsed()], 0.993)


@pytest.mark.parametrize("outside_share", [0.0, 0.17, 0.5, 1.0])
def test_the_share_outside_can_be_forced(outside_share):
    outside = [not BOX.contains(*a.points["final"]) for a in selections(outside_share=outside_share)]
    if outside_share in (0.0, 1.0):
        assert all(o == bool(outside_share) for o in outside)
    else:
        assert share_close(outside, outside_share)


def test_a_higher_dose_moves_more_clicks_out_and_no_other():
    low, high = selections(outside_share=0.17), selections(outside_share=0.5)
    assert [a.id for a in low] == [a.id for a in high]
    moved = [(a, b) for a, b in zip(low, high, strict=True) if a.points["first"] != b.points["first"]]
    assert all(BOX.contains(*a.points["first"]) and not BOX.contains(*b.points["first"]) for a, b in moved)
    assert share_close([a.points["first"] != b.points["first"] for a, b in zip(low, high, strict=True)], 0.33)


def test_clicks_stay_inside_where_boxes_cover_everything():
    annotator = SimulatedAnnotator(outside_share=1.0)
    halves = Box(0, 0, 0.5, 1), Box(0.5, 0, 1, 1)
    for i in range(50):
        (annotation,) = annotator.annotate(photo(i, *halves), mask=None)
        assert annotation.selected == bool(annotation.points)


def test_clicks_lie_on_the_grid_of_the_display():
    for annotation in selections()[:300]:
        x, y = annotation.points["final"]
        assert x * 324 == pytest.approx(round(x * 324), abs=1e-9)
        assert y * 243 == pytest.approx(round(y * 243), abs=1e-9)


def test_on_a_mask_clicks_lie_on_its_pixels():
    mask = np.zeros((64, 64), np.uint8)
    mask[10:30, 40:60] = 1
    annotator = SimulatedAnnotator(outside_share=0.0)
    made = [annotator.annotate(photo(i, Box(0, 0, 1, 1), width=64, height=64), mask=mask)[0] for i in range(200)]
    xy = np.array([a.points["final"] for a in made if a.selected]) * 64 + 1e-9
    assert (mask[xy[:, 1].astype(int), xy[:, 0].astype(int)] == 1).all()


def test_an_unselected_picture_has_no_point_and_no_click():
    unselected = [a for a in browsed() if not a.selected]
    assert not any(a.points or len(times(a, "select", "deselect")) for a in unselected)
    hovered = [a for a in unselected if a.events]
    assert all([a.events[0].kind, a.events[-1].kind] == ["enter", "leave"] for a in hovered)


def test_a_selection_is_told_as_enter_moves_click_leave():
    for annotation in selections(correction_share=0.0)[:300]:
        kinds = [event.kind for event in annotation.events]
        assert kinds == ["enter", *["move"] * (len(kinds) - 3), "select", "leave"]
        assert (annotation.events[-2].x, annotation.events[-2].y) == annotation.points["final"]


def test_dwell_is_the_time_from_arrival_to_click():
    for annotation in selections(correction_share=0.0)[:300]:
        assert times(annotation, "select")[0] - times(annotation, "enter")[0] == annotation.dwell_ms


def test_the_click_comes_a_moment_after_the_last_sample():
    rests = np.array(
        [times(a, "select")[0] - times(a, "move")[-1] for a in selections(correction_share=0.0) if a.dwell_ms > 300]
    )
    # 100 to 200 ms, less or more by the rounding of up to 29 intervals.
    assert rests.min() > 75
    assert rests.max() < 225
    assert np.median(rests) == pytest.approx(150, abs=10)


def test_a_correction_moves_the_final_click_from_the_first():
    corrected = [a for a in selections(correction_share=0.2) if len(times(a, "deselect"))]
    assert share_close([bool(len(times(a, "deselect"))) for a in selections(correction_share=0.2)], 0.2)
    for annotation in corrected[:100]:
        clicks = [e for e in annotation.events if e.kind in ("select", "deselect")]
        assert [e.kind for e in clicks] == ["select", "deselect", "select"]
        assert annotation.points == {"first": (clicks[0].x, clicks[0].y), "final": (clicks[2].x, clicks[2].y)}


def test_without_corrections_first_and_final_agree():
    assert all(a.points["first"] == a.points["final"] for a in selections(correction_share=0.0))


def test_pictures_come_late_on_a_page_of_slow_people():
    reached = np.array([times(a, "enter")[0] for a in selections()])
    assert reached.min() >= 0
    assert 48 * 515 / 4 < np.median(reached) < 48 * 515
