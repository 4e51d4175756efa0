"""A model and a dataset become results."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
import torch

from sidelight.data.augment.augment import prepare
from sidelight.data.augment.sample import Sample
from sidelight.data.format.reader import Dataset
from sidelight.data.images import Image, ImageStore
from sidelight.data.plant import Plant
from sidelight.data.selection import box_coverage
from sidelight.data.source.progress import Progress, silent
from sidelight.evaluate.accuracy import accuracy, top1
from sidelight.evaluate.background import VARIANTS, BackgroundDraws, background_reliance, background_variants
from sidelight.evaluate.localisation import localisation
from sidelight.evaluate.multilabel import average_precision
from sidelight.evaluate.point_head import point_head
from sidelight.evaluate.table import BENCHMARKS, benchmark, results
from sidelight.explain.cam import cam
from sidelight.pipeline.load import boxes_of, one_hot, planted
from sidelight.pipeline.subject import Subject, load_subject, measured_on
from sidelight.records.errors import UserFault
from sidelight.records.example import Example, Split
from sidelight.records.result import Result

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
class Options:
    """Options of the benchmarks."""

    background: BackgroundOptions = field(default_factory=BackgroundOptions)
    localisation: LocalisationOptions = field(default_factory=LocalisationOptions)
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

    def subsets(self) -> list[Subset]:
        """All pictures, and those with small boxes."""
        small = [(f"box<={limit:g}", self.boxed & (self.coverage <= limit)) for limit in self.options.subsets]
        return [("all", np.ones(len(self.examples), dtype=bool)), *[part for part in small if part[1].any()]]

    @cached_property
    def seen(self) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
        """Logits [n, C], points [n, K, 2] or None, maps of the true class [n, h, w] or None: one forward pass for
        all.
        """
        scores, points, maps = [], [], []
        row = 0
        for outputs in self.subject.look(self.counted(prepare(self._sample(i), self.subject.augmentation).image
                                                      for i in range(len(self.examples)))):  # fmt: skip
            scores.append(outputs.logits.float())
            pointed = self.subject.points(outputs)
            if pointed is not None:
                points.append(pointed)
            if self.single and outputs.features.ndim == 4:
                classes = torch.from_numpy(self.labels[row : row + len(outputs.logits)])
                maps.append(cam(outputs, classes).float())
            row += len(outputs.logits)
        joined = [torch.cat(parts).numpy() if parts else None for parts in (scores, points, maps)]
        assert joined[0] is not None
        return joined[0], joined[1], joined[2]

    @cached_property
    def viewed_boxes(self) -> list[np.ndarray]:
        """Boxes as they lie in the prepared pictures."""
        return [prepare(self._sample(row), self.subject.augmentation).boxes for row in range(len(self.examples))]

    def counted(self, views: Iterator[Image]) -> Iterator[Image]:
        """The same views, told to the progress bar."""
        for view in views:
            self.done += 1
            self.progress(self.done, None)
            yield view

    def _sample(self, row: int) -> Sample:
        return Sample(image=self.images[row], boxes=self.boxes[row])


Numbers = Iterator[tuple[str, int, dict[str, float]]]
"""(subset, number of pictures, metric -> value)."""


def evaluate(
    model: str,
    data: Path,
    *,
    on: Sequence[str] = (),
    split: Split = "test",
    options: Options | None = None,
    out: Path | None = None,
    progress: Progress = silent,
) -> list[Result]:
    """Measure a model.

    Args:
        model: a run's folder, a file of weights, or timm:NAME.
        data: folder of the dataset.
        on: names of benchmarks; empty = every one that the model and the data allow.
        split: which pictures.
        options: of the benchmarks.
        out: file for the results, as JSON; None writes results.json into a run's folder, and nothing for other models.
        progress: told how many pictures the model has seen.

    Returns:
        Every number, with its definition and its provenance.

    Raises:
        UserFault: for an unknown benchmark, one that the model or the data do not allow, or a model of other classes.
    """
    subject = load_subject(model)
    dataset = Dataset.open(data)
    examples = [example for example in dataset.examples() if example.split == split]
    _check(subject, dataset, examples, split)
    measurement = Measurement(subject, dataset, examples, options or Options(), progress)
    provenance = measured_on(subject, dataset=dataset.manifest.name, fingerprint=dataset.manifest.fingerprint)
    found: list[Result] = []
    for name in on or BENCHMARKS:
        benchmark(name)  # refuses an unknown one
        missing = _missing(name, measurement)
        if missing and on:
            raise UserFault(
                f"benchmark '{name}'",
                seen=f"without {missing}",
                allowed=f"a model and data with {missing}",
                remedy="Leave it out of --on",
            )
        for subset, n, numbers in MEASURES[name](measurement) if not missing else ():
            found += results(name, numbers, n=n, split=split, subset=subset, provenance=provenance)
    file = out or (Path(model) / "results.json" if Path(model).is_dir() else None)
    if file is not None:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1))
    return found


def _measure_accuracy(m: Measurement) -> Numbers:
    for subset, rows in m.subsets():
        yield subset, int(rows.sum()), accuracy(m.seen[0][rows], m.labels[rows])


def _measure_average_precision(m: Measurement) -> Numbers:
    yield "all", len(m.examples), average_precision(m.seen[0], m.targets)


def _measure_point_head(m: Measurement) -> Numbers:
    points = m.seen[1]
    assert points is not None
    for subset, rows in m.subsets():
        chosen = np.flatnonzero(rows & m.boxed)
        yield subset, len(chosen), point_head(points[chosen, 0], [m.viewed_boxes[row] for row in chosen])


def _measure_localisation(m: Measurement) -> Numbers:
    maps = m.seen[2]
    assert maps is not None
    grid = m.options.localisation.grid or m.subject.augmentation.size
    for subset, rows in m.subsets():
        chosen = np.flatnonzero(rows & m.boxed)
        boxes = [m.viewed_boxes[row] for row in chosen]
        yield subset, len(chosen), localisation(maps[chosen], boxes, grid=grid)


def _measure_background(m: Measurement) -> Numbers:
    ids = [example.id for example in m.examples]
    draws = BackgroundDraws.make(ids, m.labels, m.coverage, seed=m.options.background.seed)
    variants = background_variants(draws, image_of=lambda row: m.images[row], boxes_of=lambda row: m.boxes[row])
    shown = (m.subject.view(images[name]).image for _, images in variants for name in VARIANTS)
    scores = m.subject.scores(m.counted(shown)).reshape(len(draws.scored), len(VARIANTS), -1)
    by_variant = {name: scores[:, place] for place, name in enumerate(VARIANTS)}
    yield "box<=0.5", len(draws.scored), background_reliance(by_variant, m.labels[draws.scored])


def _measure_planted(m: Measurement) -> Numbers:
    """Accuracy where the planted backgrounds tell nothing; donors as in training, drawn uniformly over the classes."""
    assert m.subject.plant is not None
    rows = np.flatnonzero(m.boxed & (m.coverage <= 0.5))
    examples = [m.examples[row] for row in rows]
    classes = len(m.dataset.manifest.classes)
    numbers = {}
    for name, rate in (("conflicting", 0.0), ("uniform", 1 / classes), ("agreeing", 1.0)):
        plant = Plant(rate=rate, donors_per_class=m.subject.plant.donors_per_class, seed=m.subject.plant.seed)
        change = planted(m.dataset, plant, examples)
        views = (m.subject.view(change(place, m.images[row])).image for place, row in enumerate(rows.tolist()))
        numbers[name] = top1(m.subject.scores(m.counted(views)), m.labels[rows])
    numbers["gap"] = numbers["agreeing"] - numbers["conflicting"]
    yield "box<=0.5", len(rows), numbers


MEASURES: dict[str, Callable[[Measurement], Numbers]] = {
    "accuracy": _measure_accuracy,
    "average_precision": _measure_average_precision,
    "point_head": _measure_point_head,
    "localisation": _measure_localisation,
    "background": _measure_background,
    "planted": _measure_planted,
}
"""How each benchmark of `evaluate.table` gets its arrays."""


def _missing(name: str, m: Measurement) -> str:
    """What a benchmark would need and does not have, in words; "" when it can run."""
    small = m.boxed & (m.coverage <= 0.5)
    partners = np.bincount(m.labels[small], minlength=1).max() > 1
    needs = {
        "accuracy": (m.single, "one class a picture"),
        "average_precision": (not m.single, "several classes a picture"),
        "point_head": (m.single and "point" in m.subject.heads and m.boxed.any(), "a point head and boxes"),
        "localisation": (m.single and m.boxed.any() and m.seen[2] is not None, "boxes and an activation map"),
        "background": (m.single and partners, "two pictures of a class whose boxes cover at most half of them"),
        "planted": (m.single and m.subject.plant is not None and small.any(), "a background planted in training"),
    }
    holds, what = needs[name]
    return "" if holds else what


def _check(subject: Subject, dataset: Dataset, examples: list[Example], split: Split) -> None:
    classes = dataset.manifest.classes
    if not examples:
        raise UserFault(f"dataset '{dataset.manifest.name}'", seen=f"no picture in split '{split}'",
                        allowed="at least one", remedy="Choose another --split")  # fmt: skip
    if subject.classes is not None and subject.classes != classes:
        raise UserFault(f"model '{subject.provenance.recipe}'", seen=f"classes {', '.join(subject.classes[:5])} ...",
                        allowed=f"the dataset's: {', '.join(classes[:5])} ...",
                        remedy="Measure it on data with the classes it was trained for")  # fmt: skip
    if subject.backbone.classes != len(classes):
        raise UserFault(f"model '{subject.provenance.recipe}'", seen=f"{subject.backbone.classes} outputs",
                        allowed=f"{len(classes)}, the dataset's classes",
                        remedy="Measure it on data with the classes it was trained for")  # fmt: skip
