"""Results become a report: what a study or a run left on disk, told on one page."""

import json
import statistics
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from sidelight.data.format.reader import Dataset
from sidelight.pipeline.curves import read_curves, whole_columns
from sidelight.pipeline.gallery import gallery
from sidelight.pipeline.guidance_in_box import points_in_box
from sidelight.pipeline.measured import Measured, read_study
from sidelight.records.errors import UserFault
from sidelight.records.result import Result
from sidelight.report.content import Axis, Condition, Content, Contrast, Curve, CurvePanel, Role
from sidelight.report.figure import png
from sidelight.report.levels import SECONDS, axis_figure, levels_page
from sidelight.report.markdown import markdown
from sidelight.report.numbers_csv import numbers_csv
from sidelight.report.page import write_report
from sidelight.report.table import study_tables
from sidelight.report.terminal import terminal_report

PANELS = (
    CurvePanel("loss_point", "regression loss, training"),
    CurvePanel("val_point_in_box", "predicted points inside the box, validation", share=True),
    CurvePanel("val_accuracy", "accuracy, validation", share=True),
)
HEADLINE = (
    "two_class/auc",
    "alignment/correlation",
    "accuracy/top1",
    "background/mixed_rand",
    "background/gap",
    "planted/uniform",
    "localisation/max_box_accuracy",
)
LABELS = {
    "accuracy/top1": "top-1",
    "alignment/correlation": "correlation with people's maps",
    "alignment/energy_inside": "energy on the object",
    "two_class/apcer_at_1": "APCER at BPCER 1 %",
    "two_class/apcer_at_5": "APCER at BPCER 5 %",
    "two_class/apcer_at_10": "APCER at BPCER 10 %",
    "two_class/auc": "AUC",
    "accuracy/macro": "macro accuracy",
    "background/gap": "background gap",
    "background/mixed_rand": "top-1 on random backgrounds",
    "background/mixed_same": "top-1 on same-class backgrounds",
    "localisation/max_box_accuracy": "MaxBoxAcc",
    "localisation/energy": "map's energy in the boxes",
    "localisation/iou": "overlap of map and boxes",
    "localisation/pointing": "pointing game",
    "planted/conflicting": "top-1, planted backgrounds conflict",
    "point_head/in_box": "predicted point in box",
    "planted/uniform": "top-1, planted backgrounds tell nothing",
}
ALONG_LEVELS = (
    "planted/uniform",
    "planted/conflicting",
    "accuracy/top1",
    "background/mixed_rand",
    "localisation/energy",
    "localisation/iou",
)
"""What is compared level by level, of what a study measured: the first counts."""
NULL_NOTE = "'Null' is said only where the whole 95 % interval lies within half a point of zero."


def report_any(folder: Path, *, data: Path | None = None, out: Path | None = None) -> Path:
    """Write the page of a run or of a study.

    Args:
        folder: the --out of a training or of a study.
        data: dataset for the gallery and the shares of points in boxes; None leaves both out.
        out: the file; None writes report.html into the folder.

    Raises:
        UserFault: if the folder is neither.
    """
    if (folder / "study.json").is_file():
        return report_study(folder, data, out=out)
    if (folder / "results.json").is_file():
        return report_run(folder, data, out=out)
    raise UserFault(
        f"folder {folder}",
        seen="neither study.json nor results.json",
        allowed="the --out of 'sidelight study', or of 'sidelight train' after 'sidelight evaluate'",
        remedy="Run 'sidelight evaluate' on the run first",
    )


def report_study(folder: Path, data: Path | None, *, out: Path | None = None) -> Path:
    """Write a study's page, and beside it the tables as Markdown and every number as CSV."""
    content = study_content(folder, data)
    (folder / "tables.md").write_text(markdown(content))
    (folder / "numbers.csv").write_text(numbers_csv(content))
    _write_levels(folder, content)
    return write_report(content, out or folder / "report.html")


