import json
import re

import pytest
from safetensors.torch import load_file

from sidelight.recipes.table import RECIPES


def test_a_training_says_where_its_model_is_and_what_comes_next(walked):
    at, said = walked
    assert said["train"].code == 0
    assert re.search(rf"2 epochs in \d+ s; weights of epoch 2 -> {at / 'run'}\n", said["train"].out)
    assert f"next: sidelight evaluate {at / 'run'} --data {at / 'clicks'}" in said["train"].out
    assert (at / "run" / "model.safetensors").is_file()


def test_overrides_reach_the_recipe(walked):
    written = json.loads((walked[0] / "run" / "recipe.json").read_text())
    assert (written["seed"], written["recipe"]["training"]["epochs"]) == (1, 2)
    assert written["recipe"]["training"]["schedule"]["warmup_epochs"] == 0
    assert written["recipe"]["objective"]["ratio"] == 0.3


def test_a_finished_run_can_be_asked_to_go_on(sidelight, walked, small):
    at, _ = walked
    said = sidelight("train", "digits", "--data", at / "clicks", "--out", at / "run", "--seed", 1, "--resume", *small)
    assert said.code == 0
    assert "2 epochs" in said.out


def test_weights_of_a_file_are_taken_up_and_what_does_not_fit_is_told(sidelight, walked, small, tmp_path):
    at, _ = walked
    words = ["train", "digits_plain", "--data", at / "clicks", "--out", tmp_path / "run", *small]
    said = sidelight(*words, "--weights", at / "net.safetensors", "--training.optimiser.lr", 1e-30)
    assert said.code == 0
    before, after = load_file(at / "net.safetensors"), load_file(tmp_path / "run" / "model.safetensors")
    assert (before["layer4.0.conv1.weight"] - after["backbone.layer4.0.conv1.weight"]).abs().max() < 1e-6


def test_without_a_name_the_recipes_are_listed(sidelight):
    said = sidelight("train")
    assert said.code == 0
    assert all(f"  {name} " in said.out for name in RECIPES)


@pytest.mark.parametrize("name", ["digits", "luab_imagenet_deit"])
def test_help_says_what_a_recipe_reproduces_and_lists_its_fields(sidelight, name):
    said = sidelight("train", name, "--help")
    assert said.code == 0
    for words in ("Reproduces:", "Expected:", "Cost:", "--training.epochs", "--network.width", "--objective.ratio"):
        assert words in said.out


def test_the_kind_of_a_part_cannot_be_changed_by_a_word(sidelight, tmp_path):
    said = sidelight("train", "digits", "--data", tmp_path, "--out", tmp_path / "run", "recipe.objective:cross-entropy")
    assert said.code == 2
