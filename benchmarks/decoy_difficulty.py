"""How hard the decoy benchmark is for plain training: `python benchmarks/decoy_difficulty.py DOMAIN SHORTCUT`.

The pictures are of a seed that no study draws, and so is the training: this check may be looked at before anything
guided is. Prints one row of docs/explanation/decoy.md.
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import torch

from sidelight.data.decoy.settings import Decoy
from sidelight.pipeline.decoy import draw_decoy
from sidelight.pipeline.evaluate import evaluate
from sidelight.pipeline.train import train
from sidelight.recipes.conditions import plain
from sidelight.recipes.teacher_student import EPOCHS, RECIPE

DATA_SEED, RUN_SEED = 9, 90


def main() -> None:
    """Draw, train, measure, print."""
    words = argparse.ArgumentParser()
    words.add_argument("domain")
    words.add_argument("shortcut")
    words.add_argument("--epochs", type=int, default=EPOCHS)
    words.add_argument("--width", type=float, default=RECIPE.network.width)
    asked = words.parse_args()
    torch.set_num_threads(1)
    recipe = plain(RECIPE)
    recipe = replace(
        recipe,
        network=replace(recipe.network, width=asked.width),
        training=replace(recipe.training, epochs=asked.epochs),
    )
    with tempfile.TemporaryDirectory() as folder:
        data, run = Path(folder) / "data", Path(folder) / "run"
        draw_decoy(Decoy(domain=asked.domain, shortcut=asked.shortcut, seed=DATA_SEED), data)
        fitted = train(recipe, data, run, seed=RUN_SEED)
        seen = evaluate(str(run), data, on=("two_class",), split="validation")
        unseen = evaluate(str(run), data, on=("two_class",))
    told = {result.subset: result.value for result in unseen if result.metric == "auc"}
    closed = next(result.value for result in seen if (result.subset, result.metric) == ("all", "auc"))
    each = ", ".join(f"{name} {value:.2f}" for name, value in told.items() if name != "all")
    cells = (asked.domain, asked.shortcut, f"{closed:.3f}", f"{told['all']:.3f}", each, f"{fitted.seconds:.0f} s")
    print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
