import itertools
from dataclasses import replace

import msgspec
import pytest

from sidelight.data.guidance import Guidance
from sidelight.data.saliency import Saliency
from sidelight.pipeline.measured import Measured
from sidelight.pipeline.runs import Run, chosen_knobs, study_runs, tuning_runs, with_teachers
from sidelight.recipes import tiny_in9
from sidelight.recipes.conditions import plain
from sidelight.recipes.recipe import Condition, Study, Tuning, recipe_hash
from sidelight.recipes.teaching import Teaching
from sidelight.train.objective.cyborg import Cyborg


def tuned(condition, ratio, validation, seed=0):
    return Measured(condition, "tune", "f", seed, ratio, 1.0, validation, 1.0, {})


def test_the_ratio_of_the_highest_mean_validation_accuracy_is_chosen():
    runs = [tuned("a", 0.1, 0.9), tuned("a", 0.1, 0.1, 1), tuned("a", 0.3, 0.6), tuned("a", 0.3, 0.6, 1)]
    assert chosen_knobs([*runs, tuned("b", 1.0, 0.2)]) == {"a": 0.3, "b": 1.0}


def test_of_equal_ratios_the_smallest_is_chosen_whatever_the_order():
    runs = [tuned("a", ratio, 0.5) for ratio in (0.3, 0.1, 1.0)]
    assert all(chosen_knobs(list(order)) == {"a": 0.1} for order in itertools.permutations(runs))


def test_reported_runs_choose_nothing():
    assert chosen_knobs([msgspec.structs.replace(tuned("a", 0.1, 0.9), purpose="study")]) == {}


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


@pytest.fixture
def school(tiny):
    """A plain and a guided teacher, and a student of the better one."""
    guided = replace(tiny, objective=Cyborg(), guidance=Guidance(), saliency=Saliency("maps"))
    rows = (
        Condition("student", guided, "treated", "", teachers=("guided", "plain")),
        Condition("plain", plain(guided), "baseline", ""),
        Condition("guided", guided, "treated", "", tuned=False),
    )
    return Study("school", "?", rows, tuning=Tuning(epochs=1, alphas=(0.5, 0.01)))


def test_a_student_s_run_knows_its_teachers_of_the_same_seed(school):
    student, plainly, guided = (run for run in study_runs(school, {}, seeds=2) if run.seed == 1)
    assert student.teachers == (guided, plainly)
    assert guided.teachers == ()


def test_teachers_come_before_their_students_and_once(school):
    order = [(run.condition, run.seed) for run in with_teachers(study_runs(school, {}, seeds=2))]
    assert order == [(name, seed) for seed in (0, 1) for name in ("guided", "plain", "student")]


def test_a_student_s_folder_changes_with_its_teacher_and_with_the_teaching(school):
    run = study_runs(school, {}, seeds=1)[0]
    others = [
        replace(run, teachers=run.teachers[:1]),
        replace(run, teachers=()),
        replace(run, teaching=Teaching(wrong="drop")),
        replace(run, teachers=(replace(run.teachers[0], recipe=plain(run.recipe)),)),
    ]
    assert len({run.folder, *(other.folder for other in others)}) == 5


def test_what_blends_by_alpha_is_tuned_by_alpha_and_nothing_that_says_no(school):
    asked = {c.name: [run.recipe.objective.alpha for run in tuning_runs(c, school)] for c in school.conditions[::2]}
    assert asked == {"student": [0.5, 0.01], "guided": []}
    assert {run.teachers[0].condition for run in tuning_runs(school.conditions[0], school)} == {"guided"}


def test_the_chosen_alpha_is_the_student_s_and_not_its_teacher_s(school):
    runs = [msgspec.structs.replace(tuned("student", None, share), alpha=a) for a, share in ((0.5, 0.7), (0.01, 0.8))]
    student = study_runs(school, chosen_knobs(runs), seeds=1)[0]
    assert student.recipe.objective.alpha == 0.01
    assert student.teachers[0].recipe.objective.alpha == 0.5


def test_nobody_is_taught_by_a_student_or_a_stranger(school):
    student = school.conditions[0]
    for strange in ("student", "nobody"):
        with pytest.raises(ValueError, match=f"has teachers \\['{strange}'\\]"):
            replace(school, conditions=(replace(student, teachers=(strange,)), *school.conditions[1:]))
