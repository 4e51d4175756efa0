"""One model looking at one split of a dataset: what several benchmarks need, computed once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from sidelight.data.augment.augment import prepare
from sidelight.data.augment.crop import evaluation_window
from sidelight.data.augment.sample import Sample
from sidelight.data.format.reader import Dataset
from sidelight.data.images import Image, ImageStore
from sidelight.data.selection import box_coverage
from sidelight.data.source.progress import Progress
from sidelight.evaluate.contour_boxes import BoxLaw
from sidelight.evaluate.two_class import ScoreKind
from sidelight.explain.cam import cam, cams, has_cam
from sidelight.model.outputs import Outputs
from sidelight.pipeline.load import boxes_of, one_hot
from sidelight.pipeline.maps import dataset_map
from sidelight.pipeline.removal import RemovalOptions
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
class MapOptions:
    """How maps are enlarged, stretched to [0, 1] and cut at thresholds."""

    grid: int | None = None
    """Pixels a side that maps are enlarged to and boxes or masks are drawn on; None takes the model's input size."""
    step: float = 0.001
    """Between thresholds: 0, step, 2 step ... below 1."""
    stretch: Literal["after", "before"] = "after"
    """Whether a map is stretched to [0, 1] after it is enlarged, or before (what enlarging overshoots is cut off)."""

    def law(self, input_size: int) -> BoxLaw:
        """The evaluator's law for a model with inputs of that many pixels a side."""
        return BoxLaw(self.grid or input_size, self.step, self.stretch)


@dataclass(frozen=True)
class LocalisationOptions(MapOptions):
    """Options of the benchmark 'localisation'."""

    map_of: Literal["true", "named"] = "true"
    """Whose map: that of the true class ("GT-known"), or of the class that the model names (one label a picture)."""


@dataclass(frozen=True)
class PixelOptions(MapOptions):
    """Options of the benchmark 'pixel_ap'."""

    crowds: Literal["ignored", "objects"] = "ignored"
    """What pixels of a class are that lie outside all of its boxes: data from COCO keep no boxes for crowds."""


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
    pixel_ap: PixelOptions = field(default_factory=PixelOptions)
    object_removal: RemovalOptions = field(default_factory=RemovalOptions)
    max_box_coverage: float = 1.0
    """Measure only pictures whose boxes together cover at most this share of them; 1 = all pictures."""
    subsets: tuple[float, ...] = ()
    """Also give the numbers for the pictures whose boxes cover at most these shares, 0.5 and 0.25 say."""


@dataclass(frozen=True)
class Seen:
    """What a model said about the pictures, and where it looked.

    Attributes:
        scores: [n, C] logits.
        points: [n, K, 2] of its point head; None without one.
        maps: [m, h, w] class activation maps, one for each class that is on a picture; None for a network without.
        row: [m] which picture a map is of. With one label a picture, that of the picture's own place.
        label: [m] which class.
        named: [n, h, w] maps of the classes that the model names; None unless they are asked for.
    """

    scores: np.ndarray
    points: np.ndarray | None
    maps: np.ndarray | None
    row: np.ndarray
    label: np.ndarray
    named: np.ndarray | None


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
    def seen(self) -> Seen:
        """One pass for all."""
        scores, points, maps, named = [], [], [], []
        rows, labels = np.nonzero(self.targets)
        first = 0
        for outputs in self.subject.look(self.counted(sample.image for sample in self._prepared())):
            scores.append(outputs.logits.float())
            pointed = self.subject.points(outputs)
            if pointed is not None:
                points.append(pointed)
            if has_cam(outputs):
                here = (rows >= first) & (rows < first + len(outputs.logits))
                maps.append(_maps_of(outputs, rows[here] - first, labels[here], single=self.single))
                if self.single and self.options.localisation.map_of == "named":
                    named.append(_maps_of(outputs, np.arange(len(outputs.logits)), None, single=True))
            first += len(outputs.logits)
        joined = [torch.cat(parts).numpy() if parts else None for parts in (scores, points, maps, named)]
        assert joined[0] is not None
        return Seen(joined[0], joined[1], joined[2], rows, labels, joined[3])

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

    def viewed_mask(self, row: int, side: int) -> np.ndarray | None:
        """[side, side] class index + 1 of the nearest pixel of a picture's mask, as it lies in the prepared picture."""
        path = self.examples[row].mask_path
        if path is None:
            return None
        mask = dataset_map(self.dataset, path)
        window = evaluation_window(mask.shape[0], mask.shape[1], self.subject.augmentation)
        centres = (np.arange(side) + 0.5) / side
        lines = window.top + (centres * window.height).astype(np.intp)
        columns = window.left + (centres * window.width).astype(np.intp)
        return mask[lines[:, None], columns]

    def crowd(self, row: int, label: int, mask: np.ndarray) -> np.ndarray:
        """[side, side] pixels of a class that lie outside all of its boxes, drawn a pixel wider, in a viewed mask."""
        own = [box.label == label for box in self.examples[row].boxes]
        x, y = ((np.arange(side) + 0.5) / side for side in mask.shape[::-1])
        outside = mask == label + 1
        for x0, y0, x1, y1 in self.viewed_boxes[row][np.array(own, bool)].tolist():
            across = (x > x0 - 1 / mask.shape[1]) & (x < x1 + 1 / mask.shape[1])
            down = (y > y0 - 1 / mask.shape[0]) & (y < y1 + 1 / mask.shape[0])
            outside &= ~(down[:, None] & across)
        return outside

    def counted(self, views: Iterator[Image]) -> Iterator[Image]:
        """The same views, told to the progress bar."""
        for view in views:
            self.done += 1
            self.progress(self.done, None)
            yield view

    def _prepared(self) -> Iterator[Sample]:
        for row in range(len(self.examples)):
            yield self.subject.view(self.images[row], self.boxes[row])


def _maps_of(outputs: Outputs, rows: np.ndarray, labels: np.ndarray | None, *, single: bool) -> Tensor:
    """[m, h, w] maps of these classes of a batch's pictures; None: of the classes with the highest scores."""
    chosen = outputs.logits.argmax(dim=1) if labels is None else torch.from_numpy(labels)
    with torch.no_grad():
        return (cam(outputs, chosen) if single else cams(outputs)[torch.from_numpy(rows), chosen]).float()
