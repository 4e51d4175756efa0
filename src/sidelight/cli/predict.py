"""The command `sidelight predict RUN IMAGES --out CSV [--explain DIR]`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import bar, console, list_faults
from sidelight.pipeline.predict import predict_images


@dataclass(frozen=True, kw_only=True)
class Predict:
    """Classify your pictures, and show where the model looked."""

    model: tyro.conf.Positional[str]
    """A run's folder."""
    images: tyro.conf.Positional[Path]
    """A picture, or a folder of pictures (searched with its subfolders)."""
    out: Path
    """CSV to write: one row a picture, with its classes, probabilities and point."""
    top: int = 5
    """How many classes a picture."""
    explain: Path | None = None
    """Folder for one image a picture, with the model's activation map over it."""


def main(argv: Sequence[str]) -> int:
    """Predict; print the faults, and where the table is."""
    asked = tyro.cli(Predict, args=argv, prog="sidelight predict")
    with bar("predicting") as progress:
        count, faults = predict_images(
            asked.model, asked.images, asked.out, top=asked.top, explain=asked.explain, progress=progress
        )
    list_faults(faults)
    console.print(f"{count} pictures, {len(faults)} faults -> {asked.out}")
    return 1 if faults and not count else 0
