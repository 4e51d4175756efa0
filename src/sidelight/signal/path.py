"""The pointer's way over a picture: when it was sampled, and where it was then."""

import numpy as np
import numpy.typing as npt

from sidelight.records.annotation import Point
from sidelight.records.trace import Trace
from sidelight.signal.display import Display

FloatArray = npt.NDArray[np.float64]

INTERVAL_SHARES = np.array([0.0, 0.05, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99, 1.0])
INTERVAL_MS = np.array([16.0, 20.0, 29.0, 33.0, 47.0, 93.0, 152.0, 290.0, 349.0])
"""Published quantiles of the time between two samples: a browser throttled to 60 Hz reports every first, second or
third frame (17, 33, 50 ms), and one interval in ten is longer, up to 350 ms."""

MOST_SAMPLES = 30
SHORTEST_INTERVAL_MS = 16.0
STILL_MS = (100.0, 200.0)
"""How long the pointer rests between its last sample and the click."""

BOW, TREMOR = 0.08, 0.006
"""Standard deviations, in shares of the picture: of the path's sideways bow, and of the noise of a sample."""


def sample_times(duration_ms: float, rng: np.random.Generator) -> FloatArray:
    """Draw when the pointer was sampled between its arrival and the moment it comes to rest.

    Intervals follow the published quantiles, joined by straight lines in log time. As many are taken as come nearest
    to `duration_ms`, and they are stretched to end there. A pointer that stays for longer than 30 samples rests
    somewhere on its way: one long interval.

    Args:
        duration_ms: from arrival to rest, at least 0.
        rng: source of chance.

    Returns:
        [n] float64, whole ms, the first 0, increasing by at least 16, 1 <= n <= 30; the last is `duration_ms` or
        within a few ms of it.
    """
    u = rng.random(MOST_SAMPLES)
    if duration_ms < SHORTEST_INTERVAL_MS:
        return np.zeros(1)
    intervals = np.exp(np.interp(u[1:], INTERVAL_SHARES, np.log(INTERVAL_MS)))
    ends = np.cumsum(intervals)
    if ends[-1] < duration_ms:
        intervals[int(u[0] * len(intervals))] += duration_ms - ends[-1]
    else:
        count = max(1, int(np.argmin(np.abs(ends - duration_ms))) + 1)
        intervals = intervals[:count] * (duration_ms / ends[count - 1])
    times = np.zeros(len(intervals) + 1)
    np.cumsum(np.maximum(np.rint(intervals), SHORTEST_INTERVAL_MS), out=times[1:])
    return times


def edge_place(rng: np.random.Generator) -> Point:
    """Draw where a pointer crosses the border of the picture: all four edges and all places on them equally likely.

    The first sample after the crossing lies up to 4 % inside.
    """
    side, along, depth = rng.random(3).tolist()
    inset = 0.04 * depth
    x, y = (inset if side % 0.5 < 0.25 else 1.0 - inset), along
    return (x, y) if side < 0.5 else (y, x)


def approach(start: Point, aim: Point, times: FloatArray, display: Display, rng: np.random.Generator) -> Trace:
    """Draw a pointer's way from the border to the place of the click.

    The pointer is at full speed when it enters and brakes: the second half of a minimum-jerk movement,

        s(t) = 2 m((1 + t) / 2) - 1,   m(t) = 10 t^3 - 15 t^4 + 6 t^5,   t from 0 to 1,

    plus a sideways bow that vanishes at both ends and a tremor. Time at rest does not count.

    Args:
        start: (x, y) of the first sample.
        aim: (x, y) where the movement ends.
        times: [n] of the samples, ms since the pointer came.
        display: samples lie on its grid.
        rng: source of chance.

    Returns:
        [n] samples in [0, 1].

    Source: flash1985coordination (the minimum-jerk law); han2023luab for the sampling.
    """
    t = _active_share(times)
    half = (1.0 + t) / 2.0
    return _way(start, aim, 2.0 * half**3 * (10.0 - 15.0 * half + 6.0 * half**2) - 1.0, times, display, rng=rng)


def crossing(start: Point, end: Point, times: FloatArray, display: Display, rng: np.random.Generator) -> Trace:
    """Draw a pointer's way over a picture that it does not stop at: even speed, with bow and tremor."""
    return _way(start, end, _active_share(times), times, display, rng=rng)


def _active_share(times: FloatArray) -> FloatArray:
    """Movement done at each sample, in [0, 1]: time, where no interval counts for more than 349 ms."""
    active = np.minimum(np.diff(times, prepend=times[0]), INTERVAL_MS[-1]).cumsum()
    return active / max(float(active[-1]), 1.0)


def _way(
    start: Point, end: Point, s: FloatArray, times: FloatArray, display: Display, *, rng: np.random.Generator
) -> Trace:
    draws = rng.standard_normal((len(s) + 1, 2))
    way = np.array(end) - np.array(start)
    sideways = np.array([-way[1], way[0]]) * (draws[0, 0] * BOW * 4.0)
    xy = np.array(start) + s[:, None] * way + (s * (1.0 - s))[:, None] * sideways + TREMOR * draws[1:]
    xy = display.snap(xy)
    return Trace(times, xy[:, 0], xy[:, 1])
