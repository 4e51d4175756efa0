"""Does heavy guidance kill the maps that it guides? `python benchmarks/empty_maps.py STUDY --data DIR`.

Where a rectified map is negative everywhere, `energy` has no gradient left: a heavy weight may push maps out of boxes
until there is nothing in them either. For each weight of the guidance in a finished study of when-guidance-helps: on
which share of the test photos, as they are, the true class's activation map has no positive cell, and what share of all
cells is positive. Writes a row a model.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev

import torch
import tyro

from sidelight.data.format.reader import Dataset
from sidelight.data.loader import Normalisation, evaluation_batches
from sidelight.explain.cam import cam
from sidelight.model.checkpoint import load_any
from sidelight.pipeline.load import Pictures, load_split
from sidelight.pipeline.measured import read_study
from sidelight.recipes.recipe import Recipe
from sidelight.recipes.when_guidance_helps import STUDY
from sidelight.records.errors import UserFault

BATCH = 64
MODELS = {
    "plain": "0",
    "guided@ratio=0.1": "0.1",
    "guided@ratio=0.3": "0.3",
    "guided": "1",
    "guided@ratio=3": "3",
    "guided@ratio=10": "10",
}
"""Condition -> the weight of its guidance, as a gradient ratio."""
COLUMNS = ("ratio", "seed", "empty", "positive", "photos")
Row = tuple[str, int, float, float, int]
"""Weight, seed, share of photos with an empty map, share of positive cells, how many photos."""


@dataclass(frozen=True)
class EmptyMaps:
    """Count the true class's maps that have no positive cell."""

    study: tyro.conf.Positional[Path]
    """Folder of the study, with its weights."""
    data: Path
    """Folder of the dataset."""
    out: Path = Path("docs/results/when-guidance-helps")
    """Folder for empty-maps.csv and empty-maps.md."""


@torch.no_grad()
def positive_cells(recipe: Recipe, run: Path, photos: Pictures) -> torch.Tensor:
    """Share of positive cells in the true class's map, float [photos]."""
    backbone = load_any(str(run)).backbone.eval()
    batches = evaluation_batches(
        photos.labelled, recipe.augmentation, batch_size=BATCH, normalisation=Normalisation(*backbone.normalisation)
    )
    shares = [
        (cam(backbone(batch.images), batch.targets.argmax(dim=1)) > 0).float().mean(dim=(1, 2)) for batch in batches
    ]
    return torch.cat(shares)


def rows(study: Path, data: Path) -> Iterator[Row]:
    """Every weight's models, seed by seed."""
    dataset = Dataset.open(data)
    recipes = {condition.name: replace(condition.recipe, plant=None) for condition in STUDY.conditions}
    for run in sorted(read_study(study), key=lambda run: (float(MODELS.get(run.condition, "0")), run.seed)):
        folder = study / "runs" / run.folder
        if run.condition in MODELS and (folder / "model.safetensors").is_file():
            recipe = recipes[run.condition]
            shares = positive_cells(recipe, folder, load_split(dataset, recipe, "test", seed=run.seed))
            empty, positive = (shares == 0).float().mean().item(), shares.mean().item()
            print(run.condition, run.seed, f"{empty:.3f} empty", flush=True)
            yield MODELS[run.condition], run.seed, empty, positive, len(shares)


def table(found: Sequence[Row]) -> Iterator[str]:
    """Markdown: percent, mean and standard deviation over seeds."""
    yield "| gradient ratio | photos without a positive cell, % | positive cells, % | seeds | photos |"
    yield "| --: | --: | --: | --: | --: |"
    for ratio in MODELS.values():
        own = [row for row in found if row[0] == ratio]
        if len(own) < 2:
            yield f"| {ratio} | not run | | {len(own)} | |"
            continue
        sides = [row[2] for row in own], [row[3] for row in own]
        shown = [f"{100 * mean(side):.1f} ± {100 * stdev(side):.1f}" for side in sides]
        yield f"| {ratio} | {shown[0]} | {shown[1]} | {len(own)} | {own[0][4]} |"


def main(asked: EmptyMaps) -> None:
    """Count, and write."""
    torch.set_num_threads(1)
    found = list(rows(asked.study, asked.data))
    if not found:
        raise SystemExit(f"{asked.study / 'runs'}: no weights of a run that counts here; run 'sidelight study' first")
    asked.out.mkdir(parents=True, exist_ok=True)
    with (asked.out / "empty-maps.csv").open("w", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(found)
    (asked.out / "empty-maps.md").write_text("\n".join(table(found)) + "\n")


if __name__ == "__main__":
    try:
        main(tyro.cli(EmptyMaps))
    except UserFault as fault:
        raise SystemExit(str(fault)) from None
