from dataclasses import replace

import pytest

from sidelight.data.guidance import Guidance
from sidelight.data.saliency import Saliency
from sidelight.recipes import digits, luab_coco_resnet, luab_imagenet_deit, tiny_in9
from sidelight.recipes.conditions import plain, six_conditions
from sidelight.recipes.recipe import recipe_hash
from sidelight.train.objective.attention_pooling import AttentionPooling
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy

GUIDED = [digits.RECIPE, tiny_in9.RECIPE, luab_imagenet_deit.RECIPE, luab_coco_resnet.RECIPE]


@pytest.mark.parametrize("recipe", GUIDED, ids=lambda recipe: recipe.name)
def test_plain_differs_in_objective_and_guidance_alone(recipe):
    bare = plain(recipe)
    assert bare.guidance.kind == "none"
    assert replace(bare, name=recipe.name, objective=recipe.objective, guidance=recipe.guidance) == recipe


def test_plain_keeps_the_smoothing_of_labels():
    assert plain(luab_imagenet_deit.RECIPE).objective == CrossEntropy(label_smoothing=0.1)


def test_plain_minimises_the_same_class_term_with_several_labels():
    assert plain(luab_coco_resnet.RECIPE).objective == BinaryCrossEntropy()


def test_the_conditions_are_told_by_their_names_and_roles():
    roles = {c.name: c.role for c in six_conditions(tiny_in9.RECIPE)}
    assert roles == {
        "plain": "baseline",
        "uniform": "control",
        "shuffled": "control",
        "centre": "control",
        "clicks": "treated",
        "box_centre": "treated",
    }


def test_guided_conditions_differ_in_their_points_alone():
    recipe = tiny_in9.RECIPE
    for condition in six_conditions(recipe)[1:]:
        assert condition.recipe.guidance.kind == condition.name
        assert replace(condition.recipe, guidance=recipe.guidance) == recipe


def test_no_two_conditions_share_their_runs():
    hashes = {recipe_hash(c.recipe) for c in tiny_in9.STUDY.conditions}
    assert len(hashes) == len(tiny_in9.STUDY.conditions)


def test_plain_of_guidance_by_maps_has_no_maps_unless_they_blur():
    network = replace(tiny_in9.RECIPE.network, pooling="attention")
    guided = replace(
        tiny_in9.RECIPE,
        network=network,
        objective=AttentionPooling(label_smoothing=0.1),
        guidance=Guidance(),
        saliency=Saliency("boxes"),
    )
    bare = plain(guided)
    assert (bare.objective, bare.saliency, bare.network) == (CrossEntropy(0.1), Saliency(), network)
    blurred = replace(guided, augmentation=replace(guided.augmentation, blur_outside=0.5))
    assert plain(blurred).saliency == Saliency("boxes")
