"""The command `sidelight demo [--out DIR]`."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import bar, console
from sidelight.cli.train import step_shower
from sidelight.pipeline.demo import run_demo
from sidelight.pipeline.report import print_tables
from sidelight.recipes.table import study_named


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Walk the whole way on small pictures that sidelight draws itself; no data and no network are needed.

    Handwritten digits on textures that go with the class; simulated annotators click on them; a small network is
    trained plainly, with random points and with the clicks; the report says what the clicks did.
    """

    out: Path = Path("demo")
    """Folder for everything the demo makes."""
    seeds: int = 5
    """Trainings of each kind; below 5 the table is headed 'not a claim'."""
    jobs: int = min(2, os.cpu_count() or 1)
    """Trainings at the same time."""


def main(argv: Sequence[str]) -> int:
    """Run the demo; the last line is the path of the report."""
    asked = tyro.cli(Demo, args=argv, prog="sidelight demo")
    started = time.monotonic()
    with bar("demo") as progress:
        page = run_demo(
            study_named("digits"),
            asked.out,
            seeds=asked.seeds,
            jobs=asked.jobs,
            announce=console.print,
            report=step_shower(progress),
        )
    print_tables(asked.out / "study", console)
    console.print(f"done in {time.monotonic() - started:.0f} s; the report:")
    console.print(str(page.resolve()))
    return 0
