import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.chunks import EPOCH, Script, browsing

from sidelight.collect.measure.activity import IDLE_MS, activity
from sidelight.collect.wire import log


def done(script):
    """The page is left: the last thing known of it."""
    script.note(log.Focus, focused=False)
    return script.chunks()


def test_a_page_that_is_worked_on_is_active_to_the_last_moment():
    spent = activity(done(browsing(seconds=90.0)))
    assert spent.active_ms == pytest.approx(90_000, rel=0.02)
    assert (spent.idle_ms, spent.hidden_ms) == (0.0, 0.0)


def test_a_scripted_session_is_told_to_the_tenth_of_a_ms():
    script = Script()
    script.move(500, 300, 10_000)
    script.wait(29_000)
    script.move(300, 300, 5_000)
    script.wait(120_000)
    script.move(500, 300, 2_000)
    script.hide(600_000)
    script.move(100, 300, 3_000)
    spent = activity(done(script))
    first = 1000 / 60
    assert spent.idle_ms == pytest.approx(120_000 + first, abs=0.2)
    assert spent.hidden_ms == 600_000
    assert spent.active_ms == pytest.approx(49_000 - first, abs=0.2)
    assert spent.shown_ms == pytest.approx(script.now)


@pytest.mark.parametrize(("pause", "idle"), [(30_000.0, 0.0), (30_000.1, 30_000.1)])
def test_a_pause_is_idle_from_beyond_half_a_minute_and_then_as_a_whole(pause, idle):
    """F15: the published `timeSpent` goes up to 2.3 hours, since nobody knew who was away."""
    script = Script()
    script.wait(pause)
    assert activity(done(script)).idle_ms == idle
    assert pause - idle == activity(done(script)).active_ms


def test_what_nobody_did_is_no_sign_of_life():
    script = Script()
    for _ in range(4):
        script.wait(10_000)
        script.note(log.ImageState, image="i1", state="loaded")
        script.note(log.OnScreen, image="i1", seen=True)
        script.note(log.Health, samples=0, dropped=0, handler_ms=0.0, granularity_ms=0.1)
    assert activity(done(script)).idle_ms == 40_000


def test_scrolling_and_the_keyboard_are_signs_of_life():
    script = Script()
    for k in range(4):
        script.wait(20_000)
        if k % 2:
            script.scroll_to(100.0 * k)
        else:
            script.note(log.Select, image="i1", by="keyboard")
    assert activity(done(script)).active_ms == 80_000


def test_a_page_that_stays_hidden_is_hidden_to_its_end():
    script = Script()
    script.wait(1_000)
    script.note(log.Visibility, visible=False)
    script.wait(5_000)
    script.note(log.Visibility, visible=False)
    spent = activity(script.chunks())
    assert (spent.active_ms, spent.hidden_ms) == (1_000, 5_000)


def test_time_between_two_showings_is_nobodys():
    first, second = Script(), Script(segment=1, epoch=EPOCH + 3_600_000)
    for script in (first, second):
        script.move(500, 300, 4_000)
    spent = activity([*done(first), *done(second)])
    assert spent.active_ms == pytest.approx(8_000)
    assert spent.shown_ms == pytest.approx(8_000)


def test_two_windows_at_once_count_once_and_the_active_one_first():
    idle, busy = Script(), Script(segment=1, epoch=EPOCH + 10_000, tab="tab-2")
    idle.wait(100_000)
    busy.move(500, 300, 20_000)
    spent = activity([*done(idle), *done(busy)])
    assert spent.active_ms == pytest.approx(20_000, abs=0.2)
    assert spent.shown_ms == pytest.approx(100_000, abs=0.2)


@given(st.lists(st.tuples(st.sampled_from(["move", "wait", "hide", "act"]), st.integers(1, 100_000)), max_size=12))
def test_every_moment_is_counted_once(script_of):
    script = Script()
    hidden = 0.0
    for what, ms in script_of:
        if what == "move":
            script.hz = 20_000.0 / ms
            script.move(*script.rng.uniform(0, 700, 2), ms)
        elif what == "hide":
            script.hide(ms)
            hidden += ms
        else:
            script.wait(ms)
            if what == "act":
                script.note(log.Undo, by="keyboard")
    spent = activity(done(script))
    assert spent.shown_ms == pytest.approx(script.now, abs=0.3)
    assert spent.hidden_ms == pytest.approx(hidden, abs=0.3)
    assert min(spent.active_ms, spent.idle_ms, spent.hidden_ms) >= 0


@given(st.lists(st.floats(0, 200_000), min_size=1, max_size=20))
def test_idle_is_the_sum_of_the_long_gaps(times):
    """An independent count: gaps between signs of life, one by one."""
    script = Script()
    times = sorted(round(t, 1) for t in times)
    for t in times:
        script.now = t
        script.note(log.Undo, by="mouse")
    gaps = np.diff([0.0, *times])
    assert activity(script.chunks()).idle_ms == pytest.approx(gaps[gaps > IDLE_MS].sum(), abs=0.2)
