"""The command `sidelight report DIR`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import console
from sidelight.pipeline.report import report_any


@dataclass(frozen=True, kw_only=True)
class Report:
    """Write one self-contained page about a run or a study: tables, curves, a gallery, definitions, provenance."""

    folder: tyro.conf.Positional[Path]
    """The --out of 'sidelight train' or of 'sidelight study'."""
    data: Path | None = None
    """Folder of the dataset, for the gallery of pictures and the shares of points in boxes; None leaves both out."""
    out: Path | None = None
    """File to write; None writes report.html into the folder."""


def main(argv: Sequence[str]) -> int:
    """Write the page; print where it is."""
    asked = tyro.cli(Report, args=argv, prog="sidelight report")
    with console.status("writing the report"):
        written = report_any(asked.folder, data=asked.data, out=asked.out)
    console.print(str(written))
    return 0
