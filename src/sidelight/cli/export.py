"""The command `sidelight export RUN --to timm --out FILE`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from sidelight.cli.progress import console
from sidelight.pipeline.export import export


@dataclass(frozen=True, kw_only=True)
class Export:
    """Write a run's backbone as a checkpoint that plain timm loads; the point head stays behind."""

    run: tyro.conf.Positional[Path]
    """A run's folder."""
    out: Path
    """File to write (.safetensors); a .json with the same name says how to build the network."""
    to: Literal["timm"] = "timm"
    """Whose layout."""


def main(argv: Sequence[str]) -> int:
    """Export; print the two lines that load it."""
    asked = tyro.cli(Export, args=argv, prog="sidelight export")
    for line in export(asked.run, asked.out):
        console.print(line)
    return 0
