"""Conditions times seeds: tune lambda, train, measure, and never repeat what is finished."""

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import torch

from sidelight.data.format.manifest import Manifest
from sidelight.data.format.reader import Dataset
from sidelight.model.files import write_whole
from sidelight.pipeline.curves import read_curves
from sidelight.pipeline.evaluate import evaluate
from sidelight.pipeline.measured import Measured, read_measured, write_measured
from sidelight.pipeline.measurement import Options
from sidelight.pipeline.runs import Run, chosen_knobs, has_lambda, study_runs, tuning_runs, with_teachers
from sidelight.pipeline.teach import teach
from sidelight.pipeline.teacher_choice import choose_teacher
from sidelight.pipeline.train import train
from sidelight.recipes.recipe import Study, as_values, that_count
from sidelight.records.errors import UserFault
from sidelight.records.result import Provenance, Result
from sidelight.train.loop import StepReport
from sidelight.train.objective.cyborg import Cyborg

StepHook = Callable[[StepReport], None]


@dataclass(frozen=True)
class Place:
    """Where a study works.

    Attributes:
        data: folder of the dataset.
        out: folder of the study.
        subsets: coverage limits that results are also given for.
        on: benchmarks of the test; none = all that are possible.
        validation: benchmarks that are also measured on the validation pictures.
        max_box_coverage: of the pictures that are measured; 1 = all.
    """

    data: Path
    out: Path
    subsets: tuple[float, ...] = ()
    on: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()
    max_box_coverage: float = 1.0

    def file(self, run: Run) -> Path:
        """Where a run's numbers are kept once it is finished."""
        return self.out / "measured" / f"{run.purpose}-{run.condition}-{run.folder}.json"

    def folder(self, run: Run) -> Path:
        """Where a run keeps its weights."""
        return self.out / "runs" / run.folder


def run_study(
    study: Study,
    data: Path,
    out: Path,
    *,
    seeds: int,
    jobs: int = 1,
    announce: Callable[[str], None] = lambda _: None,
    report: StepHook | None = None,
) -> list[Measured]:
    """Run what is missing of a study.

    A finished run is a file in `measured/`; with it the run is not repeated, even where its weights are gone. An
    unfinished one goes on from its last checkpoint.

    Args:
        study: what to run.
        data: folder of the dataset.
        out: folder of the study.
        seeds: how many seeds a condition gets: 0 to seeds - 1. Within a group one seed is finished before the next
            begins, so that an interrupted study holds whole pairs.
        jobs: runs at the same time, each in a process of its own with its share of the cores.
        announce: told in words what is done.
        report: told of every training step; only where there is one job.

    Returns:
        Everything measured, tuning runs included.

    Raises:
        UserFault: if `out` holds another study, or this one with other recipes or data; if the data leave a condition
            nothing to validate on.
    """
    dataset = Dataset.open(data)
    _refuse_unvalidated(study, dataset)
    _claim(study, dataset.manifest, out)
    place = Place(data, out, study.subsets, study.on, study.validation, study.max_box_coverage)
    measured: list[Measured] = []
    for taught in (False, True):  # those who are taught are tuned on what tuned teachers say
        conditions = [condition for condition in study.conditions if bool(condition.teachers) == taught]
        chosen = chosen_knobs(measured)
        tuning = [run for condition in conditions for run in tuning_runs(condition, study, chosen)]
        measured += _measure_all(tuning, place, jobs=jobs, announce=announce, report=report)
    runs = study_runs(study, chosen_knobs(measured), seeds=seeds)
    measured += _measure_all(runs, place, jobs=jobs, announce=announce, report=report)
    kept = {(run.purpose, run.condition, run.folder): run for run in measured}  # teachers stand there twice
    return list(kept.values())


def _refuse_unvalidated(study: Study, dataset: Dataset) -> None:
    """Refuse data without validation pictures: every run is watched on them, and lambda is chosen by them."""
    pictures = [example for example in dataset.examples() if example.split == "validation"]
    for condition in study.conditions:
        if not any(map(condition.recipe.selection.keeps, pictures)):
            raise UserFault(
                f"dataset '{dataset.manifest.name}'",
                seen=f"no validation picture that condition '{condition.name}' uses",
                allowed="at least one",
                remedy="Convert the data with a share for validation",
            )


def _claim(study: Study, data: Manifest, out: Path) -> None:
    """Write down which study, on which data, the folder belongs to; refuse any other. Data are told apart by their name
    as well: a fingerprint says nothing about pixels, in which alone decoys of different shortcuts differ.
    """
    described: dict[str, object] = {
        "name": study.name,
        "dataset": data.name,
        "fingerprint": data.fingerprint,
        "question": study.question,
        "conditions": {
            c.name: {"role": c.role, "sentence": c.sentence, "group": c.group, "recipe": as_values(c.recipe)}
            | ({"teachers": c.teachers, "teaching": dataclasses.asdict(c.teaching)} if c.teachers else {})
            for c in study.conditions
        },
        "tuning": dataclasses.asdict(study.tuning) if study.tuning else None,
        "subsets": list(study.subsets),
    }
    if study.axes or study.contrasts:
        described |= {
            part: [dataclasses.asdict(each) for each in getattr(study, part)] for part in ("axes", "contrasts")
        }
    text = json.dumps(described, indent=1)
    file = out / "study.json"
    if file.exists():
        there, mine = json.loads(file.read_text()), json.loads(text)
        for part in ("name", "dataset", "fingerprint", "tuning"):
            if there.get(part, mine[part]) != mine[part]:  # older studies name no dataset
                raise _other_study(out, part, f"'{there[part]}'", f"'{mine[part]}'")
        for name in there["conditions"].keys() & mine["conditions"].keys():
            if that_count(there["conditions"][name]["recipe"]) != that_count(mine["conditions"][name]["recipe"]):
                raise _other_study(out, f"condition '{name}'", "another recipe", "the recipe of this version")
    write_whole(file, text.encode())