def _write_levels(folder: Path, content: Content) -> None:
    """Beside the tables of groups, for a study that has them: its levels and contrasts, and a figure an axis."""
    study: dict[str, Any] = json.loads((folder / "study.json").read_text())
    if "axes" not in study:
        return
    axes = msgspec.convert(study["axes"], tuple[Axis, ...])
    contrasts = msgspec.convert(study["contrasts"], tuple[Contrast, ...])
    columns = {column.key: column for table in study_tables(content) for column in table.columns}
    shown = [columns[key] for key in ALONG_LEVELS if key in columns]
    if not shown:
        return
    values: dict[tuple[str, str], dict[int, float]] = {}
    for run in read_study(folder):
        if run.purpose == "study":
            values.setdefault((run.condition, SECONDS), {})[run.seed] = run.seconds
            for result in sorted(run.results, key=lambda result: result.subset == "all"):  # all pictures, if measured
                values.setdefault((run.condition, f"{result.benchmark}/{result.metric}"), {})[run.seed] = result.value
    (folder / "levels.md").write_text(levels_page(axes, contrasts, values, shown))
    for number, axis in enumerate(axes, start=1):
        if figure := axis_figure(axis, values, shown[0]):
            (folder / f"levels-{number}.png").write_bytes(png(figure))


def report_run(folder: Path, data: Path | None, *, out: Path | None = None) -> Path:
    """Write the page of a single run: its numbers, headed 'not a claim'."""
    run: dict[str, Any] = json.loads((folder / "recipe.json").read_text())
    results = msgspec.json.decode((folder / "results.json").read_bytes(), type=list[Result])
    name = run["recipe"]["name"]
    role: Role = "treated" if run["recipe"]["guidance"]["kind"] != "none" else "baseline"
    condition = Condition(name=name, sentence=f"The recipe {name}, seed {run['seed']}.", role=role)
    content = Content(
        title=f"One run of {name}",
        conditions=(condition,),
        results=[(name, run["seed"], result) for result in results],
        curves=[Curve(name, run["seed"], whole_columns(read_curves(folder / "metrics.csv")))],
        gallery=gallery(Dataset.open(data), {name: folder}) if data else (),
        recipe=run["recipe"],
        commands=(f"sidelight evaluate {folder.name} --data ...", f"sidelight report {folder.name}"),
        **_shared(results),
    )
    return write_report(content, out or folder / "report.html")


def print_tables(folder: Path, console: Console) -> None:
    """Print a study's tables."""
    console.print(terminal_report(study_content(folder, None)))


def study_content(folder: Path, data: Path | None) -> Content:
    """Everything the report of a study tells.

    Args:
        folder: of the study.
        data: of its dataset, for the gallery and the shares of points in boxes; None leaves both out.
    """
    study: dict[str, Any] = json.loads((folder / "study.json").read_text())
    measured = read_study(folder)
    runs, left_out = whole_pairs(study, [run for run in measured if run.purpose == "study"])
    dataset = Dataset.open(data) if data else None
    results = [result for run in runs for result in run.results]
    return Content(
        title=study["question"],
        conditions=tuple(
            _condition(name, about, [run for run in runs if run.condition == name], dataset)
            for name, about in study["conditions"].items()
        ),
        results=[(run.condition, run.seed, result) for run in runs for result in run.results],
        curves=[Curve(run.condition, run.seed, whole_columns(run.curves)) for run in runs],
        gallery=gallery(dataset, _first_runs(folder, runs)) if dataset else (),
        recipe={name: about["recipe"] for name, about in study["conditions"].items()},
        parameters=_tuning(measured),
        commands=_commands(study, folder, data),
        seconds=sum(run.seconds for run in measured),
        notes=(NULL_NOTE, *left_out),
        **_shared(results),
    )


