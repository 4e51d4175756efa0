"""The command `sidelight report DIR ...`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import console
from sidelight.pipeline.paper import PAGE, report_paper
from sidelight.pipeline.report import report_any
from sidelight.records.errors import UserFault


@dataclass(frozen=True, kw_only=True)
class Report:
    """Write one self-contained page: about a run or a study, or about several runs beside the LUAB paper.

    One folder: tables, curves, a gallery, definitions, provenance. Several folders: the paper's tables 1 to 7 and its
    figures 8 and 9, our numbers beside the paper's own; recipes say which row a run belongs to, runs of one recipe are
    its seeds, what was not measured is shown as missing.
    """

    folders: tyro.conf.Positional[tuple[Path, ...]]
    """One: the --out of 'sidelight train' or of 'sidelight study'. Several: of these, and of 'sidelight evaluate
    --data-root' and 'sidelight detect'."""
    data: Path | None = None
    """One folder: that of its dataset, for the gallery of pictures and the shares of points in boxes; None leaves both
    out."""
    paper: bool = False
    """The paper's tables for one folder, too."""
    out: Path | None = None
    """File to write; None writes report.html into the folder. For several folders: None writes paper.html into the
    current folder; the numbers go beside it as CSV."""


def main(argv: Sequence[str]) -> int:
    """Write the page; print where it is."""
    asked = tyro.cli(Report, args=argv, prog="sidelight report")
    if not asked.folders:
        raise UserFault("report", seen="no folder", allowed="a folder, or several", remedy="Name the run's folder")
    with console.status("writing the report"):
        if asked.paper or len(asked.folders) > 1:
            written = report_paper(asked.folders, asked.out or Path(PAGE))
        else:
            written = report_any(asked.folders[0], data=asked.data, out=asked.out)
    console.print(str(written))
    return 0
