"""A hand's way from one place on the screen to another."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FRAME_MS = 1000.0 / 60.0
BOW, TREMOR_PX = 0.05, 0.4


def reach(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    begin_ms: float,
    duration_ms: float,
    rng: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Draw a reaching movement, sampled at every frame of a 60 Hz screen.

    The minimum-jerk law, from rest to rest, with t from 0 to 1:

        s(t) = 10 t^3 - 15 t^4 + 6 t^5,

    with a sideways bow that vanishes at both ends and a tremor of under half a pixel. The last sample lies exactly on
    `end`.

    Args:
        start: (x, y) client px.
        end: likewise.
        begin_ms: when the hand starts.
        duration_ms: until it rests.
        rng: source of chance.

    Returns:
        Times [n] in ms to 0.1, and places [n, 2] in client px to 1/8, n >= 1.

    Source: flash1985coordination.

    >>> times, xy = reach((0, 0), (80, 40), begin_ms=5.0, duration_ms=200.0, rng=np.random.default_rng(0))
    >>> len(times), float(times[-1]), xy[-1].tolist()
    (12, 205.0, [80.0, 40.0])
    """
    count = max(1, round(duration_ms / FRAME_MS))
    t = np.arange(1, count + 1) / count
    s = 10 * t**3 - 15 * t**4 + 6 * t**5
    way = np.array(end) - np.array(start)
    bow = np.array([-way[1], way[0]]) * (4.0 * BOW * float(rng.standard_normal()))
    xy = np.array(start) + s[:, None] * way + (s * (1 - s))[:, None] * bow
    xy[:-1] += rng.normal(0.0, TREMOR_PX, (count - 1, 2))
    xy[-1] = end
    return np.round(begin_ms + t * duration_ms, 1), np.floor(8.0 * xy + 0.5) / 8.0
