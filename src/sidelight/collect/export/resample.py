"""A pointer's path without the finger print of hand and device: evenly spaced in time."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sidelight.records.event import Event

GRID_MS = 32.0
"""Time between two samples afterwards: about 30 a second, the commonest spacing in ImageNet-AB."""

PAUSE_MS = 350.0
"""Where no sample came for longer than this the pointer rested, or was elsewhere: nothing is drawn across."""


def resampled(events: Sequence[Event]) -> tuple[Event, ...]:
    """Replace pointer samples by evenly spaced ones, and round all times down to that grid.

    A path is the samples between two other events, or between two pauses. Within it places are interpolated linearly at
    the multiples of 32 ms; a path that meets none keeps its first sample. Clicks and icons keep their places (they are
    the guidance), enter and leave their meaning. What is lost on purpose: the device's own sampling rate, tremor above
    16 Hz, and differences of time below 32 ms, by which people can be told apart.

    Args:
        events: in order of time; samples without a time or a place are left out.

    Returns:
        Events in order of time.

    >>> path = [Event("move", 60.0, 0.0, 0.0), Event("move", 100.0, 0.4, 0.2), Event("select", 111.0, 0.41, 0.2)]
    >>> [(event.kind, event.elapsed_ms, round(event.x, 2)) for event in resampled(path)]
    [('move', 64.0, 0.04), ('move', 96.0, 0.36), ('select', 96.0, 0.41)]
    """
    made: list[Event] = []
    path: list[tuple[float, float, float]] = []
    for event in events:
        if event.kind != "move":
            made += _even(path)
            path = []
            made.append(_rounded(event))
        elif event.elapsed_ms is not None and event.x is not None and event.y is not None:
            if path and event.elapsed_ms - path[-1][0] > PAUSE_MS:
                made += _even(path)
                path = []
            path.append((event.elapsed_ms, event.x, event.y))
    return (*made, *_even(path))


def _even(path: list[tuple[float, float, float]]) -> list[Event]:
    if not path:
        return []
    times, xs, ys = (np.array(column) for column in zip(*path, strict=True))
    ticks = np.arange(np.ceil(times[0] / GRID_MS), np.floor(times[-1] / GRID_MS) + 1) * GRID_MS
    if not len(ticks) or any(later < earlier for earlier, later in pairwise(times)):
        return [Event("move", _floor(path[0][0]), path[0][1], path[0][2])]
    places = zip(
        ticks.tolist(), np.interp(ticks, times, xs).tolist(), np.interp(ticks, times, ys).tolist(), strict=True
    )
    return [Event("move", t, x, y) for t, x, y in places]


def _floor(elapsed_ms: float) -> float:
    return float(np.floor(elapsed_ms / GRID_MS) * GRID_MS)


def _rounded(event: Event) -> Event:
    time = None if event.elapsed_ms is None else _floor(event.elapsed_ms)
    return Event(event.kind, time, event.x, event.y, event.label, event.from_x, event.from_y, event.keyboard)
