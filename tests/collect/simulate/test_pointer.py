import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.simulate.pointer import FRAME_MS, reach

PLACES = st.tuples(st.floats(0, 1366), st.floats(0, 768))


@given(PLACES, PLACES, st.floats(20, 3000), st.integers(0, 99))
def test_a_reach_ends_on_its_aim_and_takes_its_time(start, end, duration, seed):
    times, xy = reach(start, end, begin_ms=100.0, duration_ms=duration, rng=np.random.default_rng(seed))
    assert abs(times[-1] - 100.0 - duration) <= 0.05 + 1e-9
    assert np.abs(xy[-1] - end).max() <= 1 / 16
    assert (np.diff(times) > 0).all()


@given(PLACES, PLACES, st.integers(0, 99))
def test_a_screen_of_60_hz_samples_it(start, end, seed):
    times, _ = reach(start, end, begin_ms=0.0, duration_ms=1000.0, rng=np.random.default_rng(seed))
    assert len(times) == 60
    assert np.allclose(np.diff(times), FRAME_MS, atol=0.11)


def test_places_are_whole_eighths_of_a_pixel():
    _, xy = reach((0.3, 0.7), (90.1, 44.4), begin_ms=0.0, duration_ms=500.0, rng=np.random.default_rng(1))
    assert (xy * 8 == np.rint(xy * 8)).all()


def test_a_hand_is_fastest_in_the_middle():
    _, xy = reach((0.0, 0.0), (1000.0, 0.0), begin_ms=0.0, duration_ms=1000.0, rng=np.random.default_rng(2))
    steps = np.linalg.norm(np.diff(xy, axis=0), axis=1)
    assert steps[28:31].mean() > 3 * max(steps[:3].mean(), steps[-3:].mean())
