"""The command `sidelight detect MODEL --data DIR --kind KIND --out DIR`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tyro
from rich.table import Table

from sidelight.cli.progress import bar, console
from sidelight.cli.train import step_shower
from sidelight.cli.words import with_part
from sidelight.pipeline.detect import FineTuning, Place, detect
from sidelight.records.example import Split


@dataclass(frozen=True, kw_only=True)
class Detect:
    """Fine-tune a detector on a trained backbone, and measure it.

    The defaults are torchvision's reference schedule: 26 epochs, learning rate .02 for 16 photos a step (in proportion
    for more or fewer), a tenth of it after epochs 16 and 22.
    """

    model: tyro.conf.Positional[str]
    """A run's folder, a file of weights, none (a random start), or a network of timm's by its name after "timm" and a
    colon."""
    data: Path
    """Folder of the dataset; its train split is trained on."""
    out: Path
    """Folder to make."""
    instances: tuple[Path, ...] = ()
    """The COCO instances JSON that the dataset was converted from, all files of it: each object's own mask (which
    mask_rcnn needs), COCO's crowds and areas. Without it the dataset's boxes are taken."""
    split: Split = "test"
    """Which pictures are measured."""
    network: str = "resnet50"
    """Architecture of none, and of a file without a JSON beside it."""
    seed: int = 0
    """Of the new parts' weights, order, mirroring, and the regions that are trained on."""
    resume: bool = False
    """Go on with an interrupted fine-tuning, or measure a finished one again."""


def main(argv: Sequence[str]) -> int:
    """Fine-tune and measure; print the numbers with their definitions."""
    asked: Any = tyro.cli(with_part(Detect, "tuning", FineTuning, FineTuning()), args=argv, prog="sidelight detect")
    place = Place(asked.data, asked.out, asked.instances, asked.split)
    with bar("detector") as moved:
        progress: Callable[..., None] = moved
        results = detect(
            asked.model,
            place,
            asked.tuning,
            network=asked.network,
            seed=asked.seed,
            resume=asked.resume,
            report=step_shower(progress),
            progress=lambda done, total: progress(done, total, note="measuring"),
        )
    table = Table("metric", "pictures", "n", "value", "definition")
    for result in results:
        table.add_row(result.metric, result.split, str(result.n), f"{result.value:.4f}", result.definition)
    if results:
        console.print(table)
        console.print(f"detector, detections and numbers -> {asked.out}")
    return 0
