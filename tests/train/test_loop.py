from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from sidelight.model.checkpoint import load_model
from sidelight.records.errors import UserFault
from sidelight.train.loop import TrainingDiverged, fit
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.objective.dense_saliency import DenseSaliency
from sidelight.train.objective.luab import Luab
from sidelight.train.objective.map_match import MapMatch
from sidelight.train.objective.rrr import Rrr

OPTIONS = {"resume", "fingerprint", "seed", "assess", "report", "clock"}


@pytest.fixture
def train(toy, tmp_path):
    """Train the toy with changes, into a folder of this name; gives what `fit` gives."""

    def run(name="run", *, objective=None, source=None, **changes):
        options = {"seed": 1} | {key: changes.pop(key) for key in OPTIONS & changes.keys()}
        training = replace(toy.TRAINING, **changes)
        parts = (
            toy.toy_backbone(),
            objective or CrossEntropy(),
            source if source is not None else toy.ToySource(),
            training,
        )
        return fit(*parts, run=tmp_path / name, **options)

    return run


def weights(fitted):
    return load_file(fitted.model)


def equal(one, other, *, prefix=""):
    a, b = ({k: v for k, v in weights(fitted).items() if k.startswith(prefix)} for fitted in (one, other))
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_the_loss_falls_and_every_epoch_has_a_row(toy, train):
    fitted = train(epochs=6)
    rows = toy.rows_of(fitted.model.parent)
    assert [(row["epoch"], row["step"]) for row in rows] == [(str(n), str(5 * n)) for n in range(1, 7)]
    assert float(rows[-1]["loss"]) < 0.9 * float(rows[0]["loss"])
    assert (fitted.epochs, fitted.steps, fitted.best_epoch, fitted.lambda_) == (6, 30, 6, 0.0)


def test_the_same_seed_gives_the_same_bits_whatever_was_drawn_before_and_leaves_no_trace(toy, train):
    one = train("one", objective=Luab(ratio=0.3))
    torch.manual_seed(5)
    state = torch.get_rng_state()
    other = train("other", objective=Luab(ratio=0.3))
    assert equal(one, other)
    assert toy.rows_of(one.model.parent) == toy.rows_of(other.model.parent)
    assert torch.equal(torch.get_rng_state(), state)


def test_another_seed_draws_other_random_numbers(train):
    assert not equal(train("one", epochs=1), train("other", epochs=1, seed=2))


def test_measuring_between_epochs_changes_nothing(toy, train):
    assert equal(train("one"), train("other", assess=toy.noisy_assess))


def test_guidance_of_weight_zero_trains_the_very_backbone_of_plain_training(train):
    plain, guided = train("plain"), train("guided", objective=Luab(weight=0.0))
    assert equal(plain, guided, prefix="backbone.")


def test_lambda_is_so_chosen_that_training_starts_at_the_ratio(toy, train):
    fitted = train(objective=Luab(ratio=0.3), epochs=1, ratio_every=1)
    (row,) = toy.rows_of(fitted.model.parent)
    assert float(row["lambda"]) == fitted.lambda_ > 0
    assert float(row["gradient_ratio"]) == pytest.approx(0.3, rel=0.5)
    assert {"loss_class", "loss_point"} <= row.keys()


def test_guidance_that_is_only_logged_trains_the_very_backbone_of_plain_training(toy, train):
    plain, logged = train("plain"), train("logged", objective=Cyborg(log_only=True))
    assert equal(plain, logged)
    rows, shown = (toy.rows_of(fitted.model.parent) for fitted in (plain, logged))
    assert [row["loss"] for row in rows] == [row["loss"] for row in shown]
    assert [float(row["lambda"]) for row in shown] == [0.0] * 3
    assert all(float(row["loss_map"]) > 0 for row in shown)
    assert logged.lambda_ == 0


@pytest.mark.parametrize(
    "objective",
    [Cyborg(ratio=0.3), MapMatch(ratio=0.3, layer="layer3"), DenseSaliency(ratio=0.3), Rrr(ratio=0.3)],
    ids=lambda o: type(o).__name__,
)
def test_guidance_by_maps_starts_at_its_ratio_too(toy, train, objective):
    fitted = train(objective=objective, epochs=1, source=toy.ToySource(batches=1))
    (row,) = toy.rows_of(fitted.model.parent)
    assert float(row["lambda"]) == fitted.lambda_ > 0
    assert float(row["gradient_ratio"]) == pytest.approx(0.3, rel=0.5)  # drop-path draws anew


def test_alpha_blends_the_two_terms(toy, train):
    fitted = train(objective=Cyborg(alpha=0.2), epochs=1)
    row = {name: float(text) for name, text in toy.rows_of(fitted.model.parent)[0].items()}
    assert (fitted.lambda_, row["lambda"]) == (0.8, 0.8)
    assert row["loss"] == pytest.approx(0.2 * row["loss_class"] + 0.8 * row["loss_map"], rel=0.05)


def test_a_given_lambda_is_taken_as_it_is(toy, train):
    fitted = train(objective=Luab(weight=0.7), epochs=1)
    assert (fitted.lambda_, toy.rows_of(fitted.model.parent)[0]["lambda"]) == (0.7, "0.7")
    row = {name: float(text) for name, text in toy.rows_of(fitted.model.parent)[0].items()}
    assert row["loss"] == pytest.approx(row["loss_class"] + 0.7 * row["loss_point"], rel=0.05)


def test_the_model_on_disk_is_the_one_that_was_trained(toy, tmp_path):
    backbone, images = toy.toy_backbone(), torch.rand(2, 3, toy.SIDE, toy.SIDE)
    fitted = fit(backbone, Luab(), toy.ToySource(), replace(toy.TRAINING, epochs=1), run=tmp_path / "run", seed=1)
    loaded = load_model(fitted.model)
    assert torch.allclose(loaded.backbone(images).logits, backbone.eval()(images).logits, atol=1e-6)
    assert list(loaded.heads) == ["point"]


