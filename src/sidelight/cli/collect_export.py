"""The command `sidelight collect export DIR --as NAME --grade L1 --out DIR`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from sidelight.cli.progress import bar, console
from sidelight.collect.export.grade import Grade
from sidelight.collect.export.semantics import Semantics
from sidelight.pipeline.collect_export import Format, Wish, export_campaign


@dataclass(frozen=True, kw_only=True)
class Export:
    """Write what people did in a campaign as files, with as much of a person as the grade says.

    L0: labels alone. L1: and final points and durations under a pseudonym; enough to train with clicks. L2: and
    resampled pointer paths, the clock shifted. L3: everything as recorded, of those alone who agreed to publication;
    give a reason. Pseudonyms are new in every export.
    """

    campaign: tyro.conf.Positional[Path]
    """The campaign's folder."""
    kind: Annotated[Format, tyro.conf.arg(name="as")]
    """sidelight: a dataset. imagenet_ab: XML files as published. coco_ab: the JSON list as published. saliency_maps:
    grey PNG maps and a CSV table."""
    grade: Grade
    """How much of a person to keep."""
    out: Path
    """Folder to make."""
    semantics: Semantics = "release"
    """Of the two AB formats. release: as the published files were made (samples at 60 Hz, none while selected or
    dragging, only selecting clicks). full: everything recorded."""
    reason: str = ""
    """Why raw behaviour is needed (L3); written into the export."""
    overwrite: bool = False
    """Replace an export that is already there."""
    onto: Path | None = None
    """The dataset whose pictures were labelled (with --as sidelight): the annotations are put onto it, and its splits,
    boxes and masks are kept. Pictures are known by their file names."""


def main(argv: Sequence[str]) -> int:
    """Export; print what went in, what was left out and why."""
    asked = tyro.cli(Export, args=argv, prog="sidelight collect export")
    wish = Wish(asked.kind, asked.grade, asked.semantics, asked.reason, asked.overwrite, asked.onto)
    with bar("exporting") as progress:
        told = export_campaign(asked.campaign, asked.out, wish, progress=progress)
    for line in told:
        console.print(line)
    return 0
