"""A model and the public benchmarks, as they were downloaded, become results."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from sidelight.data.public.listing import Listing, Reader
from sidelight.data.public.table import LAYOUTS
from sidelight.data.source.progress import Progress, silent
from sidelight.evaluate.public.measure import Measure, Number
from sidelight.evaluate.public.table import PUBLIC, public_benchmark
from sidelight.model.checkpoint import fingerprint
from sidelight.pipeline.public_answers import Answers
from sidelight.pipeline.public_bgc import show_on_backgrounds
from sidelight.pipeline.public_check import check_downloads
from sidelight.pipeline.public_model import PublicModel
from sidelight.pipeline.public_pass import Loop, Pace, show_all
from sidelight.records.errors import FaultsFound, UserFault
from sidelight.records.result import Provenance, Result

RESULTS = "results.json"
LOOPS: dict[str, Loop] = {"backgrounds_challenge_accuracy": show_on_backgrounds}
"""Benchmarks that show their pictures themselves, because what is shown depends on the answers; all others share
passes."""


@dataclass(frozen=True)
class Chosen:
    """A benchmark with its options.

    Attributes:
        reader: where its pictures lie.
        measure: what its numbers are.
    """

    reader: Reader
    measure: Measure


@dataclass(frozen=True)
class Place:
    """Where things lie.

    Attributes:
        data_root: folder of the downloads.
        out: folder for results and answers; None keeps nothing, and nothing can be gone on with.
        partial: measure what is there of a benchmark with faults; its numbers are marked.
    """

    data_root: Path
    out: Path | None = None
    partial: bool = False


def chosen(names: Sequence[str], options: Mapping[str, Chosen] | None = None) -> dict[str, Chosen]:
    """Benchmarks by name, with the options given or the likeliest readings.

    Raises:
        UserFault: for an unknown name.
    """
    known = options or {}
    rows = {name: public_benchmark(name) for name in names}
    return {name: known.get(name) or Chosen(LAYOUTS[name].reader(), row.measure()) for name, row in rows.items()}


def public_names(names: Sequence[str], options: Mapping[str, Chosen], data_root: Path) -> list[str]:
    """Benchmarks to measure: those named, or else every one that is whole.

    Raises:
        UserFault: for an unknown name, or if none is named and none is whole.
    """
    if names:
        return [public_benchmark(name).name for name in names]
    states = check_downloads({name: each.reader for name, each in options.items()}, data_root)
    whole = [found.name for found in states if found.state == "whole"]
    if not whole:
        raise UserFault(
            f"folder {data_root}",
            seen="no whole benchmark",
            allowed="at least one, or names after --on",
            remedy="See 'sidelight benchmarks check --data-root DIR' for what is missing",
        )
    return whole


def evaluate_public(
    model: PublicModel,
    benchmarks: Mapping[str, Chosen],
    place: Place,
    *,
    pace: Pace | None = None,
    progress: Progress = silent,
) -> list[Result]:
    """Measure a model.

    Benchmarks that show the same files in the same way share one forward pass. What was shown is saved about every
    minute and when the run is interrupted: the same command goes on from there.

    Args:
        model: of ImageNet-1K's classes.
        benchmarks: by name.
        place: of the data and of what is kept.
        pace: batch size, threads, cache.
        progress: told (pictures shown, of how many).

    Returns:
        Every number with the definition used.

    Raises:
        UserFault: if a benchmark is not there, or has faults and `partial` is not set; all are looked at first.
    """
    asked = [Answers(name, each.measure, listed(name, each.reader, place)) for name, each in benchmarks.items()]
    weights = fingerprint(model.subject.backbone)
    pace = pace or Pace()
    provenance = _told(model, weights)
    key = f"{weights} {model.view}"
    _refuse_other_results(place.out, provenance)
    for answers in asked:
        if place.out is not None:
            answers.resume(_file(place.out, answers), answers.key(key))
    try:
        for _ in _shown(model, asked, pace, progress):
            _save(asked, place.out, key)
    finally:
        _save(asked, place.out, key)
    found = [result for answers in asked for result in as_results(answers, provenance)]
    if place.out is not None:
        keep_results(place.out, found)
    return found


def _shown(model: PublicModel, asked: Sequence[Answers], pace: Pace, progress: Progress) -> Iterator[None]:
    """Show everything, yielding whenever it is good to save."""
    yield from show_all(model, [answers for answers in asked if answers.name not in LOOPS], pace, progress=progress)
    for answers in asked:
        if answers.name in LOOPS:
            yield from LOOPS[answers.name](model, answers, pace, progress=progress)


def listed(name: str, reader: Reader, place: Place) -> Listing:
    """A benchmark's pictures.

    Raises:
        UserFault: if no picture is there, or it is not whole and `partial` is not set.
    """
    listing = reader.read(place.data_root)
    if listing.faults and not (place.partial and listing.count):
        raise FaultsFound(
            f"benchmark '{name}' ({listing.count:,} of {listing.expected:,} pictures)",
            listing.faults,
            remedy="Mend the download, or measure what is there with --partial",
        )
    return listing


def as_results(answers: Answers, provenance: Provenance) -> list[Result]:
    """Numbers as records that carry the definition used; those of a benchmark that is not whole are marked."""
    mark = " (partial)" if answers.listing.faults or not answers.seen.all() else ""
    definition = answers.measure.definition()
    where = msgspec.structs.replace(provenance, dataset=answers.name, fingerprint=answers.fingerprint)
    return [_result(answers.name, number, definition, mark, where) for number in answers.numbers()]


def _result(name: str, number: Number, definition: Mapping[str, Any], mark: str, provenance: Provenance) -> Result:
    return Result(
        benchmark=name,
        metric=number.metric,
        value=number.value,
        definition=definition[number.metric].definition,
        higher_is_better=definition[number.metric].higher_is_better,
        n=number.n,
        subset=f"{number.subset}{mark}",
        provenance=provenance,
    )


def _told(model: PublicModel, weights: str) -> Provenance:
    """The provenance that also names the very weights, and how pictures were cut for them."""
    view, known = model.view, model.subject.provenance
    cut = (
        f"{'both sides' if view.squash else 'shorter side'} to {view.resize}, central {view.size}, {view.interpolation}"
    )
    return msgspec.structs.replace(known, environment=known.environment | {"weights": weights, "view": cut})


def keep_results(out: Path, found: Sequence[Result]) -> None:
    """Write results beside those of other benchmarks; a benchmark measured again replaces its own."""
    again = {result.benchmark for result in found}
    both = [result for result in kept_results(out) if result.benchmark not in again] + list(found)
    order = list(PUBLIC)
    both.sort(key=lambda result: order.index(result.benchmark))
    out.mkdir(parents=True, exist_ok=True)
    (out / RESULTS).write_bytes(msgspec.json.format(msgspec.json.encode(both), indent=1))


def kept_results(out: Path) -> list[Result]:
    """What earlier evaluations wrote; nothing where there was none."""
    file = out / RESULTS
    return msgspec.json.decode(file.read_bytes(), type=list[Result]) if file.is_file() else []


def _refuse_other_results(out: Path | None, provenance: Provenance) -> None:
    kept = [] if out is None else kept_results(out)
    others = {result.provenance.environment.get("weights", "") for result in kept}
    if others - {provenance.environment["weights"]}:
        raise UserFault(
            f"folder {out}",
            seen=f"results of another model ('{kept[0].provenance.recipe}')",
            allowed="results of one model",
            remedy="Choose another --out",
        )


def _file(out: Path, answers: Answers) -> Path:
    return out / "answers" / f"{answers.name}.npz"


def _save(asked: Sequence[Answers], out: Path | None, key: str) -> None:
    if out is None:
        return
    for answers in asked:
        if answers.seen.any():
            answers.save(_file(out, answers), answers.key(key))
