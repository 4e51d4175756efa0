"""Several runs become one report: the paper's tables with our numbers beside its own."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from sidelight.data.format.manifest import Task
from sidelight.pipeline.curves import read_curves, whole_columns
from sidelight.pipeline.measured import read_study
from sidelight.pipeline.paper_columns import (
    SEPARATE_PHOTOS,
    answers_behind,
    column_of,
    guided_by,
    model_of,
    setup_of,
    sources,
    task_of,
)
from sidelight.records.errors import UserFault
from sidelight.records.result import Result
from sidelight.report.bootstrap import Answers
from sidelight.report.content import Curve
from sidelight.report.paper_grid import paper_csv
from sidelight.report.paper_page import Origin, PaperReport, render
from sidelight.report.paper_table import filled_tables
from sidelight.report.trained import Number, Trained

PAGE = "paper.html"

Key = tuple[str, str]
"""Hash of the recipe (name of a model from elsewhere), and fingerprint of the data that it was trained on."""


@dataclass
class Gathered:
    """Everything found about one way of training.

    Attributes:
        recipe: its values; {} for a model from elsewhere.
        name: of the recipe, or of the model.
        data: that it was trained on, by name; "" where that is not known.
        task: which kind of labels.
        numbers: column -> seed -> number.
        others: what fills no column.
        curves: seed -> metric -> a value an epoch.
        folders: where it was found.
    """

    recipe: Mapping[str, Any]
    name: str
    data: str = ""
    task: Task = "single_label"
    numbers: dict[str, dict[int, Number]] = field(default_factory=dict)
    others: list[tuple[int, Result]] = field(default_factory=list)
    curves: dict[int, dict[str, list[float]]] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)


def report_paper(folders: Sequence[Path], out: Path) -> Path:
    """Write the paper's tables, filled from these folders, as a page; and beside it every number as CSV.

    Args:
        folders: of runs, studies, or evaluations (the --out of 'sidelight evaluate --data-root' or of 'sidelight
            detect').
        out: the page; the numbers go beside it, with its name and the ending .csv.

    Raises:
        UserFault: if a folder is none of these, nothing was measured, or one run was measured twice and differently.
    """
    gathered = gather(folders)
    trained = [_with_curves(*pair) for pair in zip(gathered.values(), _named(gathered), strict=True)]
    tables = filled_tables(trained)
    report = PaperReport(
        trained=tuple(trained),
        tables=tables,
        origins=tuple(_origin(each, one) for each, one in zip(gathered.values(), trained, strict=True)),
        command=f"sidelight report {' '.join(folder.name for folder in folders)} --out {out.name}",
        made_at=f"{datetime.now(tz=UTC):%d %B %Y}",
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.with_suffix(".csv").write_text(paper_csv(tables), encoding="utf-8")
    out.write_text(render(report), encoding="utf-8")
    return out


def gather(folders: Sequence[Path]) -> dict[Key, Gathered]:
    """What the folders hold: runs of one recipe on the same data are seeds of one training.

    Evaluations of a run are put to it, whichever folder they lie in.
    """
    gathered: dict[Key, Gathered] = {}
    ordered = sorted(folders, key=lambda folder: not (folder / "recipe.json").is_file())
    for folder in ordered:
        before = _count(gathered)
        if (folder / "study.json").is_file():
            _take_study(gathered, folder)
        elif (folder / "recipe.json").is_file():
            _take_run(gathered, folder)
        elif (folder / "results.json").is_file():
            _take_results(gathered, folder)
        if _count(gathered) == before:
            raise UserFault(
                f"folder {folder}",
                seen="no measured numbers",
                allowed="a measured run or study, or the --out of 'sidelight evaluate' or 'sidelight detect'",
                remedy="Run 'sidelight evaluate' on the run first",
            )
    return gathered


def _count(gathered: Mapping[Key, Gathered]) -> int:
    return sum(len(each.folders) for each in gathered.values())


def _take_run(gathered: dict[Key, Gathered], folder: Path) -> None:
    run: dict[str, Any] = json.loads((folder / "recipe.json").read_text())
    measured = [place for place in (folder, folder / "public") if (place / "results.json").is_file()]
    if not measured:
        return
    key = (run["recipe_hash"], run["fingerprint"])
    found = gathered.setdefault(key, Gathered(run["recipe"], run["recipe"]["name"], run["dataset"], run["task"]))
    found.folders.append(folder.name)
    for place in measured:
        _take(found, run["seed"], _read(place), place / "answers")
    if (folder / "metrics.csv").is_file():
        found.curves[run["seed"]] = whole_columns(read_curves(folder / "metrics.csv"))


def _take_study(gathered: dict[Key, Gathered], folder: Path) -> None:
    study: dict[str, Any] = json.loads((folder / "study.json").read_text())
    for run in read_study(folder):
        if run.purpose != "study" or not run.results:
            continue
        recipe = study["conditions"][run.condition]["recipe"]
        made = run.results[0].provenance
        # What a condition's teacher says of the data differs from what the data say themselves, and so do the runs.
        key = (made.recipe_hash, f"{study['fingerprint']} {run.condition if run.teacher else ''}".strip())
        found = gathered.setdefault(key, Gathered(recipe, recipe["name"], made.dataset, task_of(recipe)))
        _take(found, run.seed, run.results, None)
        found.curves[run.seed] = whole_columns(run.curves)
        found.folders.append(f"{folder.name}/{run.folder}")


def _take_results(gathered: dict[Key, Gathered], folder: Path) -> None:
    """The numbers of an evaluation; those of a run that is not among the folders stand by themselves."""
    for result in _read(folder):
        made = result.provenance
        runs = [each for key, each in gathered.items() if made.recipe_hash and key[0] == made.recipe_hash]
        if len(runs) > 1:  # trained on several data sets
            runs = [each for each in runs if made.seed in _seeds(each)]
        name = made.recipe or "a model"
        found = runs[0] if len(runs) == 1 else gathered.setdefault((made.recipe_hash or name, ""), Gathered({}, name))
        _take(found, made.seed, [result], folder / "answers")
        if folder.name not in found.folders:
            found.folders.append(folder.name)


def _read(folder: Path) -> list[Result]:
    return msgspec.json.decode((folder / "results.json").read_bytes(), type=list[Result])


def _seeds(found: Gathered) -> set[int]:
    return {seed for column in found.numbers.values() for seed in column} | {seed for seed, _ in found.others}


def _take(found: Gathered, seed: int, results: Iterable[Result], answers: Path | None) -> None:
    where = sources()
    for result in results:
        column = column_of(result, where)
        if column is None:
            found.others.append((seed, result))
            continue
        before = found.numbers.setdefault(column, {}).get(seed)
        if before is not None and before.result.value != result.value:
            raise UserFault(
                f"{column} of {found.name}, seed {seed}",
                seen=f"{before.result.value:g} and {result.value:g}",
                allowed="one measurement of a run",
                remedy="Leave one of the folders out",
            )
        if before is None or before.answers is None:
            found.numbers[column][seed] = Number(result, _kept(result, column, answers))


def _kept(result: Result, column: str, answers: Path | None) -> Answers | None:
    if answers is None or column not in SEPARATE_PHOTOS:
        return None
    file = answers / f"{result.benchmark}.npz"
    if not file.is_file():
        return None
    with np.load(file, allow_pickle=False) as kept:
        return answers_behind(result, {name: kept[name] for name in kept.files})


def _named(gathered: Mapping[Key, Gathered]) -> list[Trained]:
    """All trainings by what they are ("R50 clicks"), and by as much more as tells them apart."""
    trained = list(map(_trained, gathered.values()))
    more = [(found.name, f"on {found.data}", key[0][:6], key[1][:6]) for key, found in gathered.items()]
    for column in zip(*more, strict=True):
        names = [each.name for each in trained]
        for place, words in enumerate(column):
            alike = [column[other] for other, name in enumerate(names) if name == names[place]]
            if len(set(alike)) > 1:
                trained[place] = replace(trained[place], name=f"{names[place]} ({words})")
    return trained


def _trained(found: Gathered) -> Trained:
    numbers, others = found.numbers, tuple(found.others)
    if not found.recipe:
        return Trained(found.name, found.name, "elsewhere", task=found.task, numbers=numbers, others=others)
    model, guided, setup = model_of(found.recipe), guided_by(found.recipe), setup_of(found.recipe, found.task)
    name = " ".join(filter(None, (model, setup, guided)))
    return Trained(name, model, guided, setup, found.task, numbers, others)


def _with_curves(found: Gathered, trained: Trained) -> Trained:
    curves = (Curve(trained.name, seed, values) for seed, values in sorted(found.curves.items()))
    return replace(trained, curves=tuple(curves))


def _origin(found: Gathered, trained: Trained) -> Origin:
    results = [result for _, _, result in trained.measured()]
    made = results[0].provenance
    return Origin(
        trained,
        recipe=found.name,
        folders=tuple(found.folders),
        recipe_hash=made.recipe_hash,
        data=found.data,
        seeds=tuple(sorted(_seeds(found))),
        simulated=tuple(dict.fromkeys(r.provenance.simulated for r in results if r.provenance.simulated)),
        version=made.version,
        commit=made.commit,
    )
