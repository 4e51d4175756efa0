"""A model and a dataset become results."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from sidelight.data.format.reader import Dataset
from sidelight.data.source.progress import Progress, silent
from sidelight.evaluate.accuracy import accuracy
from sidelight.evaluate.alignment import correlation, energy_inside
from sidelight.evaluate.background import VARIANTS, BackgroundDraws, background_reliance, background_variants
from sidelight.evaluate.localisation import localisation
from sidelight.evaluate.multilabel import average_precision
from sidelight.evaluate.planted import SHARES_OWN, planted_reliance
from sidelight.evaluate.point_head import class_pairs, point_head
from sidelight.evaluate.table import BENCHMARKS, benchmark, results
from sidelight.evaluate.two_class import two_class
from sidelight.pipeline.load import planted
from sidelight.pipeline.measurement import Measurement, Options
from sidelight.pipeline.subject import Subject, load_subject, measured_on
from sidelight.records.errors import UserFault
from sidelight.records.example import Example, Split
from sidelight.records.result import Result

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
    refuse_misfit(subject, dataset, examples, split)
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
        boxes = [m.viewed_boxes[row] for row in chosen]
        labels = [np.array([box.label for box in m.examples[row].boxes]) for row in chosen]
        pairs = (points[chosen, 0], boxes) if m.single else class_pairs(points[chosen], boxes, labels)
        yield subset, len(chosen), point_head(*pairs)


def _measure_localisation(m: Measurement) -> Numbers:
    maps = m.seen[2]
    assert maps is not None
    grid = m.options.localisation.grid or m.subject.augmentation.size
    for subset, rows in m.subsets():
        chosen = np.flatnonzero(rows & m.boxed)
        boxes = [m.viewed_boxes[row] for row in chosen]
        yield subset, len(chosen), localisation(maps[chosen], boxes, grid=grid)


def _measure_two_class(m: Measurement) -> Numbers:
    """All attacks, then each maker's by itself, against all genuine pictures."""
    kind = m.options.two_class.score
    yield "all", len(m.examples), two_class(m.seen[0], m.labels, kind=kind)
    makers = sorted({example.group for example, label in zip(m.examples, m.labels, strict=True) if label == 1})
    for maker in makers if len(makers) > 1 else ():
        rows = np.array([example.group == maker for example in m.examples]) | (m.labels == 0)
        yield maker, int(rows.sum()), two_class(m.seen[0][rows], m.labels[rows], kind=kind)


def _measure_alignment(m: Measurement) -> Numbers:
    maps = m.seen[2]
    assert maps is not None
    drawn, human = m.viewed_maps([example.map_path for example in m.examples])
    if len(drawn):
        yield "all", len(drawn), {"correlation": correlation(maps[drawn], human)}
    masked, masks = m.viewed_maps([example.mask_path for example in m.examples])
    if len(masked):
        inside = [(mask > 0).astype(np.float64) for mask in masks]
        yield "all", len(masked), {"energy_inside": energy_inside(maps[masked], inside)}


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
    scores = {}
    for kind, share in SHARES_OWN.items():
        rate = 1 / len(m.dataset.manifest.classes) if share is None else share
        change = planted(m.dataset, replace(m.subject.plant, rate=rate), examples)
        views = (m.subject.view(change(place, m.images[row])).image for place, row in enumerate(rows.tolist()))
        scores[kind] = m.subject.scores(m.counted(views))
    yield "box<=0.5", len(rows), planted_reliance(scores, m.labels[rows])


MEASURES: dict[str, Callable[[Measurement], Numbers]] = {
    "accuracy": _measure_accuracy,
    "two_class": _measure_two_class,
    "average_precision": _measure_average_precision,
    "point_head": _measure_point_head,
    "localisation": _measure_localisation,
    "alignment": _measure_alignment,
    "background": _measure_background,
    "planted": _measure_planted,
}
"""How each benchmark of `evaluate.table` gets its arrays."""


def _missing(name: str, m: Measurement) -> str:
    """What a benchmark would need and does not have, in words; "" when it can run."""
    small = m.boxed & (m.coverage <= 0.5)
    partners = np.bincount(m.labels[small], minlength=1).max() > 1
    own_boxes = m.boxed.any() and (m.single or m.boxes_labelled)
    drawn = any(example.map_path or example.mask_path for example in m.examples)
    two = len(m.dataset.manifest.classes) == 2 and len(set(m.labels.tolist())) == 2
    needs = {
        "accuracy": (m.single, "one class a picture"),
        "two_class": (m.single and two, "two classes, one a picture"),
        "alignment": (m.single and drawn and m.seen[2] is not None, "people's maps or masks, and an activation map"),
        "average_precision": (not m.single, "several classes a picture"),
        "point_head": ("point" in m.subject.heads and own_boxes, "a point head and boxes"),
        "localisation": (m.single and m.boxed.any() and m.seen[2] is not None, "boxes and an activation map"),
        "background": (m.single and partners, "two pictures of a class whose boxes cover at most half of them"),
        "planted": (m.single and m.subject.plant is not None and small.any(), "a background planted in training"),
    }
    holds, what = needs[name]
    return "" if holds else what


def refuse_misfit(subject: Subject, dataset: Dataset, examples: list[Example], split: str) -> None:
    """Refuse a split without pictures, and a model of other classes."""
    classes = dataset.manifest.classes
    if not examples:
        raise UserFault(
            f"dataset '{dataset.manifest.name}'",
            seen=f"no picture in split '{split}'",
            allowed="at least one",
            remedy="Choose another --split",
        )
    seen = ""
    if subject.classes is not None and subject.classes != classes:
        seen = f"classes {', '.join(subject.classes[:5])} ..."
    elif subject.backbone.classes != len(classes):
        seen = f"{subject.backbone.classes} outputs"
    if seen:
        raise UserFault(
            f"model '{subject.provenance.recipe}'",
            seen=seen,
            allowed=f"the dataset's {len(classes)} classes: {', '.join(classes[:5])} ...",
            remedy="Measure it on data with the classes it was trained for",
        )
