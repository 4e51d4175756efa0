import json
import shutil
from dataclasses import replace

import msgspec
import pytest

from sidelight.data.format.manifest import write_manifest
from sidelight.data.format.reader import Dataset
from sidelight.data.format.writer import DatasetWriter
from sidelight.pipeline.measured import read_study
from sidelight.pipeline.runs import Run, chosen_knobs
from sidelight.pipeline.study import Place, measure, run_study
from sidelight.pipeline.teacher_choice import choose_teacher
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Condition, Study, Tuning
from sidelight.recipes.teaching import Teaching
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


def test_a_study_tunes_trains_and_measures(finished):
    out, measured = finished
    assert [(m.purpose, m.condition, m.seed) for m in measured] == [
        ("tune", "clicks", 0), ("tune", "clicks", 0),
        ("study", "plain", 0), ("study", "clicks", 0), ("study", "plain", 1), ("study", "clicks", 1),
    ]  # fmt: skip
    assert {m.ratio for m in measured[:2]} == {0.1, 1.0}
    assert {m.ratio for m in measured if (m.purpose, m.condition) == ("study", "clicks")} == set(
        chosen_knobs(measured).values()
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
    bare = study.conditions[0].recipe
    changed = replace(study.conditions[0], recipe=replace(bare, training=replace(bare.training, batch_size=9)))
    for other, data, seen in (
        (replace(study, name="other"), clicks, "'mini'; allowed: 'other'"),
        (replace(study, conditions=(changed, *study.conditions[1:])), clicks, "condition 'plain'.*another recipe"),
        (replace(study, tuning=None), clicks, "tuning of its study"),
        (study, pictures, "fingerprint of its study"),
    ):
        with pytest.raises(UserFault, match=seen):
            run_study(other, data, out, seeds=1)
    assert json.loads((out / "study.json").read_text())["name"] == "mini"


def test_data_that_differ_in_pixels_alone_are_told_apart_by_their_name(finished, study, clicks, tmp_path):
    manifest = Dataset.open(clicks).manifest
    same = shutil.copytree(clicks, tmp_path / "same")
    write_manifest(msgspec.structs.replace(manifest, name="same boxes, other pixels"), same)
    with pytest.raises(UserFault, match=r"dataset of its study.*same boxes, other pixels"):
        run_study(study, same, finished[0], seeds=1)


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


@pytest.fixture(scope="module")
def school(cyborg):
    """Two teachers, of which the better one teaches a student; and one taught by the plain one, with soft labels."""
    rest = replace(cyborg, selection=replace(cyborg.selection, part="rest"))
    rows = (
        Condition("student", rest, "treated", "", teachers=("guided", "plain")),
        Condition("guided", cyborg, "treated", ""),
        Condition("plain", plain(cyborg), "baseline", ""),
        Condition("distilled", replace(plain(rest), labels="teacher"), "control", "", teachers=("plain",),
                  teaching=Teaching(soft_labels=True)),
    )  # fmt: skip
    seen = ("two_class", "alignment")
    return Study("school", "Who teaches?", rows, on=seen, validation=seen)


@pytest.fixture(scope="module")
def taught(school, decoy, tmp_path_factory):
    out = tmp_path_factory.mktemp("school") / "out"
    return out, run_study(school, decoy, out, seeds=2)


def test_the_rule_s_choice_teaches_each_seed_for_itself(taught):
    _, measured = taught
    for seed in (0, 1):
        runs = {m.condition: m for m in measured if m.seed == seed}
        assert runs["student"].teacher == choose_teacher({n: runs[n].results for n in ("guided", "plain")})
        assert runs["distilled"].teacher == "plain"
        assert runs["guided"].teacher == runs["plain"].teacher == ""


def test_every_run_is_measured_on_the_data_and_not_on_what_a_teacher_made_of_them(taught, decoy):
    _, measured = taught
    assert len(measured) == 8
    fingerprint = Dataset.open(decoy).manifest.fingerprint
    for m in measured:
        assert {r.provenance.fingerprint for r in m.results} == {fingerprint}
        parts = {(r.split, r.benchmark, r.metric) for r in m.results if r.subset == "all"}
        assert {("test", "two_class", "auc"), ("validation", "alignment", "correlation")} <= parts
        assert {r.subset for r in m.results if r.split == "validation"} == {"all", "checks", "waves", "smear", "wash"}


def test_what_a_teacher_made_is_tidied_away_and_a_lost_teacher_is_trained_again(taught, school, decoy):
    out, measured = taught
    assert not list((out / "runs").glob("*/taught"))
    student, guided = (next(m for m in measured if m.condition == n and m.seed == 0) for n in ("student", "guided"))
    (out / "runs" / student.folder / "model.safetensors").unlink()
    for m in measured:
        if m.condition in ("guided", "plain"):
            shutil.rmtree(out / "runs" / m.folder, ignore_errors=True)
    shutil.rmtree(out / "runs" / student.folder)
    (out / "measured" / f"study-student-{student.folder}.json").unlink()
    again = run_study(school, decoy, out, seeds=2)
    repeated = next(m for m in again if m.condition == "student" and m.seed == 0)
    assert [r.value for r in repeated.results] == [r.value for r in student.results]
    assert guided in again


def test_students_wait_for_their_teachers_when_several_run_at_a_time(school, decoy, tmp_path):
    told = []
    run_study(school, decoy, tmp_path / "out", seeds=1, jobs=2, announce=told.append)
    order = [words.split(": ")[1].split(",")[0] for words in told]
    assert order.index("student") > max(order.index("guided"), order.index("plain"))
    assert order.index("distilled") > order.index("plain")
