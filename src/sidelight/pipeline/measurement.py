"""One model looking at one split of a dataset: what several benchmarks need, computed once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch

from sidelight.data.augment.augment import prepare
from sidelight.data.augment.sample import Sample
from sidelight.data.format.reader import Dataset
from sidelight.data.images import Image, ImageStore
from sidelight.data.selection import box_coverage
from sidelight.data.source.progress import Progress
from sidelight.evaluate.two_class import ScoreKind
from sidelight.explain.cam import cam, has_cam
from sidelight.pipeline.load import boxes_of, one_hot
from sidelight.pipeline.maps import dataset_map
from sidelight.pipeline.subject import Subject
from sidelight.records.example import Example

Subset = tuple[str, np.ndarray]
"""Name of a part of the pictures, and which rows are in it (bool [n])."""


@dataclass(frozen=True)
class BackgroundOptions:
    """Options of the benchmark 'background'."""

    seed: int = 0
    """Of the draws of donor photos; keep it, to compare models."""


@dataclass(frozen=True)
class LocalisationOptions:
    """Options of the benchmark 'localisation'."""

    grid: int | None = None
    """Pixels a side that maps are enlarged to and boxes are drawn on; None takes the model's input size."""


@dataclass(frozen=True)
class TwoClassOptions:
    """Options of the benchmark 'two_class'."""

    score: ScoreKind = "difference"
    """difference: z1 - z0 in float64; sigmoid_z1: as CYBORG's test script scores, to reproduce its numbers."""


@dataclass(frozen=True)
class Options:
    """Options of the benchmarks."""

    background: BackgroundOptions = field(default_factory=BackgroundOptions)
    localisation: LocalisationOptions = field(default_factory=LocalisationOptions)
    two_class: TwoClassOptions = field(default_factory=TwoClassOptions)
    subsets: tuple[float, ...] = ()
    """Also give the numbers for the pictures whose boxes cover at most these shares, 0.5 and 0.25 say."""


@dataclass
class Measurement:
    """One model looking at one split; what several benchmarks need is computed once."""

    subject: Subject
    dataset: Dataset
    examples: list[Example]
    options: Options
    progress: Progress

    def __post_init__(self) -> None:
        self.images = ImageStore([self.dataset.image_path(e) for e in self.examples])
        self.boxes = [boxes_of(example) for example in self.examples]
        self.coverage = np.array([box_coverage(example) for example in self.examples])
        self.targets = one_hot(self.examples, len(self.dataset.manifest.classes))
        self.labels = self.targets.argmax(axis=1)
        self.done = 0

    @property
    def single(self) -> bool:
        """Whether every picture has exactly one class."""
        return self.dataset.manifest.task == "single_label"

    @property
    def boxed(self) -> np.ndarray:
        """[n] whether a picture has a box."""
        return np.array([len(boxes) > 0 for boxes in self.boxes])

    @property
    def boxes_labelled(self) -> bool:
        """Whether every box says which class it is of."""
        return all(box.label is not None for example in self.examples for box in example.boxes)

    def subsets(self) -> list[Subset]:
        """All pictures, and those with small boxes."""
        small = [(f"box<={limit:g}", self.boxed & (self.coverage <= limit)) for limit in self.options.subsets]
        return [("all", np.ones(len(self.examples), dtype=bool)), *[part for part in small if part[1].any()]]

    @cached_property
    def seen(self) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
        """Logits [n, C], points [n, K, 2] or None, maps of the true class [n, h, w] or None: one pass for all."""
        scores, points, maps = [], [], []
        row = 0
        for outputs in self.subject.look(self.counted(sample.image for sample in self._prepared())):
            scores.append(outputs.logits.float())
            pointed = self.subject.points(outputs)
            if pointed is not None:
                points.append(pointed)
            if self.single and has_cam(outputs):
                classes = torch.from_numpy(self.labels[row : row + len(outputs.logits)])
                with torch.no_grad():
                    maps.append(cam(outputs, classes).float())
            row += len(outputs.logits)
        joined = [torch.cat(parts).numpy() if parts else None for parts in (scores, points, maps)]
        assert joined[0] is not None
        return joined[0], joined[1], joined[2]

    @cached_property
    def viewed_boxes(self) -> list[np.ndarray]:
        """Boxes as they lie in the prepared pictures."""
        return [sample.boxes for sample in self._prepared()]

    def viewed_maps(self, paths: list[str | None]) -> tuple[np.ndarray, list[np.ndarray]]:
        """Masks or heat maps, as they lie in the prepared pictures.

        Args:
            paths: one a picture, in the dataset; None where there is none.

        Returns:
            Rows of the pictures that have one, not constant, and these maps.
        """
        rows, found = [], []
        for row, path in enumerate(paths):
            if path is None:
                continue
            levels = dataset_map(self.dataset, path).astype(np.float32)[None]
            sample = Sample(image=self.images[row], maps=levels, map_weight=np.ones_like(levels))
            (moved,) = prepare(sample, self.subject.augmentation).maps
            if moved.max() > moved.min():
                rows.append(row)
                found.append(moved)
        return np.array(rows, dtype=np.intp), found

    def counted(self, views: Iterator[Image]) -> Iterator[Image]:
        """The same views, told to the progress bar."""
        for view in views:
            self.done += 1
            self.progress(self.done, None)
            yield view

    def _prepared(self) -> Iterator[Sample]:
        for row in range(len(self.examples)):
            yield self.subject.view(self.images[row], self.boxes[row])
