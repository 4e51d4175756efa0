"""Where on a picture the object is, as boxes or as pixels."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.records.example import Example

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Target:
    """The places that count as "on the object" for one class on one picture.

    Attributes:
        boxes: [n, 4] float64, x0 y0 x1 y1 in [0, 1], clipped to the picture; may be empty.
        pixels: [H, W] bool, true on the object, with at least one true; None when there is no mask.
    """

    boxes: FloatArray
    pixels: BoolArray | None = None

    @classmethod
    def of(
        cls, example: Example, *, label: int, mask: npt.NDArray[np.integer] | None, edge: Literal["box", "mask"]
    ) -> "Target":
        """Gather a class's boxes and pixels.

        Boxes of another class, without extent the right way round, or outside the picture are left out.

        Args:
            example: its boxes count when their label is `label` or unknown.
            label: class index.
            mask: [H, W] integers, class index + 1, 0 = background.
            edge: what bounds the object where both are known: its boxes, or its mask (boxes are then dropped).
        """
        pixels = None if mask is None else mask == label + 1
        if pixels is not None and not pixels.any():
            pixels = None
        boxes = [] if edge == "mask" and pixels is not None else _usable_boxes(example, label)
        return cls(np.array(boxes, dtype=np.float64).reshape(-1, 4), pixels)

    @property
    def empty(self) -> bool:
        """Whether nothing is known about the object's place."""
        return self.pixels is None and not len(self.boxes)

    def covers(self, xy: FloatArray) -> BoolArray:
        """Whether places lie on the object: in any box or, without boxes, on the mask.

        A box's borders count: a click that is meant to miss does not lie on them.

        Args:
            xy: [n, 2] float64 in [0, 1].

        Returns:
            [n] bool.

        >>> target = Target(np.array([[0.0, 0.0, 0.5, 1.0]]))
        >>> target.covers(np.array([[0.5, 0.2], [0.6, 0.2]])).tolist()
        [True, False]
        """
        if len(self.boxes):
            x, y = xy[:, :1], xy[:, 1:]
            x0, y0, x1, y1 = self.boxes.T
            inside: BoolArray = ((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)).any(axis=1)
            return inside
        if self.pixels is None:
            return np.zeros(len(xy), dtype=np.bool_)
        height, width = self.pixels.shape
        columns = np.clip(xy[:, 0] * width + 1e-9, 0, width - 1).astype(np.intp)  # 1/49*49 is a hair below 1
        rows = np.clip(xy[:, 1] * height + 1e-9, 0, height - 1).astype(np.intp)
        return self.pixels[rows, columns]

    @property
    def covers_everything(self) -> bool:
        """Whether a single box, or the mask, leaves nothing of the picture (several boxes together are not checked)."""
        if len(self.boxes):
            whole = (self.boxes[:, :2] <= 0.0).all(axis=1) & (self.boxes[:, 2:] >= 1.0).all(axis=1)
            return bool(whole.any())
        return self.pixels is not None and bool(self.pixels.all())


def _usable_boxes(example: Example, label: int) -> list[tuple[float, float, float, float]]:
    usable = []
    for box in example.boxes:
        corners = (box.x0, box.y0, box.x1, box.y1)
        if box.label not in (None, label) or not all(map(math.isfinite, corners)):
            continue
        x0, y0, x1, y1 = max(box.x0, 0.0), max(box.y0, 0.0), min(box.x1, 1.0), min(box.y1, 1.0)
        if x0 <= x1 and y0 <= y1:
            usable.append((x0, y0, x1, y1))
    return usable
