"""A model and a dataset become results."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np

from sidelight.data.format.reader import Dataset
from sidelight.data.images import Image
from sidelight.data.selection import Selection
from sidelight.data.source.progress import Progress, silent
from sidelight.evaluate.accuracy import accuracy
from sidelight.evaluate.alignment import correlation, energy_inside
from sidelight.evaluate.background import VARIANTS, BackgroundDraws, background_reliance, background_variants
from sidelight.evaluate.box_overlap import box_overlap
from sidelight.evaluate.localisation import localisation
from sidelight.evaluate.multilabel import average_precision
from sidelight.evaluate.object_removal import Removals, object_removal
from sidelight.evaluate.pixel_ap import PixelTally
from sidelight.evaluate.planted import SHARES_OWN, planted_reliance
from sidelight.evaluate.point_head import class_pairs, point_head
from sidelight.evaluate.table import BENCHMARKS, benchmark, results
from sidelight.evaluate.two_class import two_class
from sidelight.pipeline.load import planted
from sidelight.pipeline.measurement import Measurement, Options
from sidelight.pipeline.removal import without_each_class
from sidelight.pipeline.results import write_results
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
        out: file for the results, as JSON, beside what was measured before of the same model on the same data; None
            writes results.json into a run's folder, and nothing for other models.
        progress: told how many pictures the model has seen.

    Returns:
        Every number, with its definition and its provenance.

    Raises:
        UserFault: for an unknown benchmark, one that the model or the data do not allow or that finds no picture to
            measure, or a model of other classes.
    """
    subject = load_subject(model)
    dataset = Dataset.open(data)
    options = options or Options()
    examples = Selection(options.max_box_coverage).of(dataset.examples(), split)
    refuse_misfit(subject, dataset, examples, split)
    measurement = Measurement(subject, dataset, examples, options, progress)
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
        said = departures(getattr(options, name, None))
        for subset, n, numbers in MEASURES[name](measurement) if not missing else ():
            found += results(name, numbers, n=n, split=split, subset=subset, provenance=provenance, departures=said)
        if on and not any(result.benchmark == name for result in found):
            raise UserFault(
                f"benchmark '{name}'",
                seen=f"none of the {len(examples)} pictures has what it measures",
                allowed="at least one",
                remedy="Choose another --split or other options, or leave it out of --on",
            )
    file = out or (Path(model) / "results.json" if Path(model).is_dir() else None)
    if file is not None:
        write_results(found, file)
    return found


def departures(options: object) -> str:
    """Which options are not at their defaults, for whoever reads the number: "step 0.01, stretch before".

    Args:
        options: a frozen dataclass of defaults, or None.
    """
    if not is_dataclass(options) or isinstance(options, type):
        return ""
    usual, said = type(options)(), []
    for each in fields(options):
        value = getattr(options, each.name)
        if is_dataclass(value):
            said.append(departures(value))
        elif value != getattr(usual, each.name):
            said.append(f"{each.name} {value}")
    return ", ".join(part for part in said if part)


def _measure_accuracy(m: Measurement) -> Numbers:
    for subset, rows in m.subsets():
        yield subset, int(rows.sum()), accuracy(m.seen.scores[rows], m.labels[rows])


def _measure_average_precision(m: Measurement) -> Numbers:
    yield "all", len(m.examples), average_precision(m.seen.scores, m.targets)


def _measure_point_head(m: Measurement) -> Numbers:
    points = m.seen.points
    assert points is not None
    for subset, rows in m.subsets():
        chosen = np.flatnonzero(rows & m.boxed)
        boxes = [m.viewed_boxes[row] for row in chosen]
        labels = [np.array([box.label for box in m.examples[row].boxes]) for row in chosen]
        pairs = (points[chosen, 0], boxes) if m.single else class_pairs(points[chosen], boxes, labels)
        yield subset, len(chosen), point_head(*pairs)


def _measure_localisation(m: Measurement) -> Numbers:
    maps, chosen_maps = m.seen.maps, m.options.localisation.map_of
    assert maps is not None
    law = m.options.localisation.law(m.subject.augmentation.size)
    if chosen_maps == "named" and m.seen.named is None:
        raise UserFault(
            "--localisation.map-of named", seen="several labels a picture", allowed="one", remedy="Leave it out"
        )
    maps = maps if m.seen.named is None else m.seen.named
    named = m.seen.scores.argmax(axis=1) == m.labels if m.single else None
    boxes = [_boxes_of_class(m, row, label) for row, label in zip(m.seen.row, m.seen.label, strict=True)]
    has_box = np.array([len(each) > 0 for each in boxes])
    for subset, rows in m.subsets():
        chosen = np.flatnonzero(rows[m.seen.row] & has_box)
        own = [boxes[place] for place in chosen]
        found = localisation(maps[chosen], own, law=law, named=None if named is None else named[chosen])
        yield subset, len(set(m.seen.row[chosen])), found | box_overlap(maps[chosen], own)


