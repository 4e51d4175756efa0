import json
from dataclasses import replace
from pathlib import Path

import pytest

from sidelight.recipes import when_guidance_helps_pretraining
from sidelight.recipes.conditions import plain
from sidelight.recipes.when_guidance_helps import AXES, CONTRASTS, PHOTOS, PRETRAINED, RECIPE, STEPS, STUDY

CONDITIONS = {condition.name: condition.recipe for condition in STUDY.conditions}
CLASSES = Path(__file__).parents[2] / "docs/results/when-guidance-helps"


def steps(recipe, photos):
    return recipe.training.epochs * max(1, photos // recipe.training.batch_size)


@pytest.mark.parametrize(("share", "photos"), [(0.5, 887), *((share, photos) for share, (photos, _) in PHOTOS.items())])
def test_any_number_of_photos_is_trained_on_in_as_many_steps(share, photos):
    recipe = RECIPE if share == 0.5 else CONDITIONS[f"guided@photos={photos}"]
    assert recipe.selection.training_share == share
    assert steps(recipe, photos) == pytest.approx(STEPS, rel=0.02)
    assert recipe.training.schedule.warmup_epochs / recipe.training.epochs == pytest.approx(1 / 18)


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: axis.name)
def test_every_axis_has_the_base_and_four_more_levels(axis):
    assert len(axis.levels) == 5
    assert ("guided", "plain") in [(level.treated, level.control) for level in axis.levels]


def test_guided_and_plain_differ_in_the_guidance_alone():
    for axis in AXES:
        for level in axis.levels:
            guided, bare = CONDITIONS[level.treated], CONDITIONS[level.control]
            assert replace(plain(guided), name=bare.name) == bare


def test_every_condition_is_asked_about():
    levels = [level for axis in AXES for level in axis.levels]
    levels += [level for contrast in CONTRASTS for level in (contrast.here, contrast.there)]
    assert {name for level in levels for name in (level.treated, level.control)} | {"shuffled"} == set(CONDITIONS)


def test_the_weights_fit_and_come_from_other_classes():
    network = CONDITIONS["guided@pretrained,photos=208"].network
    assert network == replace(when_guidance_helps_pretraining.RECIPE.network, weights=PRETRAINED)
    nine, others = (json.loads((CLASSES / f"{name}-classes.json").read_text()) for name in ("nine", "other"))
    assert (len(set(nine.values())), len(set(others.values()))) == (9, 33)
    assert not nine.keys() & others.keys()
