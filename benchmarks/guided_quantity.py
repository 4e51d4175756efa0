"""Does training with guidance move what it guides? `python benchmarks/guided_quantity.py STUDY --data DIR`.

For every objective of a finished study of guidance-methods: the mean of its own guidance term over the held-out photos
(test split, boxes on at most half, backgrounds planted as in training), of the guided model and of the plain one with
the same seed; and of its control, which was told of other photos' boxes. A plain model has no head for a point or a map
and is given an untrained one: there the control, which has learnt what can be said without looking, is the rival that
counts. Writes a row a model.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

import torch
import tyro

from sidelight.data.format.reader import Dataset
from sidelight.data.loader import Normalisation, evaluation_batches
from sidelight.model.checkpoint import load_any
from sidelight.pipeline.load import Pictures, load_split
from sidelight.pipeline.measured import read_study
from sidelight.recipes.guidance_methods import STUDY
from sidelight.recipes.recipe import Recipe
from sidelight.records.errors import UserFault
from sidelight.train.look import look
from sidelight.train.step import Learner

BATCH = 64
RIVALS = {
    "luab": ("plain", "luab_uniform"),
    "cyborg": ("plain", "cyborg_shuffled"),
    "map_match": ("plain", "map_match_shuffled"),
    "energy": ("plain", "energy_shuffled"),
    "dense_saliency": ("plain", "dense_saliency_shuffled"),
    "attention_pooling": ("plain_attention", "attention_pooling_shuffled"),
    "rrr": ("plain", "rrr_shuffled"),
}
"""Condition -> those that it is held against: plain training, and its control."""
COLUMNS = ("term", "model", "seed", "value", "photos")
Row = tuple[str, str, int, float, int]
"""Whose term, of which condition's model, seed, mean over the photos, how many."""


@dataclass(frozen=True)
class GuidedQuantity:
    """Measure the guidance term on held-out photos."""

    study: tyro.conf.Positional[Path]
    """Folder of the study, with its weights."""
    data: Path
    """Folder of the dataset."""
    out: Path = Path("docs/results/guidance-methods")
    """Folder for guided-quantity.csv and guided-quantity.md."""


def quantity(recipe: Recipe, run: Path, held_out: Pictures, *, seed: int) -> tuple[float, int]:
    """The mean of a recipe's guidance term over annotated photos, by the model in `run`, and how many these are."""
    objective = recipe.objective
    loaded = load_any(str(run))
    backbone = loaded.backbone.eval()
    heads = Learner(backbone, objective, seed=seed).eval().named_heads() | loaded.heads
    total = weight = 0.0
    for batch in evaluation_batches(
        held_out.labelled,
        recipe.augmentation,
        batch_size=BATCH,
        normalisation=Normalisation(*backbone.normalisation),
    ):
        outputs, seen = look(objective, backbone, batch)
        term = objective(outputs, seen, heads)[str(objective.guidance)]
        total += float((term.value * term.weight).sum().detach())
        weight += float(term.weight.sum())
    return total / weight, round(weight)


def rows(study: Path, data: Path) -> Iterator[Row]:
    """Every objective's term, of its own models and of its rivals', seed by seed."""
    dataset = Dataset.open(data)
    recipes = {condition.name: condition.recipe for condition in STUDY.conditions}
    folders: dict[tuple[str, int], Path] = {}
    for run in read_study(study):
        if (study / "runs" / run.folder / "model.safetensors").is_file():
            folders[run.condition, run.seed] = study / "runs" / run.folder
    for name, rivals in RIVALS.items():
        for seed in sorted({seed for condition, seed in folders if condition == name}):
            held_out = load_split(dataset, recipes[name], "test", seed=seed)
            for model in (name, *rivals):
                if (model, seed) in folders:
                    value, photos = quantity(recipes[name], folders[model, seed], held_out, seed=seed)
                    print(name, model, seed, f"{value:.4g}", flush=True)
                    yield name, model, seed, value, photos


def table(found: Sequence[Row]) -> Iterator[str]:
    """Markdown: means and standard deviations over seeds, and whether the gain is more than the plain one's spread."""
    yield "| objective | guided | plain | shuffled or random | guided is lower by, in std of plain | seeds | photos |"
    yield "| --- | --: | --: | --: | --: | --: | --: |"
    for name, rivals in RIVALS.items():
        own = [row for row in found if row[0] == name]
        sides = [[row[3] for row in own if row[1] == model] for model in (name, *rivals)]
        if len(sides[0]) < 2 or len(sides[1]) < 2:
            yield f"| {name} | not run |  |  |  |  |  |"
            continue
        shown = [f"{mean(side):.3g} ± {stdev(side):.2g}" if len(side) > 1 else "" for side in sides]
        gain = (mean(sides[1]) - mean(sides[0])) / stdev(sides[1])
        cells = (name, shown[0], shown[1], shown[2] if len(shown) > 2 else "", f"{gain:.1f}", len(sides[0]), own[0][4])
        yield "| " + " | ".join(map(str, cells)) + " |"


def main(asked: GuidedQuantity) -> None:
    """Measure, and write."""
    torch.set_num_threads(1)
    found = list(rows(asked.study, asked.data))
    if not found:
        raise SystemExit(f"{asked.study / 'runs'}: no weights of a run that counts here; run 'sidelight study' first")
    asked.out.mkdir(parents=True, exist_ok=True)
    with (asked.out / "guided-quantity.csv").open("w", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(found)
    (asked.out / "guided-quantity.md").write_text("\n".join(table(found)) + "\n")


if __name__ == "__main__":
    try:
        main(tyro.cli(GuidedQuantity))
    except UserFault as fault:
        raise SystemExit(str(fault)) from None
