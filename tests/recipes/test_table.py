from dataclasses import replace

import pytest
import timm

from sidelight.data.augment.config import Augmentation
from sidelight.recipes import tiny_in9
from sidelight.recipes.recipe import Recipe, Study
from sidelight.recipes.table import RECIPES, STUDIES, recipe_named, study_named
from sidelight.records.errors import UserFault
from sidelight.train.objective.luab import Luab


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_goes_by_its_name_and_names_a_network_of_timm(name):
    recipe = recipe_named(name)
    assert isinstance(recipe, Recipe)
    assert recipe.name == name
    assert recipe.network.name in timm.list_models()


@pytest.mark.parametrize("name", STUDIES)
def test_every_study_goes_by_its_name_and_compares_with_a_control(name):
    study = study_named(name)
    assert isinstance(study, Study)
    assert study.name == name
    # Levels are held against conditions of other groups; one control then stands for the study.
    groups = [""] if study.axes else {c.group for c in study.conditions}
    for group in groups:
        roles = {c.role for c in study.conditions if c.group == group}
        assert roles == {"baseline", "control", "treated"}


def bare(recipe):
    """Network and augmentation without what guides: attention pooling, and blur outside the maps."""
    return replace(recipe.network, pooling="own"), replace(recipe.augmentation, blur_outside=0.0)


@pytest.mark.parametrize("name", STUDIES)
def test_conditions_of_a_group_take_equal_steps(name):
    study = study_named(name)
    for group in {c.group for c in study.conditions}:
        recipes = [c.recipe for c in study.conditions if c.group == group and c.recipe.selection.part != "annotated"]
        assert len({(*bare(r), r.training, r.selection, r.plant) for r in recipes}) == 1


@pytest.mark.parametrize("find", [recipe_named, study_named])
def test_an_unknown_name_answers_with_the_closest(find):
    with pytest.raises(UserFault, match="Did you mean 'digits'"):
        find("digit")


def test_the_paper_s_set_ups_are_as_the_paper_says():
    resnet, deit = recipe_named("luab_imagenet_resnet"), recipe_named("luab_imagenet_deit")
    assert (resnet.training.epochs, resnet.training.optimiser.name, resnet.training.keep) == (100, "sgd", "last")
    assert (deit.augmentation.mixup, deit.augmentation.cutmix, deit.augmentation.erasing) == (0.8, 1.0, 0.25)
    assert deit.augmentation.randaugment is not None
    for name in ("luab_coco_resnet", "luab_coco_vit"):
        assert recipe_named(name).objective.labels == "multi"


def test_the_primitive_set_up_is_crop_and_flip_and_nothing_else():
    shown = recipe_named("luab_imagenet_primitive").augmentation
    assert shown == replace(Augmentation(), interpolation=shown.interpolation, eval_resize=shown.eval_resize)


def test_the_study_on_real_photos_is_the_one_that_was_asked_for():
    names = [c.name for c in tiny_in9.STUDY.conditions]
    assert names[:6] == ["plain", "uniform", "shuffled", "centre", "clicks", "box_centre"]
    assert names[6:] == [f"{name}@{rate}" for rate in ("0.7", "0.95") for name in ("plain", "uniform", "clicks")]
    assert all(c.tuned_as == c.name.split("@")[0] for c in tiny_in9.STUDY.conditions[6:] if c.role != "baseline")
    assert [c.recipe.plant.rate for c in tiny_in9.STUDY.conditions[6:]] == [0.7] * 3 + [0.95] * 3
    assert {c.recipe.selection.max_box_coverage for c in tiny_in9.STUDY.conditions} == {0.5}
    assert (len(tiny_in9.STUDY.tuning.ratios), tiny_in9.STUDY.tuning.epochs) == (3, 10)


def test_lambda_is_always_chosen_by_a_gradient_ratio():
    guided = [listed.recipe for listed in RECIPES.values() if isinstance(listed.recipe.objective, Luab)]
    assert all(recipe.objective.ratio is not None for recipe in guided)
