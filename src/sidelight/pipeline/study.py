"""Conditions times seeds: tune lambda, train, measure, and never repeat what is finished."""

import dataclasses
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import msgspec
import torch

from sidelight.data.format.reader import Dataset
from sidelight.model.files import write_whole
from sidelight.pipeline.curves import read_curves
from sidelight.pipeline.evaluate import evaluate
from sidelight.pipeline.measurement import Options
from sidelight.pipeline.train import train
from sidelight.recipes.recipe import Condition, Recipe, Study, as_values, recipe_hash
from sidelight.records.errors import UserFault
from sidelight.records.result import Provenance, Result
from sidelight.train.loop import StepReport
from sidelight.train.objective.luab import Luab

StepHook = Callable[[StepReport], None]


@dataclass(frozen=True)
class Run:
    """One training of a study.

    Attributes:
        condition: name of the condition.
        purpose: "tune" (its validation accuracy helps to choose lambda; never measured on the test) or "study".
        recipe: what is trained.
        seed: of the run.
    """

    condition: str
    purpose: str
    recipe: Recipe
    seed: int

    @property
    def folder(self) -> str:
        """Name of the run's folder: two runs share it exactly when they would give the same weights."""
        return f"{recipe_hash(self.recipe)}-seed{self.seed}"


@dataclass(frozen=True)
class Place:
    """Where a study works.

    Attributes:
        data: folder of the dataset.
        out: folder of the study.
        subsets: coverage limits that results are also given for.
    """

    data: Path
    out: Path
    subsets: tuple[float, ...]

    def file(self, run: Run) -> Path:
        """Where a run's numbers are kept once it is finished."""
        return self.out / "measured" / f"{run.purpose}-{run.condition}-{run.folder}.json"


class Measured(msgspec.Struct, frozen=True):
    """What is kept of a finished run; small enough to be committed.

    Attributes:
        condition: name of its condition.
        purpose: "tune" or "study".
        folder: of the run.
        seed: of the run.
        ratio: gradient ratio its lambda was chosen for; None for a plain run.
        lambda_: weight of the guidance term; 0 for a plain run.
        validation: accuracy on the validation pictures at the checkpoint kept.
        seconds: of training.
        curves: column of metrics.csv -> a value an epoch.
        provenance: of all the results; on disk it stands here once, and not beside every number.
        results: of the benchmarks (none when tuning).
    """

    condition: str
    purpose: str
    folder: str
    seed: int
    ratio: float | None
    lambda_: float
    validation: float
    seconds: float
    curves: dict[str, list[float | None]]
    provenance: Provenance = Provenance()
    results: list[Result] = []


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
    _claim(study, dataset.manifest.fingerprint, out)
    place = Place(data, out, study.subsets)
    tuning = [run for condition in study.conditions for run in tuning_runs(condition, study)]
    measured = list(_measure_all(tuning, place, jobs=jobs, announce=announce, report=report))
    runs = study_runs(study, chosen_ratios(measured), seeds=seeds)
    return measured + list(_measure_all(runs, place, jobs=jobs, announce=announce, report=report))


def study_runs(study: Study, ratios: Mapping[str, float], *, seeds: int) -> list[Run]:
    """The runs whose results are reported: group after group, in each seed after seed."""
    groups = list(dict.fromkeys(condition.group for condition in study.conditions))
    return [
        Run(
            condition.name,
            "study",
            with_ratio(condition.recipe, ratios.get(condition.tuned_as or condition.name)),
            seed,
        )
        for group in groups
        for seed in range(seeds)
        for condition in study.conditions
        if condition.group == group
    ]


def tuning_runs(condition: Condition, study: Study) -> list[Run]:
    """The short runs that choose lambda for a condition; none for a plain one."""
    if study.tuning is None or condition.tuned_as or not isinstance(condition.recipe.objective, Luab):
        return []
    short = replace(condition.recipe, training=replace(condition.recipe.training, epochs=study.tuning.epochs))
    return [
        Run(condition.name, "tune", with_ratio(short, ratio), seed)
        for ratio in study.tuning.ratios
        for seed in range(study.tuning.seeds)
    ]


def with_ratio(recipe: Recipe, ratio: float | None) -> Recipe:
    """The recipe with its lambda set by a gradient ratio; as it is where there is none to set."""
    if ratio is None or not isinstance(recipe.objective, Luab):
        return recipe
    return replace(recipe, objective=replace(recipe.objective, ratio=ratio))


