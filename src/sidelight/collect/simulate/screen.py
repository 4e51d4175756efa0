"""A simulated window: where the pictures of a page lie in it, and what lies under the pointer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sidelight.collect.wire.page import Picture
from sidelight.signal.display import Display

FloatArray = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

VIEW = (1366.0, 768.0)
"""Width and height of the window's inside, CSS px: a common laptop."""

PITCH, LEFT, TOP = 344.0, 167.0, 180.0
"""Browsing: from one picture's cell to the next, and where the first begins on the page."""


@dataclass
class Screen:
    """Boxes of all pictures on the page, and how far it is scrolled.

    Attributes:
        ids: of the pictures.
        boxes: [n, 4] left, top, width, height on the page, CSS px.
        scroll: of the page, downwards.
    """

    ids: tuple[str, ...]
    boxes: FloatArray
    scroll: float = 0.0

    @classmethod
    def browsing(cls, pictures: Sequence[Picture]) -> "Screen":
        """Three columns, each picture in the middle of its cell."""
        boxes = []
        for place, picture in enumerate(pictures):
            shown = Display.browsing(picture.width, picture.height)
            row, column = divmod(place, 3)
            left = LEFT + column * PITCH + math.floor((PITCH - shown.width) / 2)
            top = TOP + row * PITCH + math.floor((PITCH - shown.height) / 2)
            boxes.append((left, top, shown.width, shown.height))
        return cls(tuple(picture.id for picture in pictures), np.array(boxes, dtype=np.float64))

    @classmethod
    def alone(cls, picture: Picture) -> "Screen":
        """One picture on a board of 450 px height, as for tagging and painting."""
        shown = Display.tagging(picture.width, picture.height)
        return cls((picture.id,), np.array([(300.0, 160.0, shown.width, shown.height)]))

    @property
    def layout(self) -> dict[str, Box]:
        """Every picture's box in client px now."""
        return {
            picture: (left, top - self.scroll, width, height)
            for picture, (left, top, width, height) in zip(self.ids, self.boxes.tolist(), strict=True)
        }

    def client(self, place: int, at: tuple[float, float]) -> tuple[float, float]:
        """Where a place in [0, 1] of a picture lies in the window."""
        left, top, width, height = self.boxes[place].tolist()
        return left + at[0] * width, top - self.scroll + at[1] * height

    def under(self, xy: FloatArray) -> npt.NDArray[np.intp]:
        """Which picture lies under each place: [n] number, -1 where none does.

        Args:
            xy: [n, 2] client px.
        """
        if not len(self.boxes):
            return np.full(len(xy), -1)
        left, top, width, height = self.boxes.T
        x, y = xy[:, :1], xy[:, 1:] + self.scroll
        inside = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
        return np.where(inside.any(axis=1), inside.argmax(axis=1), -1)

    def on_screen(self) -> frozenset[int]:
        """Pictures of which at least half can be seen."""
        top, height = self.boxes[:, 1] - self.scroll, self.boxes[:, 3]
        seen = np.minimum(top + height, VIEW[1]) - np.maximum(top, 0.0)
        return frozenset(np.flatnonzero(seen >= height / 2).tolist())
