"""The command `sidelight teach RUN --data DIR --out DIR`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from sidelight.cli.progress import bar, console
from sidelight.cli.words import with_part
from sidelight.pipeline.teach import teach
from sidelight.recipes.teaching import Teaching


@dataclass(frozen=True, kw_only=True)
class Teach:
    """Let a trained model say where to look: its maps become a dataset, on which students are trained."""

    model: tyro.conf.Positional[str]
    """The teacher: a run's folder, or a file of weights with its JSON beside it."""
    data: Path
    """Folder of the dataset; it is not changed."""
    out: Path
    """Folder of the dataset to make."""
    overwrite: bool = False
    """Replace a dataset that is already there."""


def main(argv: Sequence[str]) -> int:
    """Teach; print what was made."""
    command = with_part(Teach, "teaching", Teaching, Teaching())
    asked: Any = tyro.cli(command, args=argv, prog="sidelight teach")
    with bar("teaching") as progress:
        manifest = teach(
            asked.model,
            asked.data,
            asked.out,
            teaching=asked.teaching,
            progress=progress,
            overwrite=asked.overwrite,
        )
    known = manifest.provenance
    console.print(f"{manifest.name} -> {asked.out}; maps by {known['teacher']}, seed {known['teacher.seed']}")
    return 0
