"""Examples to batches: the same batches whatever the number of workers, and from any step on."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sidelight.data.augment.augment import augment, prepare
from sidelight.data.augment.config import Augmentation
from sidelight.data.augment.geometry import inside
from sidelight.data.augment.label import drop_labels
from sidelight.data.augment.mix import mix
from sidelight.data.augment.sample import Sample, to_tensor
from sidelight.data.format.points import PointTable
from sidelight.data.guidance import example_seed
from sidelight.data.images import ImageStore
from sidelight.data.saliency import SaliencyTable
from sidelight.records.batch import Batch

ORDER, SAMPLE, MIX = 11, 12, 13
"""What a random draw is for: the third word of its seed, so that no two uses share a stream."""


@dataclass(frozen=True)
class Labelled:
    """Pictures with all that training needs to know of them, row by row.

    Attributes:
        ids: of the examples.
        images: of the same pictures, in the same order.
        targets: [N, C] float32 in [0, 1].
        points: Z of each picture; K is 1 or C.
        saliency: their maps; None when the run uses none.
    """

    ids: tuple[str, ...]
    images: ImageStore
    targets: npt.NDArray[np.float32]
    points: PointTable
    saliency: SaliencyTable | None = None

    def __post_init__(self) -> None:
        maps = [] if self.saliency is None else [len(self.saliency)]
        lengths = {len(self.ids), len(self.images), len(self.targets), len(self.points.xy), *maps}
        if len(lengths) > 1:
            raise ValueError(f"ids, images, targets, points and maps differ in length: {sorted(lengths)}")

    def __len__(self) -> int:
        return len(self.ids)

    def sample(self, row: int) -> Sample:
        """One picture with its points and maps, as stored."""
        points = self.points.xy[row].astype(np.float64)
        if self.saliency is None:
            return Sample(image=self.images[row], points=points)
        maps, weight = self.saliency.of_picture(row)
        return Sample(image=self.images[row], points=points, maps=maps, map_weight=weight)


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation that the model wants, a channel each, of values in [0, 1]."""

    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)


class TrainingBatches:
    """Augmented batches in a random order: a pure function of (seed, epoch, place).

    Args:
        data: the pictures.
        augmentation: what happens to them.
        batch_size: pictures a batch, over all ranks together; a last, smaller batch is left out (batch norm dislikes
            it) unless it is the only one.
        normalisation: of the model.
        seed: of the run.
        workers: threads that prepare samples beside the training; 0 prepares them in line. Results do not depend on it.
        rank: of this process among `world`; it gets every world-th sample of a batch.
        world: number of processes.
    """

    def __init__(
        self,
        data: Labelled,
        augmentation: Augmentation,
        *,
        batch_size: int,
        normalisation: Normalisation,
        seed: int,
        workers: int = 0,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        cv2.setNumThreads(0 if workers else 1)
        self._data, self._augmentation, self._normalisation = data, augmentation, normalisation
        self._batch_size = min(batch_size, len(data))
        self._seed, self._workers, self._rank, self._world = seed, workers, rank, world

    def __len__(self) -> int:
        return len(self._data) // self._batch_size

    def epoch(self, number: int, *, first: int = 0) -> Iterator[Batch]:
        """The batches of one epoch, from the `first` on."""
        order = np.random.default_rng([self._seed, number, ORDER]).permutation(len(self._data))
        groups = [order[i * self._batch_size : (i + 1) * self._batch_size] for i in range(first, len(self))]
        groups = [group[self._rank :: self._world] for group in groups]
        if not self._workers:
            for place, group in enumerate(groups, start=first):
                yield self._mixed(self._stack([self._sample(row, number) for row in group], group), number, place)
            return
        with ThreadPoolExecutor(self._workers) as pool:
            waiting = [pool.map(self._sample, group, [number] * len(group)) for group in groups[:2]]
            for place, group in enumerate(groups, start=first):
                samples = list(waiting.pop(0))
                ahead = place - first + 2
                if ahead < len(groups):
                    waiting.append(pool.map(self._sample, groups[ahead], [number] * len(groups[ahead])))
                yield self._mixed(self._stack(samples, group), number, place)

    def _sample(self, row: int, epoch: int) -> Sample:
        rng = np.random.default_rng([self._seed, epoch, SAMPLE, example_seed(self._data.ids[row])])
        return augment(self._data.sample(row), self._augmentation, rng)

    def _stack(self, samples: Sequence[Sample], rows: npt.NDArray[np.intp]) -> Batch:
        batch = _stacked(self._data, samples, rows, self._normalisation)
        if self._augmentation.point_leaves != "drop_label":
            return batch
        before, after = self._data.points.has[rows], batch.has_point.numpy() > 0
        targets = [drop_labels(t, b, a) for t, b, a in zip(self._data.targets[rows], before, after, strict=True)]
        return replace(batch, targets=torch.from_numpy(np.stack(targets)))

    def _mixed(self, batch: Batch, epoch: int, place: int) -> Batch:
        if not (self._augmentation.mixup or self._augmentation.cutmix):
            return batch
        return mix(batch, self._augmentation, np.random.default_rng([self._seed, epoch, MIX, place, self._rank]))


def evaluation_batches(
    data: Labelled, augmentation: Augmentation, *, batch_size: int, normalisation: Normalisation
) -> Iterator[Batch]:
    """Every picture once, in order, prepared without chance.

    Points and maps move with the picture; one that leaves it counts as absent. No label is ever dropped here.
    """
    for start in range(0, len(data), batch_size):
        rows = np.arange(start, min(start + batch_size, len(data)))
        samples = [prepare(data.sample(int(row)), augmentation) for row in rows]
        yield _stacked(data, samples, rows, normalisation)


def _stacked(
    data: Labelled, samples: Sequence[Sample], rows: npt.NDArray[np.intp], normalisation: Normalisation
) -> Batch:
    """The samples of these rows as one batch; a point or a map that has left its picture has no weight."""
    points = np.stack([sample.points for sample in samples])
    has = data.points.has[rows] & _inside(points)
    images = np.stack([to_tensor(sample.image, normalisation.mean, normalisation.std) for sample in samples])
    return Batch(
        ids=tuple(data.ids[row] for row in rows),
        images=torch.from_numpy(images),
        targets=torch.from_numpy(data.targets[rows]),
        points=torch.from_numpy(np.where(has[..., None], points, 0.0).astype(np.float32)),
        has_point=torch.from_numpy(has.astype(np.float32)),
        **({} if data.saliency is None else _stacked_maps(data.saliency, samples, rows)),
    )


def _stacked_maps(table: SaliencyTable, samples: Sequence[Sample], rows: npt.NDArray[np.intp]) -> dict[str, Tensor]:
    """Saliency [B, K, h, w], weight [B, K, h, w] and has_saliency [B, K] of a batch."""
    shape = (len(rows), table.place.shape[1], *samples[0].maps.shape[1:])
    saliency, weight = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for number, (row, sample) in enumerate(zip(rows, samples, strict=True)):
        classes = table.classes(row)
        saliency[number, classes], weight[number, classes] = sample.maps, sample.map_weight
    has = table.worth[rows] * (weight > 0).any(axis=(2, 3))
    return {
        "saliency": torch.from_numpy(saliency),
        "weight": torch.from_numpy(weight),
        "has_saliency": torch.from_numpy(has),
    }


def _inside(points: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """[B, K] of points [B, K, 2]: whether each is still on its picture."""
    return inside(points.reshape(-1, 2)).reshape(points.shape[:2])
