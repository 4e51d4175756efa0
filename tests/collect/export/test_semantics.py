from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.export.semantics import THROTTLE_MS, estimate_time, throttled, unselected
from sidelight.records.event import Event


def moves(*times):
    return [Event("move", float(t), 0.5, 0.5) for t in times]


@given(st.lists(st.floats(0, 5000), max_size=60))
def test_throttled_samples_are_a_frame_apart_and_begin_with_the_first(times):
    kept = [e.elapsed_ms for e in throttled(moves(*sorted(times)))]
    assert kept[:1] == sorted(times)[:1]
    assert all(later - earlier >= THROTTLE_MS for earlier, later in pairwise(kept))


@given(st.lists(st.floats(0, 5000), max_size=60))
def test_a_sample_is_dropped_only_within_a_frame_of_a_kept_one(times):
    kept = np.array([e.elapsed_ms for e in throttled(moves(*sorted(times)))])
    for time in times:
        before = kept[kept <= time]
        assert time in kept or time - before[-1] < THROTTLE_MS


def test_a_throttle_of_the_leading_edge_loses_the_last_sample_before_a_rest():
    assert [e.elapsed_ms for e in throttled(moves(0, 16, 1000))] == [0.0, 1000.0]


def test_samples_are_kept_again_after_a_deselection():
    events = [*moves(1), Event("select", 2.0), *moves(3), Event("deselect", 4.0), *moves(5)]
    assert [e.elapsed_ms for e in unselected(events)] == [1.0, 5.0]


def test_visits_add_up_and_what_follows_the_click_does_not_count():
    first = [Event("enter", 0.0), *moves(10, 60), Event("leave", 100.0)]
    second = [Event("enter", 5000.0), *moves(5010), Event("select", 5200.0), *moves(5300), Event("leave", 9000.0)]
    assert estimate_time([*first, *second]) == 90.0 + 190.0


def test_a_visit_that_never_ends_counts_to_the_last_event():
    assert estimate_time([Event("enter", 0.0), *moves(10, 200)]) == 190.0


def test_no_time_is_invented_where_no_pointer_came():
    assert estimate_time([]) is None
    assert estimate_time([Event("select", 900.0, keyboard=True)]) is None
