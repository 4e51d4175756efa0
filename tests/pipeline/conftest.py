"""A river in miniature: 60 drawn digits with simulated clicks, a recipe of a second, and one run of it."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from sidelight.data.augment.config import Augmentation
from sidelight.data.decoy.settings import Decoy
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.guidance import Guidance
from sidelight.data.saliency import Saliency
from sidelight.data.selection import Selection
from sidelight.data.source.progress import silent
from sidelight.model.network import Network
from sidelight.pipeline.decoy import draw_decoy
from sidelight.pipeline.digits import Digits, draw_digits
from sidelight.pipeline.evaluate import evaluate
from sidelight.pipeline.simulate import simulate
from sidelight.pipeline.train import train
from sidelight.recipes import digits
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Recipe
from sidelight.records.example import Box, Example
from sidelight.signal.annotator import SimulatedAnnotator
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.objective.luab import Luab


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """30 digits to train on (two of a class at least), 10 to validate, 20 to test; nobody has clicked yet."""
    return draw_digits(Digits(pictures=60, seed=1), tmp_path_factory.mktemp("digits") / "pictures")


@pytest.fixture(scope="session")
def clicks(pictures):
    out = pictures.parent / "clicks"
    simulate(pictures, out, annotator=SimulatedAnnotator(), progress=silent)
    return out


@pytest.fixture(scope="session")
def median_area(pictures):
    """Share of the picture that half of the test pictures' boxes stay below."""
    return float(np.median([e.boxes[0].area for e in Dataset.open(pictures).examples() if e.split == "test"]))


@pytest.fixture(scope="session")
def tiny():
    """The demo's recipe with small pictures, batches and steps."""
    recipe = digits.RECIPE
    training = replace(
        recipe.training, epochs=2, batch_size=10, schedule=replace(recipe.training.schedule, warmup_epochs=0)
    )
    network = Network("resnet10t", width=0.25, first_pool=False, image_size=20)
    return replace(
        recipe, name="tiny", network=network, training=training, augmentation=replace(recipe.augmentation, size=20)
    )


@pytest.fixture(scope="session")
def run(clicks, tiny):
    """A finished, measured run."""
    folder = clicks.parent / "run"
    train(tiny, clicks, folder, seed=3)
    evaluate(str(folder), clicks)
    return folder


@pytest.fixture(scope="session")
def plain_run(clicks, tiny):
    folder = clicks.parent / "plain"
    train(plain(tiny), clicks, folder, seed=3)
    return folder


@pytest.fixture(scope="session")
def tagged(tmp_path_factory):
    """24 pictures of 20 x 20 pixels on which every class, a square of its colour, may be there; with simulated tags."""
    root = tmp_path_factory.mktemp("tagged")
    rng = np.random.default_rng(0)
    with DatasetWriter(
        root / "squares", name="squares", task="multi_label", classes=("red", "green", "blue"), image_root="images",
        source="test",
    ) as writer:  # fmt: skip
        for i in range(24):
            picture = np.zeros((20, 20, 3), np.uint8)
            labels = tuple(c for c in range(3) if rng.random() < 0.6) or (i % 3,)
            boxes = []
            for label in labels:
                x, y = (int(corner) for corner in rng.integers(14, size=2))
                picture[y : y + 6, x : x + 6, label] = 255
                boxes.append(Box(x / 20, y / 20, (x + 6) / 20, (y + 6) / 20, label=label))
            cv2.imwrite(str(root / "drawn.png"), picture[..., ::-1])
            split = ("train", "train", "validation", "test")[i % 4]
            writer.add(Example(f"s{i}", f"{i}.png", split, 20, 20, labels, tuple(boxes)), image=root / "drawn.png")
    simulate(root / "squares", root / "tagged", annotator=SimulatedAnnotator(found_share=1.0), progress=silent)
    return root / "tagged"


@pytest.fixture(scope="session")
def tagger(tiny, tagged):
    """A run of a recipe for several labels."""
    recipe = replace(tiny, objective=Luab(ratio=0.3, labels="multi"), guidance=Guidance("clicks"))
    folder = tagged.parent / "tagger"
    train(recipe, tagged, folder)
    return folder


@pytest.fixture(scope="session")
def masked(tmp_path_factory):
    """12 pictures of 30 x 20 pixels with squares of the same classes and their masks; a crowd of blue at the bottom."""
    root = tmp_path_factory.mktemp("masked")
    rng = np.random.default_rng(1)
    with DatasetWriter(
        root / "masked", name="masked", task="multi_label", classes=("red", "green", "blue"), image_root="images",
        source="test",
    ) as writer:  # fmt: skip
        for i in range(12):
            picture, mask, boxes = np.zeros((20, 30, 3), np.uint8), np.zeros((20, 30), np.uint8), []
            picture[18:, :, 2], mask[18:] = 255, 3
            for label, left in ((0, 6), (1, 15)):
                x, y = left + int(rng.integers(3)), int(rng.integers(11))
                picture[y : y + 6, x : x + 6, label], mask[y : y + 6, x : x + 6] = 255, label + 1
                boxes.append(Box(x / 30, y / 20, (x + 6) / 30, (y + 6) / 20, label=label))
            cv2.imwrite(str(root / "drawn.png"), picture[..., ::-1])
            example = Example(f"m{i}", f"{i}.png", "test", 30, 20, (0, 1, 2), tuple(boxes))
            writer.add(example, mask=mask, image=root / "drawn.png")
    return root / "masked"


@pytest.fixture(scope="session")
def decoy(tmp_path_factory):
    """The decoy benchmark in miniature: 8 annotated pictures, 16 without a map, 8 to validate, 14 to test."""
    out = tmp_path_factory.mktemp("decoy") / "faces"
    sizes = {"annotated": 8, "large": 16, "validation": 8, "validation_annotated": 6, "test_a_generator": 2}
    draw_decoy(Decoy(test_genuine=4, side=32, **sizes), out)
    return out


@pytest.fixture(scope="session")
def cyborg(tiny):
    """A CYBORG training on the pictures that people drew maps of, a second long."""
    return Recipe(
        name="cyborg",
        network=Network("resnet10t", width=0.25, first_pool=False, image_size=32),
        objective=Cyborg(),
        augmentation=Augmentation(size=32, crop_scale=(1.0, 1.0)),
        training=replace(tiny.training, epochs=1, batch_size=4),
        saliency=Saliency("maps", size=4),
        selection=Selection(part="annotated"),
    )


@pytest.fixture(scope="session")
def teacher(decoy, cyborg):
    """A finished CYBORG run."""
    folder = decoy.parent / "teacher"
    train(cyborg, decoy, folder, seed=1)
    return folder
