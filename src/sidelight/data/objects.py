"""A dataset's pictures with the single objects on them, as detectors are trained and measured on."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from sidelight.data.format.reader import Dataset
from sidelight.data.guidance import example_seed
from sidelight.data.images import Image, read_image
from sidelight.records.errors import UserFault
from sidelight.records.example import Example
from sidelight.records.objects import Objects

ORDER, FLIP = 41, 42
"""What a random draw is for: the third word of its seed, so that no two uses share a stream."""
AHEAD, READ_AHEAD = 2, 16
"""Batches that are prepared while one is trained on; pictures that are read while others are looked at."""


ObjectsOf = Callable[[Example], Objects]
"""What is on a picture: `boxed_objects`, or an instances file's own `objects`."""


@dataclass(frozen=True)
class Photos:
    """Pictures and what is on them, both read only when asked for.

    Attributes:
        dataset: that the examples belong to.
        examples: which pictures.
        objects_of: what is on them.
    """

    dataset: Dataset
    examples: tuple[Example, ...]
    objects_of: ObjectsOf

    def __len__(self) -> int:
        return len(self.examples)

    def image(self, row: int) -> Image:
        """One picture."""
        return read_image(self.dataset.image_path(self.examples[row]))

    def objects(self, row: int) -> Objects:
        """What is on it."""
        return self.objects_of(self.examples[row])


def boxed_objects(example: Example) -> Objects:
    """The dataset's own boxes in pixels. One without a class is of the picture's only class.

    Raises:
        UserFault: for a box without a class on a picture of several, or of none.

    >>> from sidelight.records.example import Box
    >>> cat = Example("a", "a.png", "train", 10, 20, labels=(3,), boxes=(Box(0.5, 0.0, 1.0, 0.5),))
    >>> boxed_objects(cat).boxes.tolist(), boxed_objects(cat).labels.tolist()
    ([[5.0, 0.0, 10.0, 10.0]], [3])
    """
    if len(example.labels) != 1 and any(box.label is None for box in example.boxes):
        raise UserFault(
            f"example '{example.id}'",
            seen=f"a box without a class on a picture of {len(example.labels)} classes",
            allowed="boxes with a class, or one class a picture",
            remedy="Convert the dataset again from a source that says what each box is around",
        )
    corners = np.array([(box.x0, box.y0, box.x1, box.y1) for box in example.boxes], np.float64).reshape(-1, 4)
    boxes = corners * np.array([example.width, example.height] * 2)
    labels = [example.labels[0] if box.label is None else box.label for box in example.boxes]
    return Objects(
        id=example.id,
        boxes=boxes,
        labels=np.array(labels, np.int64),
        crowd=np.zeros(len(boxes), np.bool_),
        area=(boxes[:, 2:] - boxes[:, :2]).prod(axis=1),
    )


class DetectionBatches:
    """Pictures with their objects in a random order, every second one mirrored: a function of (seed, epoch, place).

    Crowds are left out, and boxes cut at the border. Pictures keep their sizes: the detector brings them to its own. A
    last, smaller batch is left out unless it is the only one.

    Args:
        photos: to train on.
        batch_size: pictures a batch, over all ranks together.
        seed: of the run.
        workers: threads that read pictures beside the training; results do not depend on their number.
        rank: of this process among `world`; it gets every world-th picture of a batch.
        world: number of processes.
    """

    def __init__(
        self, photos: Photos, *, batch_size: int, seed: int, workers: int = 2, rank: int = 0, world: int = 1
    ) -> None:
        self._photos, self._batch_size = photos, min(batch_size, len(photos))
        self._seed, self._workers, self._rank, self._world = seed, workers, rank, world

    def __len__(self) -> int:
        return len(self._photos) // max(1, self._batch_size)

    def epoch(self, number: int, *, first: int = 0) -> Iterator[list[tuple[Tensor, Objects]]]:
        """The batches of an epoch (from 0), from the `first` on: (picture [3, H, W] in [0, 1], its objects)."""
        order = np.random.default_rng([self._seed, number, ORDER]).permutation(len(self._photos))
        size = self._batch_size
        groups = [order[i * size : (i + 1) * size][self._rank :: self._world] for i in range(first, len(self))]
        with ThreadPoolExecutor(max(1, self._workers)) as pool:
            waiting = [pool.map(self._one, group, [number] * len(group)) for group in groups[:AHEAD]]
            for place in range(len(groups)):
                batch = list(waiting.pop(0))
                if place + AHEAD < len(groups):
                    ahead = groups[place + AHEAD]
                    waiting.append(pool.map(self._one, ahead, [number] * len(ahead)))
                yield batch

    def _one(self, row: int, epoch: int) -> tuple[Tensor, Objects]:
        image = self._photos.image(row)
        objects = self._photos.objects(row).trainable(image.shape[1], image.shape[0])
        rng = np.random.default_rng([self._seed, epoch, FLIP, example_seed(objects.id)])
        if rng.random() < 0.5:
            image, objects = image[:, ::-1], objects.mirrored(image.shape[1])
        return as_input(image), objects


def in_order(photos: Photos, *, workers: int = 2) -> Iterator[tuple[Tensor, Objects]]:
    """Every picture once, with everything on it, a few read ahead."""
    with ThreadPoolExecutor(max(1, workers)) as pool:
        for start in range(0, len(photos), READ_AHEAD):
            rows = range(start, min(start + READ_AHEAD, len(photos)))
            for row, image in zip(rows, pool.map(photos.image, rows), strict=True):
                yield as_input(image), photos.objects(row)


def as_input(image: Image) -> Tensor:
    """[3, H, W] float32 in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1))).float() / 255


def thumbnails(photos: Photos, *, number: int, side: int) -> Tensor:
    """The first pictures squeezed into squares, [number, 3, side, side] in [0, 1]; fewer where there are fewer."""
    squeezed = [
        cv2.resize(photos.image(row), (side, side), interpolation=cv2.INTER_AREA)
        for row in range(min(number, len(photos)))
    ]
    return torch.stack([as_input(np.asarray(image, dtype=np.uint8)) for image in squeezed])
