"""The command `sidelight data simulate DIR --out DIR`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from sidelight.cli.progress import bar, console
from sidelight.cli.words import with_part
from sidelight.pipeline.simulate import simulate
from sidelight.signal.annotator import SimulatedAnnotator


@dataclass(frozen=True, kw_only=True)
class Simulate:
    """Add simulated clicks, pointer traces, dwell times and annotators, drawn from the data's boxes or masks."""

    dataset: tyro.conf.Positional[Path]
    """Folder of the dataset to draw from; it is not changed."""
    out: Path
    """Folder of the dataset to make."""
    keep_existing: bool = False
    """Keep people's annotations beside the simulated ones, instead of refusing."""
    overwrite: bool = False
    """Replace a dataset that is already there."""


def main(argv: Sequence[str]) -> int:
    """Simulate; print what was made, and the sentence that every result will carry."""
    command = with_part(Simulate, "annotator", SimulatedAnnotator, SimulatedAnnotator())
    asked: Any = tyro.cli(command, args=argv, prog="sidelight data simulate")
    with bar("simulating") as progress:
        manifest = simulate(
            asked.dataset,
            asked.out,
            annotator=asked.annotator,
            progress=progress,
            keep_existing=asked.keep_existing,
            overwrite=asked.overwrite,
        )
    console.print(f"{manifest.name} -> {asked.out}")
    console.print(manifest.simulated)
    return 0
