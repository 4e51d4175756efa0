"""Conditions times seeds: tune lambda, train, measure, and never repeat what is finished."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from sidelight.data.format.reader import Dataset
from sidelight.pipeline.curves import read_curves
from sidelight.pipeline.evaluate import Options, evaluate
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
    announce: Callable[[str], None] = lambda _: None,
    report: StepHook | None = None,
) -> list[Measured]:
    """Run what is missing of a study.

    A finished run is a file `measured/<folder>.json`; with it the run is not repeated, even where its weights are
    gone. An unfinished one goes on from its last checkpoint.

    Args:
        study: what to run.
        data: folder of the dataset.
        out: folder of the study.
        seeds: how many seeds a condition gets: 0 to seeds - 1. Within a group one seed is finished before the next
            begins, so that an interrupted study holds whole pairs.
        announce: told in words what comes next.
        report: told of every training step.

    Returns:
        Everything measured, tuning runs included.

    Raises:
        UserFault: if `out` holds another study, or this one on other data.
    """
    _claim(study, Dataset.open(data).manifest.fingerprint, out)
    measured: list[Measured] = []
    ratios: dict[str, float] = {}
    if study.tuning is not None:
        for condition in study.conditions:
            runs = tuning_runs(condition, study)
            measured += [_measure(run, data, out, study, announce=announce, report=report) for run in runs]
        ratios = chosen_ratios(measured)
    runs = study_runs(study, ratios, seeds=seeds)
    return measured + [_measure(run, data, out, study, announce=announce, report=report) for run in runs]


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
    file.parent.mkdir(exist_ok=True)
    temporary = file.with_suffix(".part")
    text = msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(measured, results=bare)), indent=1)
    temporary.write_bytes(text + b"\n")
    temporary.replace(file)


def _claim(study: Study, fingerprint: str, out: Path) -> None:
    """Write down which study, on which data, the folder belongs to; refuse any other."""
    out.mkdir(parents=True, exist_ok=True)
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
    file = out / "study.json"
    if file.exists():
        there = json.loads(file.read_text())
        for part, mine in (("name", study.name), ("fingerprint", fingerprint)):
            if there[part] != mine:
                raise UserFault(
                    f"folder {out}, {part} of its study",
                    seen=f"'{there[part]}'",
                    allowed=f"'{mine}', or a new folder",
                    remedy="Choose another --out, or the data the study was begun with",
                )
    file.write_text(json.dumps(described, indent=1))


def _measure(
    run: Run,
    data: Path,
    out: Path,
    study: Study,
    *,
    announce: Callable[[str], None],
    report: StepHook | None,
) -> Measured:
    file = out / "measured" / f"{run.purpose}-{run.condition}-{run.folder}.json"
    if file.exists():
        return _read(file)
    announce(f"{run.purpose}: {run.condition}, seed {run.seed}")
    folder = out / "runs" / run.folder
    fitted = train(run.recipe, data, folder, seed=run.seed, resume=True, report=report)
    results = []
    if run.purpose == "study":
        announce(f"measuring {run.condition}, seed {run.seed}")
        results = evaluate(str(folder), data, options=Options(subsets=study.subsets))
    curves = read_curves(folder / "metrics.csv")
    objective = run.recipe.objective
    done = Measured(
        condition=run.condition,
        purpose=run.purpose,
        folder=run.folder,
        seed=run.seed,
        ratio=objective.ratio if isinstance(objective, Luab) else None,
        lambda_=fitted.lambda_,
        validation=curves["val_accuracy"][fitted.best_epoch - 1] or 0.0,
        seconds=fitted.seconds,
        curves=curves,
        provenance=results[0].provenance if results else Provenance(),
        results=results,
    )
    _write(done, file)
    return done
