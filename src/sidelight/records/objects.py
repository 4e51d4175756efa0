"""The single objects on a picture: those that are there, and those that a detector found."""

import msgspec
import numpy as np
import numpy.typing as npt

Corners = npt.NDArray[np.float64]
"""Rows x0, y0, x1, y1 in pixels of the upright picture, one an object."""
Masks = npt.NDArray[np.bool_]
"""The pixels of each object, as objects x height x width."""


class Objects(msgspec.Struct, frozen=True, eq=False):
    """What is on a picture, object by object.

    Attributes:
        id: of the example.
        boxes: [n, 4] pixels, as they were given: they may reach beyond the picture.
        labels: [n] class indices.
        crowd: [n] whether it stands for many objects that nobody told apart: neither a miss nor a false alarm in it.
        area: [n] pixels, by which objects are called small, medium or large: of the mask where there is one, else of
            the box.
        masks: [n, height, width]; None where only boxes are known.

    >>> boxes = np.array([[-1.0, 0, 2, 2], [0, 0, 9, 9]])
    >>> two = Objects("a", boxes, np.array([5, 7]), crowd=np.array([False, True]), area=np.array([4.0, 81.0]))
    >>> two.trainable(10, 10).mirrored(10).boxes.tolist()
    [[8.0, 0.0, 10.0, 2.0]]
    """

    id: str
    boxes: Corners
    labels: npt.NDArray[np.int64]
    crowd: npt.NDArray[np.bool_]
    area: npt.NDArray[np.float64]
    masks: Masks | None = None

    def trainable(self, width: int, height: int) -> "Objects":
        """The objects that a detector can be trained on: no crowds, boxes cut at the picture's border, and none where
        nothing remains.
        """
        boxes = np.clip(self.boxes, 0.0, np.array([width, height] * 2))
        kept = ~self.crowd & (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
        return Objects(
            id=self.id,
            boxes=boxes[kept],
            labels=self.labels[kept],
            crowd=self.crowd[kept],
            area=self.area[kept],
            masks=None if self.masks is None else self.masks[kept],
        )

    def mirrored(self, width: int) -> "Objects":
        """The same objects on the picture turned left to right; its width is given in pixels."""
        boxes = self.boxes.copy()
        boxes[:, [0, 2]] = width - self.boxes[:, [2, 0]]
        masks = None if self.masks is None else self.masks[:, :, ::-1]
        return msgspec.structs.replace(self, boxes=boxes, masks=masks)


class Detections(msgspec.Struct, frozen=True, eq=False):
    """What a detector found on a picture.

    Attributes:
        id: of the example.
        boxes: [n, 4] pixels.
        labels: [n] class indices.
        scores: [n] in [0, 1].
        masks: [n, height, width]; None from a detector of boxes.
    """

    id: str
    boxes: Corners
    labels: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]
    masks: Masks | None = None
