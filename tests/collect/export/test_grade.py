from itertools import pairwise

import pytest

from sidelight.collect.export.grade import graded
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

EVENTS = (
    Event("enter", 3.0),
    Event("move", 10.0, 0.1, 0.1),
    Event("move", 50.0, 0.3, 0.1),
    Event("select", 70.0, 0.3, 0.1),
)
RAW = Annotation(
    "page-raw/picture-raw",
    "cat",
    annotator="session-raw",
    source="campaign",
    label=2,
    selected=True,
    points={"first": (0.1, 0.2), "final": (0.3, 0.4)},
    dwell_ms=60.0,
    started_at=1.7e12,
    events=EVENTS,
    extra={"imagePosition": "167,180", "imageWidth": "324", "conditions": "pointer_dot", "secret": "page-raw"},
)


def at(grade, *, task="browse", shift_ms=5000.0):
    return graded(RAW, grade, annotation_id="7", person="A1", shift_ms=shift_ms, task=task)


def test_labels_alone_name_nobody():
    kept = at("L0")
    assert kept == Annotation("7", "cat", source="campaign", label=2, selected=True)


def test_the_final_point_and_durations_come_under_a_pseudonym():
    kept = at("L1")
    assert (kept.annotator, kept.points, kept.dwell_ms) == ("A1", {"final": (0.3, 0.4)}, 60.0)
    assert kept.started_at is None
    assert kept.events == ()
    assert kept.extra == {"conditions": "pointer_dot"}


def test_paths_are_resampled_and_the_clock_is_shifted():
    kept = at("L2")
    assert kept.started_at == 1.7e12 + 5000.0
    assert [e.elapsed_ms for e in kept.events] == [0.0, 32.0, 64.0]
    assert "imagePosition" not in kept.extra
    assert kept.extra["imageWidth"] == "324"


def test_the_highest_grade_changes_nothing_but_names():
    kept = at("L3")
    assert (kept.events, kept.started_at, kept.points, kept.extra) == (EVENTS, 1.7e12, RAW.points, RAW.extra)
    assert (kept.id, kept.annotator) == ("7", "A1")


@pytest.mark.parametrize("grade", ["L0", "L1", "L2", "L3"])
def test_raw_names_never_pass(grade):
    kept = at(grade)
    assert "raw" not in kept.id + kept.annotator + kept.example_id


def test_each_grade_holds_all_of_the_one_below():
    def filled(a):
        return {
            n
            for n in ("annotator", "points", "dwell_ms", "started_at", "events")
            if getattr(a, n) not in ("", {}, None, ())
        }

    grades = [filled(at(grade)) for grade in ("L0", "L1", "L2", "L3")]
    assert all(lower <= higher for lower, higher in pairwise(grades))


def test_a_shifted_clock_does_not_go_below_its_beginning():
    assert at("L2", shift_ms=-2e12).started_at == 0.0
