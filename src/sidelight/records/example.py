"""One picture of a dataset, with what is known about it."""

from typing import Literal

import msgspec

Split = Literal["train", "validation", "test"]


class Box(msgspec.Struct, frozen=True, gc=False):
    """A rectangle around an object, in [0, 1] of the image: [x0, x1) x [y0, y1).

    Inclusive pixel boxes (Tiny-ImageNet, ILSVRC, VOC) become [x0/W, (x1 + 1)/W] at their source's border.

    >>> round(Box(0.25, 0.0, 0.75, 0.5).area, 3)
    0.25
    """

    x0: float
    y0: float
    x1: float
    y1: float
    label: int | None = None

    @property
    def area(self) -> float:
        """Share of the image that the box covers, in [0, 1]."""
        return max(0.0, self.x1 - self.x0) * max(0.0, self.y1 - self.y0)

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies in the box, borders included."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


class Example(msgspec.Struct, frozen=True, gc=False):
    """One picture: where it is, what is on it, where that is.

    Attributes:
        id: unique in its dataset; everything is keyed by it, never by position.
        path: of the image file, relative to the manifest's `image_root`, with forward slashes.
        split: train, validation or test.
        width: pixels, upright (after the EXIF orientation), as a person saw it.
        height: pixels.
        labels: indices into the manifest's `classes`; exactly one when the task is single-label.
        boxes: objects' boxes; may be empty.
        mask_path: a PNG of the objects, relative to the dataset folder; pixel value = class index + 1, 0 = background.
        map_path: a heat map of human attention, relative to the dataset folder (8- or 16-bit grey PNG).
        group: an attribute that a study may split by (the fine class below a superclass, say); "" if none.
    """

    id: str
    path: str
    split: Split
    width: int
    height: int
    labels: tuple[int, ...]
    boxes: tuple[Box, ...] = ()
    mask_path: str | None = None
    map_path: str | None = None
    group: str = ""
