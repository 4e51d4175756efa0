"""The command `sidelight data decoy DIR [--domain NAME] [--shortcut NAME]`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from sidelight.cli.progress import bar, console
from sidelight.cli.words import with_part
from sidelight.data.decoy.settings import Decoy
from sidelight.pipeline.decoy import draw_decoy


@dataclass(frozen=True, kw_only=True)
class DrawDecoy:
    """Draw the decoy benchmark: genuine and synthetic pictures, a shortcut beside the object, maps on a small part."""

    out: tyro.conf.Positional[Path]
    """Folder of the dataset to make."""
    overwrite: bool = False
    """Replace a dataset that is already there."""


def main(argv: Sequence[str]) -> int:
    """Draw; print what was made."""
    command = with_part(DrawDecoy, "decoy", Decoy, Decoy())
    asked: Any = tyro.cli(command, args=argv, prog="sidelight data decoy")
    with bar("drawing") as progress:
        manifest = draw_decoy(asked.decoy, asked.out, progress=progress, overwrite=asked.overwrite)
    console.print(f"{manifest.name} -> {asked.out}")
    console.print(manifest.simulated)
    return 0
