import itertools
import json
from dataclasses import replace

import msgspec
import pytest

from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.study import (
    Measured,
    Place,
    Run,
    chosen_ratios,
    measure,
    read_study,
    run_study,
    study_runs,
    tuning_runs,
)
from sidelight.recipes import tiny_in9
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Condition, Study, Tuning, recipe_hash
from sidelight.records.errors import UserFault


@pytest.fixture(scope="module")
def study(tiny):
    """Plain and clicks, lambda chosen of two, an epoch each."""
    once = replace(tiny, training=replace(tiny.training, epochs=1))
    rows = (
        Condition("plain", plain(once), "baseline", "Labels only."),
        Condition("clicks", once, "treated", "Clicks."),
    )
    return Study("mini", "Does it run?", rows, tuning=Tuning(ratios=(0.1, 1.0), epochs=1), subsets=(0.5,))


@pytest.fixture(scope="module")
def finished(study, clicks, tmp_path_factory):
    out = tmp_path_factory.mktemp("study") / "mini"
    return out, run_study(study, clicks, out, seeds=2)


def tuned(condition, ratio, validation, seed=0):
    return Measured(condition, "tune", "f", seed, ratio, 1.0, validation, 1.0, {})


def test_the_ratio_of_the_highest_mean_validation_accuracy_is_chosen():
    runs = [tuned("a", 0.1, 0.9), tuned("a", 0.1, 0.1, 1), tuned("a", 0.3, 0.6), tuned("a", 0.3, 0.6, 1)]
    assert chosen_ratios([*runs, tuned("b", 1.0, 0.2)]) == {"a": 0.3, "b": 1.0}


def test_of_equal_ratios_the_smallest_is_chosen_whatever_the_order():
    runs = [tuned("a", ratio, 0.5) for ratio in (0.3, 0.1, 1.0)]
    assert all(chosen_ratios(list(order)) == {"a": 0.1} for order in itertools.permutations(runs))


def test_reported_runs_choose_nothing():
    assert chosen_ratios([msgspec.structs.replace(tuned("a", 0.1, 0.9), purpose="study")]) == {}


def test_a_seed_is_finished_in_its_group_before_the_next_begins():
    runs = study_runs(tiny_in9.STUDY, {}, seeds=2)
    main = [c.name for c in tiny_in9.STUDY.conditions if not c.group]
    assert [(r.condition, r.seed) for r in runs[:12]] == [(name, seed) for seed in (0, 1) for name in main]
    groups = [next(c.group for c in tiny_in9.STUDY.conditions if c.name == r.condition) for r in runs]
    assert groups == [""] * 12 + ["planted 70%"] * 6 + ["planted 95%"] * 6


def test_planted_conditions_take_the_ratio_of_their_namesakes():
    runs = study_runs(tiny_in9.STUDY, {"clicks": 1.0, "uniform": 0.1}, seeds=1)
    ratios = {run.condition: getattr(run.recipe.objective, "ratio", None) for run in runs}
    assert ratios["clicks"] == ratios["clicks@0.7"] == ratios["clicks@0.95"] == 1.0
    assert ratios["uniform"] == ratios["uniform@0.7"] == 0.1
    assert ratios["shuffled"] == tiny_in9.RECIPE.objective.ratio
    assert ratios["plain"] is ratios["plain@0.7"] is None


def test_every_guided_condition_is_tuned_controls_included():
    asked = {c.name: tuning_runs(c, tiny_in9.STUDY) for c in tiny_in9.STUDY.conditions}
    tuned_ones = [name for name, runs in asked.items() if runs]
    assert tuned_ones == ["uniform", "shuffled", "centre", "clicks", "box_centre"]
    for name in tuned_ones:
        assert [run.recipe.objective.ratio for run in asked[name]] == [0.1, 0.3, 1.0]
        assert {(run.seed, run.purpose, run.recipe.training.epochs) for run in asked[name]} == {(0, "tune", 10)}


def test_nothing_is_tuned_unless_asked():
    untuned = replace(tiny_in9.STUDY, tuning=None)
    assert not any(tuning_runs(c, untuned) for c in untuned.conditions)


def test_two_runs_share_a_folder_exactly_when_they_are_the_same(tiny):
    run = Run("a", "study", tiny, 3)
    assert run.folder == replace(run, condition="b", purpose="tune").folder == f"{recipe_hash(tiny)}-seed3"
    assert run.folder != replace(run, seed=4).folder
    assert run.folder != replace(run, recipe=plain(tiny)).folder