def _other_study(out: Path, part: str, seen: str, allowed: str) -> UserFault:
    return UserFault(
        f"folder {out}, {part} of its study",
        seen=seen,
        allowed=f"{allowed}, or a new folder",
        remedy="Choose another --out, or the study and data that this one was begun with",
    )


def _measure_all(
    runs: Sequence[Run], place: Place, *, jobs: int, announce: Callable[[str], None], report: StepHook | None
) -> Iterator[Measured]:
    """Measure runs in their order, each after its teachers, `jobs` at a time; finished ones are only read."""
    runs = list(with_teachers(runs))
    missing = [run for run in runs if not place.file(run).exists()]
    if jobs > 1 and missing:
        _measure_beside(missing, place, jobs=jobs, announce=announce)
    for number, run in enumerate(runs, start=1):
        if not place.file(run).exists():
            announce(f"{run.purpose}: {run.condition}, seed {run.seed} ({number} of {len(runs)})")
        yield measure(run, place, report=report)


def _measure_beside(missing: Sequence[Run], place: Place, *, jobs: int, announce: Callable[[str], None]) -> None:
    """Measure runs in processes of their own. No run is begun before another has ended, so that who interrupts the
    study, or meets a fault, waits for nothing but the runs under way.
    """
    waiting = list(missing)
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])  # libraries are imported once for all jobs
    workers = ProcessPoolExecutor(jobs, mp_context=context, initializer=_share_cores, initargs=(jobs,))
    with workers as pool:
        running: dict[Future[Measured], Run] = {}
        for number in range(1, len(missing) + 1):
            while len(running) < jobs and (run := _take_ready(waiting, place)):
                running[pool.submit(measure, run, place)] = run
            done = next(as_completed(running))
            run = running.pop(done)
            done.result()
            announce(f"{run.purpose}: {run.condition}, seed {run.seed} done ({number} of {len(missing)})")


def _take_ready(waiting: list[Run], place: Place) -> Run | None:
    """The first run whose teachers are finished, taken out of those that wait."""
    for run in waiting:
        if all(place.file(teacher).exists() for teacher in run.teachers):
            waiting.remove(run)
            return run
    return None


def _share_cores(jobs: int) -> None:
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // jobs))


def measure(run: Run, place: Place, *, report: StepHook | None = None) -> Measured:
    """Train and measure one run, or read what was measured when it was finished before.

    A run with teachers is trained on what one of them says about the data, and measured on the data themselves.
    """
    file = place.file(run)
    if file.exists():
        return read_measured(file)
    folder = place.folder(run)
    teacher, data = _taught(run, place) if run.teachers else ("", place.data)
    fitted = train(run.recipe, data, folder, seed=run.seed, resume=True, report=report)
    results = _results(folder, place) if run.purpose == "study" else []
    curves = read_curves(folder / "metrics.csv")
    objective = run.recipe.objective
    done = Measured(
        condition=run.condition,
        purpose=run.purpose,
        folder=run.folder,
        seed=run.seed,
        ratio=getattr(objective, "ratio", None),
        lambda_=fitted.lambda_ if has_lambda(run.recipe) else 0.0,
        validation=_validation(curves, fitted.best_epoch),
        seconds=fitted.seconds,
        curves=curves,
        provenance=results[0].provenance if results else Provenance(),
        results=results,
        alpha=objective.alpha if isinstance(objective, Cyborg) and objective.ratio is None else None,
        teacher=teacher,
    )
    write_measured(done, file)
    if run.teachers:
        shutil.rmtree(data)
    return done


def _results(folder: Path, place: Place) -> list[Result]:
    options = Options(max_box_coverage=place.max_box_coverage, subsets=place.subsets)
    found = evaluate(str(folder), place.data, on=place.on, options=options)
    if place.validation:
        out = folder / "results-validation.json"
        found += evaluate(str(folder), place.data, on=place.validation, split="validation", options=options, out=out)
    return found


def _taught(run: Run, place: Place) -> tuple[str, Path]:
    """The condition that teaches, and the dataset that it makes; it lies with the run until that is measured."""
    candidates = {teacher.condition: measure(teacher, place) for teacher in run.teachers}
    name = choose_teacher({condition: done.results for condition, done in candidates.items()})
    teacher = next(each for each in run.teachers if each.condition == name)
    data = place.folder(run) / "taught"
    if not data.exists():
        weights = place.folder(teacher)
        if not (weights / "model.safetensors").exists():  # measured long ago, and tidied away
            train(teacher.recipe, place.data, weights, seed=teacher.seed, resume=True)
        teach(str(weights), place.data, data, teaching=run.teaching)
    return name, data


def _validation(curves: Mapping[str, Sequence[float | None]], epoch: int) -> float:
    """Accuracy on the validation pictures after that epoch, from 1."""
    value = curves["val_accuracy"][epoch - 1]
    assert value is not None
    return value
