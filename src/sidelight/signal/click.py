"""Where a simulated click lands: on the object, anywhere else, or just beside it."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from sidelight.records.annotation import Point
from sidelight.signal.display import Display
from sidelight.signal.target import Target

FloatArray = npt.NDArray[np.float64]

NORMAL = NormalDist()
CANDIDATES = 64
"""Random places tried at once before the whole grid is searched."""

MISS_REACH = np.geomspace(0.02, 0.5, CANDIDATES)
"""Standard deviation of a near miss around its aim, in shares of the picture; tried from near to far."""


def click_inside(target: Target, display: Display, rng: np.random.Generator, *, spread: float) -> Point:
    """Draw a click on the object.

    With a mask: a pixel of it, all equally likely. With boxes: a box with probability proportional to its area (its
    clicks are then as dense as in any other), and in it, for x and y separately, a normal law around the box's centre,
    cut off at its borders:

        p(x) ~ exp(-(x - centre)^2 / (2 (spread * width)^2))   for x0 <= x <= x1.

    No click law inside the box is published: a large `spread` gives a uniform law, a small one the exact centre.

    Args:
        target: not empty.
        display: the click lies on its grid.
        rng: source of chance; the number of draws does not depend on their outcome.
        spread: standard deviation in units of the box's width and height, > 0.

    Returns:
        (x, y) in [0, 1]; on the object unless that is thinner than a CSS pixel.
    """
    if target.pixels is not None:
        return _on_pixels(target.pixels, display, rng)
    u = rng.random(3).tolist()
    areas = (target.boxes[:, 2] - target.boxes[:, 0]) * (target.boxes[:, 3] - target.boxes[:, 1])
    chosen = int(np.searchsorted(np.cumsum(areas), u[0] * areas.sum(), side="right"))
    x0, y0, x1, y1 = target.boxes[min(chosen, len(areas) - 1)].tolist()
    tail = NORMAL.cdf(-0.5 / spread)  # the border lies half a box away from the centre
    shift_x, shift_y = (spread * NORMAL.inv_cdf(tail + (1 - 2 * tail) * min(max(v, 1e-12), 1 - 1e-12)) for v in u[1:])
    point = (x0 + x1) / 2 + shift_x * (x1 - x0), (y0 + y1) / 2 + shift_y * (y1 - y0)
    return display.snap_within(point, (x0, y0, x1, y1))


def _on_pixels(pixels: npt.NDArray[np.bool_], display: Display, rng: np.random.Generator) -> Point:
    height, width = pixels.shape
    true = np.flatnonzero(pixels)
    rows, columns = np.divmod(true[(rng.random(CANDIDATES) * len(true)).astype(np.intp)], width)
    # The first CSS pixel at or after the mask's pixel; where the display is coarser it may belong to a neighbour.
    kx = np.minimum(-(-columns * display.width // width), display.width - 1)
    ky = np.minimum(-(-rows * display.height // height), display.height - 1)
    first = int(np.argmax(pixels[ky * height // display.height, kx * width // display.width]))
    return float(kx[first]) / display.width, float(ky[first]) / display.height


def click_outside(target: Target, display: Display, rng: np.random.Generator) -> Point | None:
    """Draw a click that misses the object: all places of the grid off the object are equally likely.

    Returns:
        (x, y), or None where the object covers every place of the display.
    """
    draws = rng.random((CANDIDATES, 2))
    if target.covers_everything:
        return None
    xy = display.snap(draws)
    free = np.flatnonzero(~target.covers(xy))
    if len(free):
        return float(xy[free[0], 0]), float(xy[free[0], 1])
    grid = np.stack(np.meshgrid(np.arange(display.width + 1), np.arange(display.height + 1)), axis=-1).reshape(-1, 2)
    everywhere = grid / np.array([display.width, display.height])
    free = np.flatnonzero(~target.covers(everywhere))
    if not len(free):
        return None
    x, y = everywhere[free[int(draws[0, 0] * len(free))]].tolist()
    return x, y


def click_beside(target: Target, display: Display, aim: Point, rng: np.random.Generator) -> Point | None:
    """Draw a near miss: the place off the object that a hand aiming at `aim` reaches first as its error grows.

    Errors are normal, with a standard deviation that grows from 2 % to 50 % of the picture; where none of them leaves
    the object, any place off it (as `click_outside`).

    Returns:
        (x, y), or None where the object covers everything.
    """
    xy = np.array(aim) + rng.standard_normal((CANDIDATES, 2)) * MISS_REACH[:, None]
    snapped = display.snap(xy)
    shown = (xy >= 0.0).all(axis=1) & (xy <= 1.0).all(axis=1)
    missed = np.flatnonzero(shown & ~target.covers(snapped))
    if not len(missed):
        return click_outside(target, display, rng)
    return float(snapped[missed[0], 0]), float(snapped[missed[0], 1])
