"""A folder of pictures, a table and grey maps: two commands to a trained model."""

import json

import cv2
import numpy as np
import pytest

from sidelight.cli.main import main
from sidelight.recipes.conditions import plain
from sidelight.recipes.table import recipe_named

SMALL = [
    "--network.name", "resnet10t", "--network.width", "0.25", "--network.no-first-pool", "--network.image-size", "24",
    "--augmentation.size", "24", "--augmentation.eval-resize", "24", "--training.epochs", "2",
    "--training.schedule.warmup-epochs", "0", "--training.batch-size", "8", "--training.precision", "32-true",
    "--workers", "0",
]  # fmt: skip


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    """40 grey squares, of which the brighter ones have a spot; people marked the spot, or where it would be."""
    root = tmp_path_factory.mktemp("faces")
    rng = np.random.default_rng(0)
    lines = []
    for kind in ("Real", "Synthetic"):
        for folder in ("photos", "maps"):
            (root / folder / kind).mkdir(parents=True)
        for number in range(20):
            photo = rng.integers(60, 120, (32, 32, 3)).astype(np.uint8)
            x, y = (int(place) for place in rng.integers(6, 26, 2))
            if kind == "Synthetic":
                cv2.circle(photo, (x, y), 4, (255, 255, 255), -1)
            marked = cv2.circle(np.zeros((32, 32), np.uint8), (x, y), 5, 255, -1)
            cv2.imwrite(str(root / "photos" / kind / f"p{number}.jpg"), photo)
            cv2.imwrite(str(root / "maps" / kind / f"p{number}.png"), marked * (number > 0))
            lines.append(f"{'train' if number < 14 else 'test'},{kind},/{kind}/p{number}.jpg")
    (root / "faces.csv").write_text("\n".join(lines))
    return root


def test_two_commands_lead_from_nothing_to_a_trained_model(faces, capsys):
    table, dataset, run = (str(faces / name) for name in ("faces.csv", "faces", "run"))
    photos, maps = (str(faces / name) for name in ("photos", "maps"))
    converted = main(["data", "convert", table, "--from", "saliency_maps", "--images", photos, "--maps", maps,
                      "--out", dataset])  # fmt: skip
    said = " ".join(capsys.readouterr().out.split())
    assert converted == 0
    assert "40 pictures, 2 classes, 2 faults" in said
    assert said.count("every pixel is 0: it does not say where anybody looked; kept without map") == 2
    assert main(["train", "cyborg", "--data", dataset, "--out", run, *SMALL]) == 0
    made = json.loads((faces / "run" / "recipe.json").read_text())
    assert made["recipe"]["objective"]["kind"] == "Cyborg"
    assert made["recipe"]["saliency"]["kind"] == "maps"


def test_its_plain_twin_differs_in_guidance_alone():
    guided, bare = recipe_named("cyborg"), recipe_named("cyborg_plain")
    assert bare == plain(guided)
    assert (bare.saliency.kind, bare.network, bare.training) == ("none", guided.network, guided.training)
