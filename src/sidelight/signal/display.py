"""The grid of CSS pixels on which a browser reports a click."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sidelight.records.annotation import Point

FloatArray = npt.NDArray[np.float64]

BROWSE_CELL = (324, 340)
"""Widest and highest a picture is shown on the browsing page, in CSS pixels."""

TAG_HEIGHT = 450
"""Height of every picture on the tagging page, in CSS pixels."""


@dataclass(frozen=True)
class Display:
    """A picture as shown.

    A browser knows the pointer's place to the CSS pixel: a recorded x is k / width with a whole k from 0 to width.

    Attributes:
        width: CSS pixels, at least 1.
        height: CSS pixels, at least 1.
    """

    width: int
    height: int

    @classmethod
    def browsing(cls, width: int, height: int) -> "Display":
        """The picture shrunk to fit the cell of the browsing page, never enlarged.

        Source: han2023luab, its released annotation tool (a cell of 340 pixels less margins).

        >>> Display.browsing(500, 375)
        Display(width=324, height=243)
        >>> Display.browsing(64, 64)
        Display(width=64, height=64)
        """
        scale = min(1.0, BROWSE_CELL[0] / max(width, 1), BROWSE_CELL[1] / max(height, 1))
        return cls(max(1, round(width * scale)), max(1, round(height * scale)))

    @classmethod
    def tagging(cls, width: int, height: int) -> "Display":
        """The picture scaled to the height of the tagging board.

        >>> Display.tagging(640, 480)
        Display(width=600, height=450)
        """
        return cls(max(1, round(TAG_HEIGHT * width / max(height, 1))), TAG_HEIGHT)

    def snap(self, xy: FloatArray) -> FloatArray:
        """The nearest places that a browser can report.

        Args:
            xy: [n, 2] float64, (x, y); what lies outside [0, 1] is moved to the border.

        Returns:
            [n, 2] float64 in [0, 1], each coordinate k / width or k / height.

        >>> Display(4, 2).snap(np.array([[0.3, 0.7], [1.2, -0.1]])).tolist()
        [[0.25, 0.5], [1.0, 0.0]]
        """
        size = np.array([self.width, self.height], dtype=np.float64)
        return np.rint(np.clip(xy, 0.0, 1.0) * size) / size

    def snap_within(self, point: Point, box: tuple[float, float, float, float]) -> Point:
        """The nearest reportable place whose CSS pixel still lies in the box, that is in [x0, x1) x [y0, y1).

        A box thinner than a CSS pixel may hold no such place: then the nearest one, on its border or just outside.

        >>> Display(10, 10).snap_within((0.64, 0.02), (0.36, 0.0, 0.6, 1.0))
        (0.5, 0.0)
        """
        x0, y0, x1, y1 = box
        return _snap_between(point[0], x0, x1, self.width), _snap_between(point[1], y0, y1, self.height)


def _snap_between(value: float, low: float, high: float, size: int) -> float:
    first, last = math.ceil(low * size), math.floor(high * size)
    first += first / size < low  # low * size may have been rounded down onto a whole number
    last -= last / size >= high and high < 1.0  # the picture's own far border can be clicked
    k = round(value * size)
    return min(max(k, first), last) / size if first <= last else min(max(k, 0), size) / size
