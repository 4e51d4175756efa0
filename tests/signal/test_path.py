import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.signal.display import Display
from sidelight.signal.path import approach, crossing, edge_place, sample_times
from sidelight.signal.statistics import INTERVAL_QUANTILES

SHOWN = Display(324, 243)
seeds = st.integers(0, 2**32)
places = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(st.floats(0, 1e7), seeds)
def test_samples_start_at_zero_and_never_come_faster_than_the_screen(duration, seed):
    times = sample_times(duration, np.random.default_rng(seed))
    assert times[0] == 0
    assert 1 <= len(times) <= 30
    assert (np.diff(times) >= 16).all()
    assert (times == np.rint(times)).all()


@given(st.floats(100, 1e5), seeds)
def test_the_last_sample_is_when_the_pointer_comes_to_rest(duration, seed):
    times = sample_times(duration, np.random.default_rng(seed))
    # Each interval is rounded to a whole ms, or lengthened by the few ms that it was squeezed below a frame.
    assert abs(times[-1] - duration) <= 0.5 * len(times) + 8


def test_a_pointer_that_hardly_came_is_sampled_once():
    assert sample_times(10.0, np.random.default_rng(0)).tolist() == [0.0]


def test_intervals_have_the_published_quantiles():
    rng = np.random.default_rng(0)
    steps = np.concatenate([np.diff(sample_times(max(0, d), rng)) for d in rng.lognormal(6.26, 0.73, 3000) - 150])
    steps = steps[steps < 350]
    for q, published in INTERVAL_QUANTILES.items():
        # A short visit holds few long intervals and stretches the others: up to a tenth, beside the sampling error.
        assert np.quantile(steps, q) == pytest.approx(published, rel=0.10)
    assert steps.mean() == pytest.approx(47.4, rel=0.08)
    assert steps.std() == pytest.approx(44.3, rel=0.08)


@given(seeds)
def test_pointers_come_in_over_an_edge(seed):
    x, y = edge_place(np.random.default_rng(seed))
    assert min(x, y, 1 - x, 1 - y) <= 0.04
    assert 0 <= min(x, y) <= max(x, y) <= 1


def test_all_four_edges_are_crossed_alike():
    rng = np.random.default_rng(0)
    xy = np.array([edge_place(rng) for _ in range(2000)])
    nearest = np.argmin(np.concatenate([xy, 1 - xy], axis=1), axis=1)
    assert np.abs(np.bincount(nearest) / 2000 - 0.25).max() < 4 * np.sqrt(0.25 * 0.75 / 2000)


@given(places, places, st.floats(0, 1e5), seeds)
def test_every_sample_lies_on_the_picture_s_grid(start, aim, duration, seed):
    rng = np.random.default_rng(seed)
    times = sample_times(duration, rng)
    for trace in (approach(start, aim, times, SHOWN, rng), crossing(start, aim, times, SHOWN, rng)):
        xy = np.stack([trace.x, trace.y], axis=1)
        assert (SHOWN.snap(xy) == xy).all()
        assert (trace.elapsed_ms == times).all()


def test_an_approach_brakes():
    times = np.arange(0, 480, 16.0)
    speed = np.mean(
        [
            np.hypot(*np.diff([t.x, t.y]))
            for s in range(50)
            for t in [approach((0.02, 0.5), (0.9, 0.6), times, SHOWN, np.random.default_rng(s))]
        ],
        axis=0,
    )
    assert speed[:5].mean() > 3 * speed[-5:].mean()


def test_an_approach_ends_at_its_aim():
    trace = approach((0.0, 0.2), (0.7, 0.6), np.arange(0, 480, 16.0), SHOWN, np.random.default_rng(0))
    # The tremor of the last sample has a standard deviation of .006 and the grid is .004 wide.
    assert abs(trace.x[-1] - 0.7) < 4 * 0.006 + 0.004
    assert abs(trace.y[-1] - 0.6) < 4 * 0.006 + 0.004


def test_time_at_rest_is_no_movement():
    times = np.array([0.0, 50.0, 60_000.0, 60_050.0])
    trace = crossing((0.0, 0.5), (1.0, 0.5), times, SHOWN, np.random.default_rng(0))
    assert trace.x[1] == pytest.approx(50 / 449, abs=0.05)
    assert trace.x[2] == pytest.approx(399 / 449, abs=0.05)