def test_the_best_epoch_is_kept_and_of_equals_the_first(train):
    values = {1: 0.2, 2: 0.9, 3: 0.9}
    best = train("best", keep="best_val", assess=lambda backbone, heads, epoch: {"val_accuracy": values[epoch]})
    seen = {}

    def remember(backbone, heads, epoch):
        seen[epoch] = {f"backbone.{k}": v.clone() for k, v in backbone.export_state().items()}
        return {}

    train("last", assess=remember)
    assert best.best_epoch == 2
    assert all(torch.equal(value, seen[2][name]) for name, value in weights(best).items())


def test_keeping_the_best_needs_something_that_says_which_that_is(train):
    with pytest.raises(UserFault, match="best_val without a validation"):
        train(keep="best_val")


def test_assessment_sees_the_model_in_evaluation_mode_and_its_numbers_are_columns(toy, train):
    modes = []

    def assess(backbone, heads, epoch):
        modes.append((backbone.training, heads["point"].training, torch.is_grad_enabled(), epoch))
        return {"val_accuracy": epoch / 10}

    fitted = train(objective=Luab(), epochs=2, assess=assess)
    assert modes == [(False, False, False, 1), (False, False, False, 2)]
    assert [row["val_accuracy"] for row in toy.rows_of(fitted.model.parent)] == ["0.1", "0.2"]


def test_an_assessment_may_not_overwrite_the_loops_own_columns(train):
    with pytest.raises(ValueError, match="'loss'"):
        train(assess=lambda backbone, heads, epoch: {"loss": 0.0})


def test_progress_is_told_after_every_step(train):
    told = []
    ticks = iter(range(1000))
    train(epochs=2, report=told.append, clock=lambda: next(ticks))
    assert [(t.epoch, t.step, t.total_steps) for t in told] == [(1 + n // 5, n + 1, 10) for n in range(10)]
    assert told[0].images_per_s == 8.0
    assert all(t.loss > 0 for t in told)


def test_a_finished_run_is_left_as_it_is(toy, train, tmp_path):
    first = train(epochs=1)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*")}
    assert train(epochs=1, resume=True) == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "run").rglob("*")} == before


def test_a_training_stopped_after_its_last_state_still_gets_its_model(train):
    whole = train("whole", epochs=1)
    cut = train("cut", epochs=1)
    for file in (cut.model, cut.model.with_suffix(".json")):
        file.unlink()
    assert equal(train("cut", epochs=1, resume=True), whole)


def test_rows_after_the_last_state_are_gone_when_the_training_resumes(toy, train, tmp_path):
    class Stop(Exception):
        """Pulls the plug."""

    def stop(step):
        if step.step == 8:
            raise Stop

    with pytest.raises(Stop):
        train(report=stop)
    (tmp_path / "run" / "metrics.csv").write_text("epoch,loss\n1,0.5\n2,0.4\n")
    rows = []
    train(resume=True, report=lambda step: rows.append(len(toy.rows_of(tmp_path / "run"))))
    assert rows == [1, 1, 1, 1, 2, 2, 2, 2, 2]


def test_a_run_is_not_overwritten(train):
    train(epochs=1)
    with pytest.raises(UserFault, match="a run is already there"):
        train(epochs=1)


@pytest.mark.parametrize("changed", [{"seed": 2}, {"fingerprint": "another recipe"}])
def test_a_run_of_another_recipe_or_seed_is_not_resumed(train, changed):
    train(epochs=1, fingerprint="recipe")
    with pytest.raises(UserFault, match="it has seed 1 and fingerprint 'recipe'"):
        train(epochs=1, resume=True, **{"fingerprint": "recipe", **changed})


def test_a_loss_that_is_no_number_stops_the_training_and_keeps_the_last_state(toy, train, tmp_path):
    class Poisoned(toy.ToySource):
        def epoch(self, number, *, first=0):
            for place, batch in enumerate(super().epoch(number, first=first), start=first):
                yield replace(batch, targets=batch.targets * float("nan")) if (number, place) == (1, 3) else batch

    with pytest.raises(TrainingDiverged, match=r"step 9 of 15.*loss is nan.*state of step 7 is kept"):
        train(source=Poisoned(), checkpoint_every=7, ratio_every=100)
    assert [path.name for path in (tmp_path / "run" / "checkpoint").iterdir()] == ["step-00000007"]


def test_guidance_without_any_annotation_is_refused(toy, train):
    with pytest.raises(UserFault, match="no picture annotated with points"):
        train(objective=Luab(), source=toy.ToySource(annotated=0.0))


def test_no_batches_are_refused(toy, train):
    with pytest.raises(UserFault, match="not one batch"):
        train(source=toy.ToySource(batches=0))


def test_several_devices_must_be_launched_before_their_sources_are_made(train):
    with pytest.raises(ValueError, match="the source must know its rank"):
        train(devices=2)


def test_a_source_that_does_not_keep_its_promise_is_an_error(toy, train):
    class Short(toy.ToySource):
        def epoch(self, number, *, first=0):
            return iter(list(super().epoch(number, first=first))[:-1])

    with pytest.raises(ValueError, match="ended at step 4, with 5 an epoch"):
        train(source=Short())


def test_half_precision_trains_too(toy, train):
    fitted = train(objective=Luab(ratio=0.3), precision="bf16-mixed", epochs=2)
    assert {value.dtype for value in weights(fitted).values()} == {torch.float32, torch.int64}
    assert float(toy.rows_of(fitted.model.parent)[-1]["loss"]) > 0
