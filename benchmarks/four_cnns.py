"""All four networks of the published experiment train at their real sizes: `python benchmarks/four_cnns.py`.

A few steps of both face recipes with DenseNet-121, ResNet-50, Xception and Inception-v3, from random weights, on
pictures of the decoy benchmark. It proves that the recipes run (maps, hooked tensors, live guidance), not that they are
good.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch

from sidelight.data.decoy.settings import Decoy
from sidelight.pipeline.curves import read_curves
from sidelight.pipeline.decoy import draw_decoy
from sidelight.pipeline.subject import load_subject
from sidelight.pipeline.train import train
from sidelight.recipes import cyborg_faces_as_coded, cyborg_faces_as_written
from sidelight.recipes.recipe import Recipe

NETWORKS = {"densenet121": 224, "resnet50": 224, "legacy_xception": 299, "inception_v3": 299}
STEPS, BATCH = 3, 2
DECOY = Decoy(
    annotated=STEPS * BATCH, large=2, validation=2, validation_annotated=0, test_genuine=2, test_a_generator=2
)


def main() -> None:
    """Train each; print a table."""
    print("| recipe | network | pixels | map | loss, mean of the steps | map loss | seconds a step |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        draw_decoy(DECOY, data)
        for recipe, name, side in _trainings():
            run = Path(folder) / f"{recipe.name}-{name}"
            fitted = train(recipe, data, run)
            backbone = load_subject(str(run)).backbone
            with torch.no_grad():
                features = backbone(torch.zeros(1, 3, side, side)).features
            curves = read_curves(run / "metrics.csv")
            cells = f"{side} | {features.shape[2]} x {features.shape[3]} | {curves['loss'][0]:.3f}"
            print(f"| {recipe.name} | {name} | {cells} | {curves['loss_map'][0]:.3f} | {fitted.seconds / STEPS:.1f} |")


def _trainings() -> Iterator[tuple[Recipe, str, int]]:
    for module in (cyborg_faces_as_written, cyborg_faces_as_coded):
        for name, side in NETWORKS.items():
            recipe = module.RECIPE
            network = replace(recipe.network, name=name, image_size=side, weights="none")
            training = replace(recipe.training, epochs=1, batch_size=BATCH)
            augmentation = replace(recipe.augmentation, size=side)
            yield replace(recipe, network=network, training=training, augmentation=augmentation, workers=0), name, side


if __name__ == "__main__":
    main()
