from dataclasses import replace

from sidelight.data.augment.config import Augmentation
from sidelight.data.decoy.settings import Decoy
from sidelight.data.format.reader import Dataset
from sidelight.model.network import Network
from sidelight.pipeline.decoy import draw_decoy
from sidelight.pipeline.train import train
from sidelight.recipes import digits
from sidelight.recipes.conditions import plain


def test_a_model_teaches_in_one_command(sidelight, tmp_path):
    sizes = {"annotated": 8, "large": 6, "validation": 4, "validation_annotated": 2, "test_a_generator": 2}
    draw_decoy(Decoy(test_genuine=2, side=32, **sizes), tmp_path / "d")
    once = replace(
        digits.RECIPE.training,
        epochs=1,
        batch_size=4,
        schedule=replace(digits.RECIPE.training.schedule, warmup_epochs=0),
    )
    recipe = replace(
        plain(digits.RECIPE),
        network=Network("resnet10t", width=0.25, first_pool=False, image_size=32),
        augmentation=Augmentation(size=32),
        training=once,
    )
    train(recipe, tmp_path / "d", tmp_path / "run")
    said = sidelight("teach", tmp_path / "run", "--data", tmp_path / "d", "--out", tmp_path / "taught", "--soft-labels")
    assert said.code == 0
    assert "maps by digits_plain, seed 0" in said.out
    maps = list(Dataset.open(tmp_path / "taught").teacher_maps())
    assert len(maps) == 6
    assert all(len(found.probabilities) == 2 for found in maps)


def test_a_teacher_that_is_not_there_is_named(sidelight, tmp_path):
    said = sidelight("teach", tmp_path / "nobody", "--data", tmp_path / "d", "--out", tmp_path / "taught")
    assert said.code == 1
    assert "allowed:" in said.err
