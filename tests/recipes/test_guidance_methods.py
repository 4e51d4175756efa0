from dataclasses import replace

from sidelight.recipes.guidance_methods import RECIPE, STUDY
from sidelight.recipes.when_guidance_helps import RECIPE as BASE
from sidelight.train.objective.table import OBJECTIVES

CONDITIONS = {condition.name: condition.recipe for condition in STUDY.conditions}


def test_every_objective_for_one_label_is_there_once_as_treated():
    treated = [type(c.recipe.objective) for c in STUDY.conditions if c.role == "treated" and c.name != "blur"]
    kinds = [kind for kind in OBJECTIVES.values() if kind.guidance is not None]
    assert sorted(kind.__name__ for kind in treated) == sorted(kind.__name__ for kind in kinds)


def test_all_pull_alike_on_the_same_photos_in_the_same_steps():
    for recipe in CONDITIONS.values():
        assert getattr(recipe.objective, "ratio", 1.0) == 1.0
        assert (recipe.training, recipe.selection, recipe.plant) == (BASE.training, BASE.selection, BASE.plant)
        assert replace(recipe.network, pooling="own") == BASE.network


def test_its_energy_is_the_guided_condition_of_the_other_study():
    assert replace(RECIPE, name=BASE.name) == BASE


def test_a_control_is_told_as_much_as_what_it_controls():
    for name, control in CONDITIONS.items():
        if name.endswith(("_shuffled", "_uniform")):
            treated = CONDITIONS[name.rpartition("_")[0]]
            assert control.objective == treated.objective
            assert control != treated


def test_every_objective_has_a_control_that_knows_nothing_of_the_photo():
    treated = {c.name for c in STUDY.conditions if c.role == "treated" and c.name != "blur"}
    assert {c.name.rpartition("_")[0] for c in STUDY.conditions if c.role == "control"} == treated
