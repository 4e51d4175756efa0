"""The command `sidelight evaluate MODEL --data-root DIR [--on NAME ...] [--NAME.option value]`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tyro
from rich.table import Column, Table

from sidelight.cli.progress import bar, console
from sidelight.cli.public_options import chosen_options, with_benchmarks
from sidelight.cli.words import with_part
from sidelight.pipeline.public import Place, evaluate_public, public_names
from sidelight.pipeline.public_model import ViewOptions, load_public
from sidelight.pipeline.public_pass import Pace
from sidelight.pipeline.public_predictions import score_predictions
from sidelight.records.errors import UserFault
from sidelight.records.result import Result


@dataclass(frozen=True, kw_only=True)
class EvaluatePublic:
    """Measure a model of ImageNet-1K's classes on public benchmarks, as they were downloaded."""

    model: tyro.conf.Positional[str] = ""
    """A run's folder, a file of weights with its JSON beside it, or timm:NAME; with --predictions what to call it."""
    data_root: Path
    """Folder of the downloads ('sidelight benchmarks list' says how they must lie in it)."""
    on: tuple[str, ...] = ()
    """Benchmarks; none = every one that is whole in the data root."""
    out: Path | None = None
    """Folder for results and answers; a run keeps them in its own folder, public/. Without one, an interrupted
    evaluation begins anew."""
    partial: bool = False
    """Measure what is there of an incomplete benchmark; its numbers are marked."""
    predictions: Path | None = None
    """Score this dump instead of a model: .npz, .npy, .csv or .parquet."""
    names: Path | None = None
    """Names of the pictures of an .npy dump, one a line."""
    weights: Path | None = None
    """A checkpoint of the network timm:NAME (.safetensors or .pth), in place of published weights."""
    view: ViewOptions = field(default_factory=ViewOptions)
    """How pictures are cut, where not in the model's own way."""


def main(argv: Sequence[str]) -> int:
    """Measure; print the numbers with the definitions used."""
    command = with_part(EvaluatePublic, "pace", Pace, Pace())
    asked: Any = tyro.cli(with_benchmarks(command), args=argv, prog="sidelight evaluate")
    options = chosen_options(asked)
    benchmarks = {name: options[name] for name in public_names(asked.on, options, asked.data_root)}
    out = asked.out or (Path(asked.model) / "public" if (Path(asked.model) / "recipe.json").is_file() else None)
    place = Place(asked.data_root, out, asked.partial)
    if asked.predictions is not None:
        results = score_predictions(asked.predictions, benchmarks, place, names=asked.names, model=asked.model)
    else:
        if not asked.model:
            raise UserFault("evaluate", seen="no model", allowed="MODEL or --predictions FILE", remedy="Name one")
        model = load_public(asked.model, weights=asked.weights, options=asked.view)
        with bar("measuring") as progress:
            results = evaluate_public(model, benchmarks, place, pace=asked.pace, progress=progress)
    _say(results)
    console.print(f"{len(results)} numbers -> {out}" if out is not None else "nothing is kept; --out DIR keeps it")
    return 0


def _say(results: Sequence[Result]) -> None:
    """A narrow table of numbers, then the definitions used, which are long."""
    table = Table(*(Column(head, overflow="fold") for head in ("benchmark", "metric", "pictures", "n", "value")))
    for result in results:
        table.add_row(result.benchmark, result.metric, result.subset, f"{result.n:,}", f"{result.value:.4f}")
    console.print(table)
    for line in dict.fromkeys(f"{result.benchmark} {result.metric}: {result.definition}" for result in results):
        console.print(line)
