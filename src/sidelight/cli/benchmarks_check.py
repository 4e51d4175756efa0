"""The command `sidelight benchmarks check --data-root DIR [--on NAME ...]`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro

from sidelight.cli.progress import bar, console, list_faults
from sidelight.cli.public_options import with_benchmarks
from sidelight.evaluate.public.table import PUBLIC, public_benchmark
from sidelight.pipeline.public_check import check_downloads

WIDTH = max(map(len, PUBLIC))


@dataclass(frozen=True, kw_only=True)
class Check:
    """Say which public benchmarks are in a folder, and everything that is missing or malformed."""

    data_root: Path
    """Folder of the downloads."""
    on: tuple[str, ...] = ()
    """Only these; one that is missing is a fault then. None = all, and what is missing is only said."""
    decode: bool = False
    """Also open every picture: minutes for fifty thousand."""
    faults: int = 20
    """Faults that are printed of each benchmark."""


def main(argv: Sequence[str]) -> int:
    """Print one line a benchmark and one a fault; 1 when anything is wrong."""
    command = with_benchmarks(Check, measures=False)
    asked: Any = tyro.cli(command, args=argv, prog="sidelight benchmarks check")
    readers = {public_benchmark(name).name: getattr(asked, name).reader for name in asked.on or PUBLIC}
    wrong = False
    with bar("opening") as progress:
        for found in check_downloads(readers, asked.data_root, decode=asked.decode, progress=progress):
            if found.state == "missing":
                wrong = wrong or bool(asked.on)
                console.print(f"{found.name:<{WIDTH}} missing  {found.faults[0].message}")
                continue
            counted = f", {len(found.faults)} faults" if found.faults else ""
            of = f"{found.count:,} of {found.expected:,} pictures{counted}"
            console.print(f"{found.name:<{WIDTH}} {found.state:<8} {of}")
            wrong = wrong or bool(found.faults)
            list_faults(found.faults, shown=asked.faults)
    return int(wrong)
