import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.data.guidance import Guidance
from sidelight.data.saliency import Saliency
from sidelight.model.checkpoint import load_model
from sidelight.pipeline.curves import read_curves
from sidelight.pipeline.train import train
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import as_values, recipe_hash
from sidelight.records.errors import UserFault
from sidelight.train.objective.attention_pooling import AttentionPooling
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.dense_saliency import DenseSaliency
from sidelight.train.objective.luab import Luab
from sidelight.train.objective.rrr import Rrr


def weights(run):
    return load_file(run / "model.safetensors")


def equal(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_a_run_says_what_made_it(run, tiny, clicks):
    written = json.loads((run / "recipe.json").read_text())
    manifest = Dataset.open(clicks).manifest
    assert written["recipe"] == json.loads(json.dumps(as_values(tiny)))
    assert (written["recipe_hash"], written["seed"]) == (recipe_hash(tiny), 3)
    assert (written["fingerprint"], written["classes"]) == (manifest.fingerprint, list(manifest.classes))
    assert written["simulated"].startswith("Clicks, traces and times are simulated")


def test_every_epoch_is_validated(run):
    curves = read_curves(run / "metrics.csv")
    assert curves["epoch"] == [1.0, 2.0]
    for name in ("val_accuracy", "val_macro_accuracy", "val_point_in_box"):
        assert all(0 <= value <= 1 for value in curves[name])
    assert all(value > 0 for value in curves["val_point_loss"])


def test_epochs_that_are_not_due_are_not_validated_but_the_last(clicks, tiny, tmp_path):
    train(replace(tiny, training=replace(tiny.training, epochs=3, assess_every=2)), clicks, tmp_path / "run")
    seen = read_curves(tmp_path / "run" / "metrics.csv")["val_accuracy"]
    assert [value is not None for value in seen] == [False, True, True]


def test_a_plain_run_has_no_point_head_and_no_curves_of_it(plain_run):
    assert not any(name.startswith("heads.") for name in weights(plain_run))
    assert not any("point" in name for name in read_curves(plain_run / "metrics.csv"))


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(run, tiny, clicks, tmp_path):
    train(tiny, clicks, tmp_path / "again", seed=3)
    train(tiny, clicks, tmp_path / "other", seed=4)
    assert equal(weights(tmp_path / "again"), weights(run))
    assert not equal(weights(tmp_path / "other"), weights(run))


def test_workers_change_nothing(run, tiny, clicks, tmp_path):
    train(replace(tiny, workers=2), clicks, tmp_path / "run", seed=3)
    assert equal(weights(tmp_path / "run"), weights(run))


def test_an_interrupted_run_ends_as_if_nothing_had_happened(run, tiny, clicks, tmp_path):
    def interrupt(step):
        if step.step == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(tiny, clicks, tmp_path / "run", seed=3, report=interrupt)
    assert not (tmp_path / "run" / "model.safetensors").exists()
    train(tiny, clicks, tmp_path / "run", seed=3, resume=True)
    assert equal(weights(tmp_path / "run"), weights(run))


def test_a_finished_run_is_left_as_it_is(run, tiny, clicks):
    before = (run / "model.safetensors").stat().st_mtime_ns
    steps = []
    fitted = train(tiny, clicks, run, seed=3, resume=True, report=steps.append)
    assert (steps, fitted.epochs, fitted.best_epoch) == ([], 2, 2)
    assert (run / "model.safetensors").stat().st_mtime_ns == before


def test_a_run_is_never_written_over(run, tiny, clicks):
    with pytest.raises(UserFault, match="a run is already there"):
        train(tiny, clicks, run, seed=3)


@pytest.mark.parametrize("change", ["seed", "recipe"])
def test_another_run_is_not_gone_on_with_and_stays_whole(run, tiny, clicks, change):
    before = (run / "recipe.json").read_bytes()
    recipe, seed = (replace(tiny, guidance=Guidance("centre")), 3) if change == "recipe" else (tiny, 4)
    with pytest.raises(UserFault, match="run"):
        train(recipe, clicks, run, seed=seed, resume=True)
    assert (run / "recipe.json").read_bytes() == before


def without_validation(clicks, out):
    source = Dataset.open(clicks)
    by_id = {a.example_id: a for a in source.annotations()}
    with DatasetWriter(out, name="d", task="single_label", classes=source.manifest.classes, source="test",
                       image_root=source.root / source.manifest.image_root) as writer:  # fmt: skip
        for example in source.examples():
            if example.split != "validation":
                writer.add(example, [by_id[example.id]] if example.id in by_id else [])
    return out


def test_without_validation_pictures_nothing_is_validated(clicks, tiny, tmp_path):
    train(tiny, without_validation(clicks, tmp_path / "d"), tmp_path / "run")
    assert not any(name.startswith("val_") for name in read_curves(tmp_path / "run" / "metrics.csv"))


def test_the_best_epoch_cannot_be_kept_without_validation(clicks, tiny, tmp_path):
    recipe = replace(tiny, training=replace(tiny.training, keep="best_val"))
    with pytest.raises(UserFault, match="best_val without a validation"):
        train(recipe, without_validation(clicks, tmp_path / "d"), tmp_path / "run")


@pytest.mark.parametrize("objective", [Luab(ratio=0.3, labels="multi"), BinaryCrossEntropy()])
def test_pictures_with_several_labels_are_validated_by_mean_average_precision(tagged, tiny, tmp_path, objective):
    guidance = Guidance("clicks" if isinstance(objective, Luab) else "none")
    train(replace(tiny, objective=objective, guidance=guidance), tagged, tmp_path / "run")
    curves = read_curves(tmp_path / "run" / "metrics.csv")
    assert all(0 < value <= 1 for value in curves["val_accuracy"])
    assert "val_macro_accuracy" not in curves
    # Of each class's point, whether it lies in a box of that class.
    assert ("val_point_in_box" in curves) == isinstance(objective, Luab)
    assert all(0 <= share <= 1 for share in curves.get("val_point_in_box", ()))


@pytest.mark.parametrize("objective", [DenseSaliency, AttentionPooling, Rrr], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("kind", ["boxes", "clicks"])
def test_guidance_by_a_map_a_class_trains_on_pictures_with_several_labels(tagged, tiny, tmp_path, objective, kind):
    pooling = "attention" if objective is AttentionPooling else "own"
    recipe = replace(
        tiny,
        network=replace(tiny.network, pooling=pooling),
        objective=objective(ratio=0.3, labels="multi"),
        guidance=Guidance("none"),
        saliency=Saliency(kind, size=5),
    )
    train(recipe, tagged, tmp_path / "run")
    curves = read_curves(tmp_path / "run" / "metrics.csv")
    assert all(value > 0 for value in curves["loss_map"])
    assert all(value > 0 for value in curves["lambda"])
    assert all(0 < value <= 1 for value in curves["val_accuracy"])
    # A head that draws gives a map for each of the three classes, also when it comes back from disk.
    heads = load_model(tmp_path / "run").heads
    assert [head.settings()["maps"] for head in heads.values()] == ([3] if objective is DenseSaliency else [])


@pytest.mark.parametrize("objective", [Luab(ratio=0.3), CrossEntropy()])
def test_a_recipe_for_one_label_is_refused_for_several(tagged, tiny, tmp_path, objective):
    recipe = replace(tiny, objective=objective) if isinstance(objective, Luab) else plain(tiny)
    with pytest.raises(UserFault, match="several labels"):
        train(recipe, tagged, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("objective", [Luab(ratio=0.3, labels="multi"), BinaryCrossEntropy()])
def test_a_recipe_for_several_labels_is_refused_for_one(clicks, tiny, tmp_path, objective):
    guidance = Guidance("clicks" if isinstance(objective, Luab) else "none")
    with pytest.raises(UserFault, match="one label"):
        train(replace(tiny, objective=objective, guidance=guidance), clicks, tmp_path / "run")


def test_unannotated_pictures_train_a_plain_model_only(pictures, tiny, tmp_path):
    with pytest.raises(UserFault, match="has a click"):
        train(tiny, pictures, tmp_path / "guided")
    train(plain(tiny), pictures, tmp_path / "plain")
    assert (tmp_path / "plain" / "model.safetensors").is_file()