def _boxes_of_class(m: Measurement, row: int, label: int) -> np.ndarray:
    """[Q, 4] of a picture, as the model sees it; with several labels those of the class only."""
    if m.single:
        return m.viewed_boxes[row]
    return m.viewed_boxes[row][np.array([box.label == label for box in m.examples[row].boxes], bool)]


def _measure_pixel_ap(m: Measurement) -> Numbers:
    maps = m.seen.maps
    assert maps is not None
    law = m.options.pixel_ap.law(m.subject.augmentation.size)
    for subset, rows in m.subsets():
        tally = PixelTally(len(m.dataset.manifest.classes), m.single, law)
        masked = rows & np.array([example.mask_path is not None for example in m.examples])
        for row in np.flatnonzero(masked).tolist():
            mask = m.viewed_mask(row, law.grid)
            assert mask is not None
            for place in np.flatnonzero(m.seen.row == row).tolist():
                label = int(m.seen.label[place])
                crowd = m.crowd(row, label, mask) if not m.single and m.options.pixel_ap.crowds == "ignored" else None
                on_object = (mask == label + 1) if crowd is None else (mask == label + 1) & ~crowd
                tally.add(maps[place], on_object, label=label, ignore=crowd)
        if tally.mass:
            yield subset, int(masked.sum()), tally.numbers()


def _measure_object_removal(m: Measurement) -> Numbers:
    """Streams the pictures: only scores are kept."""
    picture: list[int] = []
    removed: list[int] = []
    size = m.subject.augmentation.size

    def views() -> Iterator[Image]:
        for each in without_each_class(
            m.examples,
            m.options.object_removal,
            view_of=lambda image: m.subject.view(image).image,
            seen=lambda row: m.subject.view(m.images[row]).image,
            mask_of=lambda row: m.viewed_mask(row, size),
            classes=m.dataset.manifest.classes,
        ):
            picture.append(each.picture)
            removed.append(each.label)
            yield each.view

    scores = [outputs.logits.float().numpy() for outputs in m.subject.look(m.counted(views()))]
    if scores:
        found = Removals(np.array(picture), np.array(removed), np.concatenate(scores))
        yield "all", len(set(picture)), object_removal(found, m.options.object_removal.reading)


def _measure_two_class(m: Measurement) -> Numbers:
    """All attacks, then each maker's by itself, against all genuine pictures."""
    kind = m.options.two_class.score
    yield "all", len(m.examples), two_class(m.seen.scores, m.labels, kind=kind)
    makers = sorted({example.group for example, label in zip(m.examples, m.labels, strict=True) if label == 1})
    for maker in makers if len(makers) > 1 else ():
        rows = np.array([example.group == maker for example in m.examples]) | (m.labels == 0)
        yield maker, int(rows.sum()), two_class(m.seen.scores[rows], m.labels[rows], kind=kind)


def _measure_alignment(m: Measurement) -> Numbers:
    maps = m.seen.maps
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
    "pixel_ap": _measure_pixel_ap,
    "object_removal": _measure_object_removal,
    "alignment": _measure_alignment,
    "background": _measure_background,
    "planted": _measure_planted,
}
"""How each benchmark of `evaluate.table` gets its arrays."""


def _missing(name: str, m: Measurement) -> str:
    """What a benchmark would need and does not have, in words; "" when it can run."""
    small = m.boxed & (m.coverage <= 0.5)
    own_boxes = m.boxed.any() and (m.single or m.boxes_labelled)
    masked = any(example.mask_path for example in m.examples)

    def mapped() -> bool:  # asked last: it takes a pass over the pictures
        return m.seen.maps is not None

    def two_classes() -> bool:
        return len(m.dataset.manifest.classes) == 2 and len(set(m.labels.tolist())) == 2

    def drawn() -> bool:
        return masked or any(example.map_path for example in m.examples)

    def partners() -> bool:
        return bool(np.bincount(m.labels[small], minlength=1).max() > 1)

    needs: dict[str, tuple[Callable[[], object], str]] = {
        "accuracy": (lambda: m.single, "one class a picture"),
        "two_class": (lambda: m.single and two_classes(), "two classes, one a picture"),
        "alignment": (lambda: m.single and drawn() and mapped(), "people's maps or masks, and an activation map"),
        "average_precision": (lambda: not m.single, "several classes a picture"),
        "point_head": (lambda: "point" in m.subject.heads and own_boxes, "a point head and boxes"),
        "localisation": (lambda: own_boxes and mapped(), "boxes (of a class each) and an activation map"),
        "pixel_ap": (lambda: masked and mapped(), "masks and an activation map"),
        "object_removal": (lambda: not m.single and masked, "several classes a picture, and masks"),
        "background": (lambda: m.single and partners(), "two pictures of a class whose boxes cover at most half"),
        "planted": (lambda: m.single and m.subject.plant and small.any(), "a background planted in training"),
    }
    holds, what = needs[name]
    return "" if holds() else what


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
