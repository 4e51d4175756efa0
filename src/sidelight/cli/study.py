"""The command `sidelight study RECIPE --data DIR --seeds N --out DIR`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import bar, console
from sidelight.cli.train import step_shower
from sidelight.cli.words import take_first
from sidelight.pipeline.report import print_tables, report_study
from sidelight.pipeline.study import run_study
from sidelight.recipes.table import STUDIES, study_named


@dataclass(frozen=True, kw_only=True)
class StudyWords:
    """Run conditions times seeds. Interrupt it whenever you like: what is finished is not repeated."""

    data: Path
    """Folder of the dataset."""
    out: Path
    """Folder of the study; give the same one to go on."""
    seeds: int = 5
    """Seeds a condition; below 5 the table is headed 'not a claim'."""
    jobs: int = 1
    """Runs at the same time, each with its share of the cores; on a CPU two jobs finish sooner than one."""


def main(argv: Sequence[str]) -> int:
    """Run the study; print its tables, and where the report is."""
    name, rest = take_first(argv)
    if name is None:
        print("usage: sidelight study NAME --data DIR --out DIR [--seeds N]\n")
        print("\n".join(f"  {study:<22} {found.study.question}" for study, found in STUDIES.items()))
        return 0
    study = study_named(name)
    asked = tyro.cli(StudyWords, args=rest, prog=f"sidelight study {name}", description=STUDIES[name].doc)
    with bar(f"study {name}") as progress:
        run_study(
            study,
            asked.data,
            asked.out,
            seeds=asked.seeds,
            jobs=asked.jobs,
            announce=console.print,
            report=step_shower(progress),
        )
    print_tables(asked.out, console)
    console.print(f"report: {report_study(asked.out, asked.data)}")
    return 0