def chosen_ratios(measured: list[Measured]) -> dict[str, float]:
    """For every tuned condition the ratio of the highest mean validation accuracy; of equals, the smallest."""
    accuracy: dict[tuple[str, float], list[float]] = {}
    for run in measured:
        if run.purpose == "tune" and run.ratio is not None:
            accuracy.setdefault((run.condition, run.ratio), []).append(run.validation)
    chosen: dict[str, tuple[float, float]] = {}
    for (condition, ratio), values in sorted(accuracy.items()):
        mean = sum(values) / len(values)
        if condition not in chosen or mean > chosen[condition][1]:
            chosen[condition] = (ratio, mean)
    return {condition: ratio for condition, (ratio, _) in chosen.items()}


def read_study(out: Path) -> list[Measured]:
    """Everything measured so far, in the order of the files' names.

    Raises:
        UserFault: if the folder holds no study.
    """
    folder = out / "measured"
    if not folder.is_dir():
        raise UserFault(
            f"study {out}",
            seen="no folder 'measured'",
            allowed="the --out of a study",
            remedy="Run 'sidelight study' first",
        )
    return [_read(file) for file in sorted(folder.glob("*.json"))]


def _read(file: Path) -> Measured:
    stored = msgspec.json.decode(file.read_bytes(), type=Measured)
    results = [msgspec.structs.replace(result, provenance=stored.provenance) for result in stored.results]
    return msgspec.structs.replace(stored, results=results)


def _write(measured: Measured, file: Path) -> None:
    bare = [msgspec.structs.replace(result, provenance=Provenance()) for result in measured.results]
    text = msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(measured, results=bare)), indent=1)
    write_whole(file, text + b"\n")


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


def _claim(study: Study, fingerprint: str, out: Path) -> None:
    """Write down which study, on which data, the folder belongs to; refuse any other."""
    described = {
        "name": study.name,
        "fingerprint": fingerprint,
        "question": study.question,
        "conditions": {
            c.name: {"role": c.role, "sentence": c.sentence, "group": c.group, "recipe": as_values(c.recipe)}
            for c in study.conditions
        },
        "tuning": dataclasses.asdict(study.tuning) if study.tuning else None,
        "subsets": list(study.subsets),
    }
    text = json.dumps(described, indent=1)
    file = out / "study.json"
    if file.exists():
        there, mine = json.loads(file.read_text()), json.loads(text)
        for part in ("name", "fingerprint", "tuning"):
            if there[part] != mine[part]:
                raise _other_study(out, part, f"'{there[part]}'", f"'{mine[part]}'")
        for name in there["conditions"].keys() & mine["conditions"].keys():
            if there["conditions"][name]["recipe"] != mine["conditions"][name]["recipe"]:
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
    """Measure runs in their order, `jobs` at a time; finished ones are only read."""
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
    waiting = iter(missing)
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])  # libraries are imported once for all jobs
    workers = ProcessPoolExecutor(jobs, mp_context=context, initializer=_share_cores, initargs=(jobs,))
    with workers as pool:
        running = {pool.submit(measure, run, place): run for run in islice(waiting, jobs)}
        for number in range(1, len(missing) + 1):
            done = next(as_completed(running))
            run = running.pop(done)
            done.result()
            announce(f"{run.purpose}: {run.condition}, seed {run.seed} done ({number} of {len(missing)})")
            running |= {pool.submit(measure, following, place): following for following in islice(waiting, 1)}


def _share_cores(jobs: int) -> None:
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // jobs))


def measure(run: Run, place: Place, *, report: StepHook | None = None) -> Measured:
    """Train and measure one run, or read what was measured when it was finished before."""
    file = place.file(run)
    if file.exists():
        return _read(file)
    folder = place.out / "runs" / run.folder
    fitted = train(run.recipe, place.data, folder, seed=run.seed, resume=True, report=report)
    options = Options(subsets=place.subsets)
    results = evaluate(str(folder), place.data, options=options) if run.purpose == "study" else []
    curves = read_curves(folder / "metrics.csv")
    objective = run.recipe.objective
    done = Measured(
        condition=run.condition,
        purpose=run.purpose,
        folder=run.folder,
        seed=run.seed,
        ratio=objective.ratio if isinstance(objective, Luab) else None,
        lambda_=fitted.lambda_,
        validation=_validation(curves, fitted.best_epoch),
        seconds=fitted.seconds,
        curves=curves,
        provenance=results[0].provenance if results else Provenance(),
        results=results,
    )
    _write(done, file)
    return done


def _validation(curves: Mapping[str, Sequence[float | None]], epoch: int) -> float:
    """Accuracy on the validation pictures after that epoch, from 1."""
    value = curves["val_accuracy"][epoch - 1]
    assert value is not None
    return value
