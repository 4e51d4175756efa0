import pytest

from sidelight.data.decoy.settings import Decoy
from sidelight.pipeline.runs import study_runs, tuning_runs
from sidelight.recipes import cyborg_faces_as_coded, cyborg_faces_as_written
from sidelight.recipes.table import STUDIES, study_named
from sidelight.recipes.teacher_student import EPOCHS, RECIPE, STUDY, on_small

PROTOCOL = [name for name in STUDIES if name.startswith("teacher-student")]


def steps(recipe, pictures):
    return recipe.training.epochs * (pictures // recipe.training.batch_size)


def test_the_small_part_is_trained_on_in_as_many_steps_as_the_large_one_or_in_as_many_epochs():
    large = steps(RECIPE, Decoy().large)
    assert steps(on_small(RECIPE), Decoy().annotated) == pytest.approx(large, rel=0.01)
    assert on_small(RECIPE, epochs=EPOCHS).training == RECIPE.training
    warmup = on_small(RECIPE).training
    assert warmup.schedule.warmup_epochs / warmup.epochs == RECIPE.training.schedule.warmup_epochs / EPOCHS


@pytest.mark.parametrize("name", PROTOCOL)
def test_students_never_see_a_picture_that_people_annotated(name):
    for condition in study_named(name).conditions:
        assert condition.recipe.selection.part == ("rest" if condition.teachers else condition.recipe.selection.part)
        assert condition.recipe.selection.part != "all"


def test_alpha_is_chosen_once_for_all_students_and_stands_for_their_teachers():
    tuned = {c.name: [run.recipe.objective.alpha for run in tuning_runs(c, STUDY)] for c in STUDY.conditions}
    assert {name: alphas for name, alphas in tuned.items() if alphas} == {"student": [0.5, 0.1, 0.01]}
    runs = study_runs(STUDY, {"student": 0.01}, seeds=1)
    alphas = {run.condition: run.recipe.objective.alpha for run in runs if run.recipe.objective.needs == "maps"}
    assert {name for name, alpha in alphas.items() if alpha == 0.01} == {
        "student", "student_mean", "student_shuffled", "student_points", "student_of_small_plain",
        "student_of_large_plain", "masks", "densenet_student", "densenet_student_mean",
    }  # fmt: skip
    assert alphas["small_people"] == alphas["densenet_small_people"] == 0.5


def test_students_differ_from_the_student_in_their_maps_alone():
    runs = {run.condition: run for run in study_runs(STUDY, {"student": 0.1}, seeds=1)}
    for name in (
        "student_mean",
        "student_shuffled",
        "student_points",
        "student_of_small_plain",
        "student_of_large_plain",
        "masks",
    ):
        recipe, student = runs[name].recipe, runs["student"].recipe
        assert (recipe.objective, recipe.training, recipe.network) == (
            student.objective, student.training, student.network,
        )  # fmt: skip


def test_the_faces_recipes_hold_the_script_s_values():
    for module in (cyborg_faces_as_coded, cyborg_faces_as_written):
        training, schedule = module.RECIPE.training, module.RECIPE.training.schedule
        optimiser = training.optimiser
        assert (optimiser.name, optimiser.lr, optimiser.momentum, optimiser.weight_decay) == ("sgd", 0.005, 0.9, 1e-6)
        assert (schedule.name, schedule.step_epochs, schedule.step_factor) == ("step", 12, 0.1)
        assert (training.epochs, training.batch_size, training.keep) == (50, 20, "best_val")
        assert module.RECIPE.augmentation.flip == 0
    coded, written = cyborg_faces_as_coded.RECIPE.objective, cyborg_faces_as_written.RECIPE.objective
    assert (coded.cam_class, coded.distance, coded.compat) == ("predicted", "mse", "cyborg")
    assert (written.cam_class, written.distance, written.compat) == ("true", "l2", "")
