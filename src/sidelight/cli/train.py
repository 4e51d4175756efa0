"""The command `sidelight train RECIPE --data DIR --out RUN`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tyro

from sidelight.cli.progress import bar, console
from sidelight.cli.words import take_first, with_part
from sidelight.pipeline.train import train
from sidelight.recipes.recipe import Recipe
from sidelight.recipes.table import RECIPES, recipe_named
from sidelight.train.loop import StepReport


@dataclass(frozen=True, kw_only=True)
class Train:
    """Train a model by a recipe; every field of the recipe can be overridden."""

    data: Path
    """Folder of the dataset."""
    out: Path
    """Folder of the run to make."""
    seed: int = 0
    """Of initial weights, order, augmentation and control points."""
    resume: bool = False
    """Go on with an interrupted run."""
    weights: str | None = None
    """Start from these: none, timm:TAG, or a file. Short for --network.weights."""


def main(argv: Sequence[str]) -> int:
    """Train; print where the model is and how good it was on the validation pictures."""
    name, rest = take_first(argv)
    if name is None:
        print(_overview())
        return 0
    recipe = recipe_named(name)
    command = with_part(Train, "recipe", tyro.conf.AvoidSubcommands[Recipe], recipe, doc=RECIPES[name].doc)
    asked: Any = tyro.cli(command, args=rest, prog=f"sidelight train {name}")
    chosen: Recipe = asked.recipe
    if asked.weights is not None:
        chosen = replace(chosen, network=replace(chosen.network, weights=asked.weights))
    with bar(f"training {name}") as progress:
        fitted = train(
            chosen,
            asked.data,
            asked.out,
            seed=asked.seed,
            resume=asked.resume,
            report=step_shower(progress),
            announce=console.print,
        )
    console.print(
        f"{fitted.epochs} epochs in {fitted.seconds:.0f} s; weights of epoch {fitted.best_epoch} -> {asked.out}"
    )
    console.print(f"next: sidelight evaluate {asked.out} --data {asked.data}")
    return 0


def step_shower(progress: Callable[..., None]) -> Callable[[StepReport], None]:
    """What turns a report of a training step into a move of the bar."""

    def show(step: StepReport) -> None:
        progress(step.step, step.total_steps, note=f"epoch {step.epoch}, {step.images_per_s:.0f} pictures/s")

    return show


def _overview() -> str:
    lines = ["usage: sidelight train RECIPE --data DIR --out RUN [--seed N] [--resume] [overrides of any field]", ""]
    width = max(map(len, RECIPES))
    lines += [f"  {name:<{width}}  {listed.doc.strip().splitlines()[0]}" for name, listed in RECIPES.items()]
    return "\n".join([*lines, "", "What a recipe reproduces, and its fields: sidelight train RECIPE --help"])
