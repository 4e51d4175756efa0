"""Pictures from which the objects of one class are gone: painted over, or taken from a folder where that was done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from sidelight.data.images import Image, read_image
from sidelight.evaluate.object_removal import RemovalReading
from sidelight.records.errors import UserFault
from sidelight.records.example import Example

Mask = npt.NDArray[np.bool_]
Backend = Literal["mean", "telea", "ns", "folder"]

_ENDINGS = ("png", "jpg", "jpeg", "webp")
_INPAINT_RADIUS = 3


@dataclass(frozen=True)
class RemovalOptions:
    """Options of the benchmark 'object_removal'.

    Raises:
        UserFault: for a limit or a dilation out of range, or the backend folder without a folder.
    """

    backend: Backend = "telea"
    """mean: the mean colour of the rest of the picture; telea, ns: OpenCV's in-painting; folder: pictures that were
    prepared elsewhere. Numbers of one backend only can be compared."""
    folder: Path | None = None
    """Of the prepared pictures: FOLDER/<id of the example>/<name of the class>.png (or jpg, jpeg, webp), the whole
    picture without the objects of that class."""
    dilate: int = 5
    """Side of the square that masks grow by, in pixels of the model's input; 1 leaves them."""
    limit: float = 0.3
    """Largest share of the model's input that a class's objects may cover to be removed, before they grow."""
    reading: RemovalReading = field(default_factory=RemovalReading)
    """Of the definition."""

    def __post_init__(self) -> None:
        if not 0 < self.limit <= 1 or self.dilate < 1:
            raise UserFault(
                "object removal",
                seen=f"limit {self.limit:g}, dilate {self.dilate}",
                allowed="a limit in (0, 1] and a side of at least 1",
                remedy="Take --object-removal.limit 0.3 --object-removal.dilate 5",
            )
        if (self.backend == "folder") != (self.folder is not None):
            raise UserFault(
                f"object removal by '{self.backend}'",
                seen="no folder" if self.folder is None else f"a folder, {str(self.folder)!r}",
                allowed="a folder with backend 'folder', and with no other",
                remedy="Give both --object-removal.backend folder and --object-removal.folder DIR, or neither",
            )


@dataclass(frozen=True)
class Erased:
    """One picture without one class.

    Attributes:
        picture: row of the example.
        label: class that was removed.
        view: as the model gets to see it.
    """

    picture: int
    label: int
    view: Image


def without_each_class(
    examples: list[Example],
    options: RemovalOptions,
    *,
    view_of: Callable[[Image], Image],
    seen: Callable[[int], Image],
    mask_of: Callable[[int], npt.NDArray[np.integer] | None],
    classes: tuple[str, ...],
) -> Iterator[Erased]:
    """Every picture that has two removable classes, without each of them in turn.

    A class can be removed if its objects are to be seen in the model's view of the picture and cover no more of it
    than the limit. All objects of a class go together; what lies over them stays.

    Args:
        examples: the pictures.
        options: how objects go.
        view_of: what the model gets to see of a whole picture.
        seen: row -> what it sees of that example's.
        mask_of: row -> [h, w] class index + 1 in that view, or None.
        classes: names.

    Raises:
        UserFault: if a prepared picture is missing.
    """
    for row, example in enumerate(examples):
        mask = mask_of(row)
        if mask is None:
            continue
        objects = {label: np.equal(mask, label + 1) for label in example.labels}
        removable = [label for label, where in objects.items() if where.any() and where.mean() <= options.limit]
        for label in removable if len(removable) > 1 else ():
            if options.folder is not None:
                view = view_of(read_image(_prepared(options.folder, example.id, classes[label])))
            else:
                view = erased(seen(row), grown(objects[label], options.dilate), options.backend)
            yield Erased(row, label, view)


def grown(mask: Mask, side: int) -> Mask:
    """The mask and all pixels within a square of that side around its pixels.

    >>> grown(np.array([[False, False, True]]), 3).tolist()
    [[False, True, True]]
    """
    return cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)).astype(bool)


def erased(image: Image, mask: Mask, backend: Backend) -> Image:
    """Paint over a part of a picture.

    Args:
        image: [H, W, 3] uint8.
        mask: [H, W] True where it is painted over; if that is everywhere, mean grey.
        backend: how; not 'folder'.
    """
    if backend == "mean" or mask.all():
        rest = image[~mask]
        colour = rest.mean(axis=0).round() if len(rest) else np.full(3, 128)
        return np.where(mask[..., None], colour, image).astype(np.uint8)
    method = {"telea": cv2.INPAINT_TELEA, "ns": cv2.INPAINT_NS}[backend]
    return np.asarray(cv2.inpaint(image, mask.astype(np.uint8), _INPAINT_RADIUS, method), np.uint8)


def _prepared(folder: Path, example_id: str, name: str) -> Path:
    for ending in _ENDINGS:
        file = folder / example_id / f"{name}.{ending}"
        if file.is_file():
            return file
    raise UserFault(
        f"picture of example '{example_id}' without '{name}'",
        seen=f"no file {str(folder / example_id / name)!r} with one of the endings {', '.join(_ENDINGS)}",
        allowed="one for each class on a picture whose objects cover at most --object-removal.limit of it",
        remedy="Prepare it, or lower the limit",
    )
