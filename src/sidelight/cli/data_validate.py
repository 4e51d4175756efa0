"""The command `sidelight data validate DIR`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import console, list_faults
from sidelight.data.format.validator import validate


@dataclass(frozen=True, kw_only=True)
class Validate:
    """Check a dataset: list every fault with its place, and exit with 1 if there is any."""

    dataset: tyro.conf.Positional[Path]
    """Folder of the dataset."""
    shown: int = 1000
    """How many faults to print at most."""


def main(argv: Sequence[str]) -> int:
    """Validate; 1 if there is a fault."""
    asked = tyro.cli(Validate, args=argv, prog="sidelight data validate")
    with console.status("checking"):
        faults = validate(asked.dataset)
    list_faults(faults, shown=asked.shown)
    console.print(f"{asked.dataset}: {len(faults)} faults" if faults else f"{asked.dataset}: no fault")
    return 1 if faults else 0