def test_a_study_tunes_trains_and_measures(finished):
    out, measured = finished
    assert [(m.purpose, m.condition, m.seed) for m in measured] == [
        ("tune", "clicks", 0), ("tune", "clicks", 0),
        ("study", "plain", 0), ("study", "clicks", 0), ("study", "plain", 1), ("study", "clicks", 1),
    ]  # fmt: skip
    assert {m.ratio for m in measured[:2]} == {0.1, 1.0}
    assert {m.ratio for m in measured if (m.purpose, m.condition) == ("study", "clicks")} == set(
        chosen_ratios(measured).values()
    )
    kept = {(m.purpose, m.folder): m for m in read_study(out)}
    assert kept == {(m.purpose, m.folder): m for m in measured}


def test_the_test_pictures_are_never_looked_at_when_tuning(finished):
    _, measured = finished
    assert all(bool(m.results) == (m.purpose == "study") for m in measured)
    assert {r.split for m in measured for r in m.results} == {"test"}


def test_what_is_kept_says_how_it_was_measured(finished, clicks):
    _, measured = finished
    fingerprint = Dataset.open(clicks).manifest.fingerprint
    for m in measured:
        assert m.validation == m.curves["val_accuracy"][-1]
        assert (m.lambda_ > 0) == (m.condition == "clicks")
        assert all((r.provenance.fingerprint, r.provenance.seed) == (fingerprint, m.seed) for r in m.results)


def test_a_finished_study_is_not_repeated_even_without_its_weights(finished, study, clicks):
    out, measured = finished
    (out / "runs" / measured[-1].folder / "model.safetensors").unlink()
    steps = []
    assert run_study(study, clicks, out, seeds=2, report=steps.append) == measured
    assert steps == []


def test_more_seeds_train_only_what_is_missing(finished, study, clicks):
    out, measured = finished
    told = []
    more = run_study(study, clicks, out, seeds=3, announce=told.append)
    assert [m for m in more if m.seed < 2] == measured
    assert len(told) == 2
    for file in (out / "measured").glob("*seed2.json"):
        file.unlink()


def test_a_folder_belongs_to_one_study_on_one_dataset(finished, study, clicks, pictures):
    out, _ = finished
    changed = replace(study.conditions[0], recipe=replace(study.conditions[0].recipe, workers=1))
    for other, data, seen in (
        (replace(study, name="other"), clicks, "'mini'; allowed: 'other'"),
        (replace(study, conditions=(changed, *study.conditions[1:])), clicks, "condition 'plain'.*another recipe"),
        (replace(study, tuning=None), clicks, "tuning of its study"),
        (study, pictures, "fingerprint of its study"),
    ):
        with pytest.raises(UserFault, match=seen):
            run_study(other, data, out, seeds=1)
    assert json.loads((out / "study.json").read_text())["name"] == "mini"


def test_an_interrupted_run_goes_on_and_ends_with_the_same_numbers(finished, study, clicks, tmp_path):
    whole = finished[1][2]

    def interrupt(step):
        if step.step == 2:
            raise KeyboardInterrupt

    place = Place(clicks, tmp_path / "again", (0.5,))
    run = Run("plain", "study", study.conditions[0].recipe, 0)
    with pytest.raises(KeyboardInterrupt):
        measure(run, place, report=interrupt)
    assert not place.file(run).exists()
    assert [r.value for r in measure(run, place).results] == [r.value for r in whole.results]


def test_a_study_needs_validation_pictures(study, clicks, tmp_path):
    source = Dataset.open(clicks)
    with DatasetWriter(tmp_path / "d", name="d", task="single_label", classes=source.manifest.classes, source="test",
                       image_root=source.root / source.manifest.image_root) as writer:  # fmt: skip
        for example in source.examples():
            if example.split != "validation":
                writer.add(msgspec.structs.replace(example, mask_path=None))
    with pytest.raises(UserFault, match="no validation picture that condition 'plain' uses"):
        run_study(study, tmp_path / "d", tmp_path / "out", seeds=1)
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_study_is_named(tmp_path):
    with pytest.raises(UserFault, match="no folder 'measured'"):
        read_study(tmp_path)


def test_several_runs_at_a_time_can_be_interrupted_and_gone_on_with(study, clicks, tmp_path):
    def interrupt(words):
        raise KeyboardInterrupt

    untuned = replace(study, tuning=None)
    with pytest.raises(KeyboardInterrupt):
        run_study(untuned, clicks, tmp_path / "out", seeds=4, jobs=2, announce=interrupt)
    assert 1 <= len(read_study(tmp_path / "out")) < 8
    measured = run_study(untuned, clicks, tmp_path / "out", seeds=2)
    assert [(m.condition, m.seed) for m in measured] == [("plain", 0), ("clicks", 0), ("plain", 1), ("clicks", 1)]
