"""The command `sidelight evaluate MODEL --data DIR [--on NAME ...] [--NAME.option value]`.

With `--data-root` instead of `--data` it measures on public benchmarks: `cli.evaluate_public`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro
from rich.table import Table

from sidelight.cli.evaluate_public import main as public
from sidelight.cli.progress import bar, console
from sidelight.cli.words import with_part
from sidelight.evaluate.table import BENCHMARKS
from sidelight.pipeline.evaluate import evaluate
from sidelight.pipeline.measurement import Options
from sidelight.records.errors import unknown_name
from sidelight.records.example import Split


@dataclass(frozen=True, kw_only=True)
class Evaluate:
    """Measure a model on a dataset."""

    model: tyro.conf.Positional[str]
    """A run's folder, a file of weights with its JSON beside it, or timm:NAME."""
    data: Path
    """Folder of the dataset."""
    on: tuple[str, ...] = ()
    """Benchmarks; none = every one that the model and the data allow."""
    split: Split = "test"
    """Which pictures."""
    out: Path | None = None
    """Write the results there as JSON; a run also keeps them in its own folder."""


def main(argv: Sequence[str]) -> int:
    """Measure; print the numbers with their definitions."""
    if any(word.partition("=")[0].replace("_", "-") == "--data-root" for word in argv):
        return public(argv)
    command = with_part(Evaluate, "options", Options, Options(), doc=_doc())
    asked: Any = tyro.cli(command, args=argv, prog="sidelight evaluate")
    for name in asked.on:
        if name not in BENCHMARKS:
            raise unknown_name("benchmark", name, BENCHMARKS)
    with bar("measuring") as progress:
        results = evaluate(
            asked.model,
            asked.data,
            on=asked.on,
            split=asked.split,
            options=asked.options,
            out=asked.out,
            progress=progress,
        )
    table = Table("benchmark", "metric", "pictures", "n", "value", "definition")
    for result in results:
        row = (result.benchmark, result.metric, result.subset, str(result.n), f"{result.value:.4f}", result.definition)
        table.add_row(*row)
    console.print(table)
    return 0


def _doc() -> str:
    names = "\n".join(f"  {name}: {benchmark.definition}" for name, benchmark in BENCHMARKS.items())
    elsewhere = "Public benchmarks, as downloaded: sidelight evaluate MODEL --data-root DIR --help"
    return f"Measure a model on a dataset.\n\n{elsewhere}\n\nBenchmarks:\n{names}"