def whole_pairs(study: Mapping[str, Any], runs: Sequence[Measured]) -> tuple[list[Measured], list[str]]:
    """The runs that can be paired: of each group, the seeds that all of its conditions have finished that were begun.

    Returns:
        The runs, and a sentence for each group that has more runs than these, or conditions that were not begun.
    """
    kept: list[Measured] = []
    said: list[str] = []
    groups: dict[str, list[str]] = {}
    for name, about in study["conditions"].items():
        groups.setdefault(about["group"], []).append(name)
    for group, names in groups.items():
        of_group = [run for run in runs if run.condition in names]
        begun = [name for name in names if any(run.condition == name for run in of_group)]
        seeds_of = {name: {run.seed for run in of_group if run.condition == name} for name in begun}
        seeds = set.intersection(*seeds_of.values()) if seeds_of else set()
        whole = [run for run in of_group if run.seed in seeds]
        kept += whole
        called = f"group '{group}'" if group else "the main conditions"
        if missing := [name for name in names if name not in begun]:
            said.append(f"Not run: of {called}, {', '.join(missing)}.")
        if len(whole) < len(of_group):
            said.append(f"Not finished: of {called}, {len(seeds)} seeds are complete and shown.")
    return kept, said


def _shared(results: Sequence[Result]) -> dict[str, Any]:
    """What a run's page and a study's page have in common, from the provenance of their numbers."""
    origin = results[0].provenance if results else None
    return {
        "dataset": origin.dataset if origin else "",
        "fingerprint": origin.fingerprint if origin else "",
        "simulated": origin.simulated if origin else "",
        "environment": origin.environment if origin else {},
        "version": origin.version if origin else "",
        "commit": origin.commit if origin else "",
        "labels": LABELS,
        "headline": tuple(key for key in HEADLINE if any(f"{r.benchmark}/{r.metric}" == key for r in results)),
        "plain_numbers": PLAIN_NUMBERS,
        "curve_panels": PANELS,
        "made_at": f"{datetime.now(tz=UTC):%d %B %Y}",
    }


PLAIN_NUMBERS = frozenset(
    {
        "point_head/distance",
        "average_precision/absent_classes",
        "pixel_ap/classes_without_pixels",
        "object_removal/pairs",
    }
)
"""Results that are no shares."""


def _condition(name: str, about: Mapping[str, Any], runs: Sequence[Measured], dataset: Dataset | None) -> Condition:
    guided = any(run.lambda_ for run in runs)
    return Condition(
        name=name,
        sentence=about["sentence"],
        role=about["role"],
        group=about["group"],
        points_in_box=points_in_box(dataset, about["recipe"]) if dataset and guided else {},
        gradient_ratio=runs[0].ratio if guided else None,
        lambda_=statistics.mean(run.lambda_ for run in runs) if guided else None,
    )


def _first_runs(folder: Path, runs: Sequence[Measured]) -> dict[str, Path]:
    """Condition -> folder of its first seed's run, of those whose weights are still there."""
    found: dict[str, Path] = {}
    for run in sorted(runs, key=lambda run: run.seed):
        place = folder / "runs" / run.folder
        if (place / "model.safetensors").is_file():
            found.setdefault(run.condition, place)
    return found


def _tuning(measured: Sequence[Measured]) -> dict[str, str]:
    """Validation accuracy of every gradient ratio tried, condition by condition."""
    tried: dict[str, list[str]] = {}
    for run in measured:
        value = run.ratio if run.ratio is not None else run.alpha
        if run.purpose == "tune" and value is not None:
            knob = "gradient ratio" if run.ratio is not None else "alpha"
            tried.setdefault(f"{knob} tried, {run.condition}", []).append(f"{value:g}: {run.validation:.1%}")
    return {name: ", ".join(sorted(values)) for name, values in tried.items()}


def _commands(study: Mapping[str, Any], folder: Path, data: Path | None) -> tuple[str, ...]:
    seeds = len({run.seed for run in read_study(folder) if run.purpose == "study"})
    name = data.name if data else "DATA"
    return (
        f"sidelight study {study['name']} --data {name} --seeds {seeds} --out {folder.name}",
        f"sidelight report {folder.name} --data {name}",
    )
