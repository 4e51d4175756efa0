import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.export.resample import GRID_MS, PAUSE_MS, resampled
from sidelight.records.event import Event

KINDS = ["move", "move", "move", "enter", "leave", "select", "deselect"]


@st.composite
def logs(draw):
    times = sorted(draw(st.lists(st.floats(0, 4000), max_size=40)))
    return [Event(draw(st.sampled_from(KINDS)), t, draw(st.floats(0, 1)), draw(st.floats(0, 1))) for t in times]


@given(logs())
def test_times_lie_on_the_grid_and_never_step_back(events):
    times = [e.elapsed_ms for e in resampled(events)]
    assert all(t % GRID_MS == 0 for t in times)
    assert times == sorted(times)


@given(logs())
def test_all_but_samples_are_kept_with_their_places(events):
    def others(log):
        return [(e.kind, e.x, e.y) for e in log if e.kind != "move"]

    assert others(resampled(events)) == others(events)


@given(logs())
def test_places_stay_where_the_path_was(events):
    moves = [e for e in events if e.kind == "move"]
    for event in resampled(events):
        if event.kind == "move":
            assert min(e.x for e in moves) <= event.x <= max(e.x for e in moves)


def test_an_even_path_is_interpolated_exactly():
    path = [Event("move", t, t / 1000, 1 - t / 1000) for t in np.arange(0.0, 1000.0, 8.0)]
    made = resampled(path)
    assert [e.elapsed_ms for e in made] == np.arange(0.0, 993.0, GRID_MS).tolist()
    assert np.allclose([e.x for e in made], [e.elapsed_ms / 1000 for e in made])


def test_nothing_is_drawn_across_a_pause():
    path = [Event("move", 0.0, 0.0, 0.0), Event("move", 64.0, 0.1, 0.0), Event("move", 65.0 + PAUSE_MS, 0.9, 0.0)]
    assert [e.elapsed_ms for e in resampled(path)] == [0.0, 32.0, 64.0, 384.0]


def test_the_device_s_own_rate_is_gone():
    fast = [Event("move", t, t / 1000, 0.5) for t in np.arange(0.0, 960.0, 1.0).tolist()]
    slow = [Event("move", t, t / 1000, 0.5) for t in np.arange(0.0, 961.0, 16.0).tolist()]
    assert [e.elapsed_ms for e in resampled(fast)] == [e.elapsed_ms for e in resampled(slow)][:-1]
