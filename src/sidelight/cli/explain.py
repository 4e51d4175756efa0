"""The command `sidelight explain MODEL --data DIR --out DIR [--method NAME] [options of that method]`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import tyro

from sidelight.cli.progress import bar, console
from sidelight.cli.words import take_option, with_part
from sidelight.explain.table import METHODS
from sidelight.pipeline.explain import explain
from sidelight.records.errors import unknown_name
from sidelight.records.example import Split


@dataclass(frozen=True, kw_only=True)
class Explain:
    """Where a model saw the classes of pictures, as data and as a page."""

    model: tyro.conf.Positional[str]
    """A run's folder, a file of weights with its JSON beside it, or timm:NAME."""
    data: Path
    """Folder of the dataset."""
    out: Path
    """Folder to write: teacher_maps.parquet (a map a picture and class) and maps.html (some of them to look at)."""
    split: Split | None = None
    """Which pictures; None for all."""
    of: Literal["label", "predicted"] = "label"
    """Explain the classes that a picture has, or the one that the model names."""
    size: int = 16
    """Most cells a side of a map; finer maps are averaged over cells."""


def main(argv: Sequence[str]) -> int:
    """Explain; print where the maps are."""
    name, rest = take_option(argv, "--method")
    name = name or "cam"
    if name not in METHODS:
        raise unknown_name("method", name, METHODS)
    kind = METHODS[name]
    command = with_part(Explain, "knobs", kind, kind(), doc=f"{Explain.__doc__}\n\n{_overview()}")
    asked: Any = tyro.cli(command, args=rest, prog=f"sidelight explain --method {name}")
    with bar("explaining") as progress:
        number = explain(
            asked.model,
            asked.data,
            asked.out,
            method=asked.knobs,
            split=asked.split,
            of=asked.of,
            size=asked.size,
            progress=progress,
        )
    console.print(f"{number} maps by {name} -> {asked.out}")
    return 0


def _overview() -> str:
    lines = [f"  {name:<15} {(kind.__doc__ or '').strip().partition('.')[0]}" for name, kind in METHODS.items()]
    return "\n".join(["Methods (--method NAME; --method NAME --help lists its options):", *lines])
