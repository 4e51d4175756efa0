import copy
import dataclasses
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.augment.config import Augmentation, RandAugment
from sidelight.data.guidance import Guidance
from sidelight.data.plant import Plant
from sidelight.data.saliency import Saliency
from sidelight.model.network import Network
from sidelight.recipes import guidance_methods, tiny_in9, when_guidance_helps
from sidelight.recipes.recipe import Condition, Recipe, Study, as_values, recipe_hash, that_count
from sidelight.records.errors import UserFault
from sidelight.report.content import Axis, Contrast, Level
from sidelight.train.objective.attention_pooling import AttentionPooling
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.energy import Energy
from sidelight.train.objective.luab import Luab
from sidelight.train.objective.rrr import Rrr
from sidelight.train.training import Training

GUIDED = Recipe(
    name="guided",
    network=Network("resnet18"),
    objective=Luab(ratio=0.3),
    guidance=Guidance("clicks"),
    augmentation=Augmentation(size=32, randaugment=RandAugment()),
    training=Training(epochs=2, batch_size=8),
    plant=Plant(),
)
PLAIN = replace(GUIDED, objective=CrossEntropy(), guidance=Guidance("none"))


def knobs(part, *above):
    """Path of every value in a recipe, down to those that are no dataclass."""
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        path = (*above, field.name)
        yield from knobs(value, *path) if dataclasses.is_dataclass(value) else [path]


KNOBS = list(knobs(GUIDED))
WITHOUT_EFFECT = [("name",), ("workers",)]


def turned(recipe, path, value):
    """The recipe with another value in that place, whatever the rules say about it."""
    changed = copy.deepcopy(recipe)
    part = changed
    for name in path[:-1]:
        part = getattr(part, name)
    object.__setattr__(part, path[-1], value)
    return changed


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5))


@given(st.sampled_from([knob for knob in KNOBS if knob not in WITHOUT_EFFECT]), values)
def test_every_knob_changes_the_hash(knob, value):
    before = GUIDED
    for name in knob:
        before = getattr(before, name)
    other = turned(GUIDED, knob, value)
    same = json.dumps(value) == json.dumps(before)
    assert (recipe_hash(other) == recipe_hash(GUIDED)) == same


@given(st.sampled_from(WITHOUT_EFFECT), values)
def test_name_and_workers_do_not(knob, value):
    assert recipe_hash(turned(GUIDED, knob, value)) == recipe_hash(GUIDED)


@given(
    st.lists(
        st.sampled_from([knob for knob in KNOBS if knob not in WITHOUT_EFFECT]), min_size=2, max_size=2, unique=True
    )
)
def test_two_knobs_turned_alike_do_not_collide(pair):
    one, other = (turned(GUIDED, knob, "turned") for knob in pair)
    assert recipe_hash(one) != recipe_hash(other)


def test_the_kind_of_the_objective_changes_the_hash():
    other = replace(PLAIN, objective=BinaryCrossEntropy())
    assert len({recipe_hash(recipe) for recipe in (GUIDED, PLAIN, other)}) == 3


def test_leaving_the_plant_out_changes_the_hash():
    assert recipe_hash(replace(GUIDED, plant=None)) != recipe_hash(GUIDED)


@pytest.mark.parametrize(("condition", "committed"), [("plain", "9e7fa16d56c4"), ("box_centre", "705a51a64f47")])
def test_committed_runs_keep_their_names(condition, committed):
    """Whatever was added to recipes since: runs with these hashes are in docs/results/tiny-in9."""
    (found,) = [c.recipe for c in tiny_in9.STUDY.conditions if c.name == condition]
    assert recipe_hash(found) == committed


def test_what_was_added_counts_as_soon_as_it_is_turned():
    outside = replace(GUIDED.augmentation, blur_outside=0.5)
    blurred = [
        replace(PLAIN, saliency=Saliency(kind), augmentation=replace(outside, blur_sigma=sigma))
        for kind in ("maps", "boxes")
        for sigma in (0.05, 0.1)
    ]
    assert len({recipe_hash(recipe) for recipe in (PLAIN, *blurred)}) == 5
    told = [replace(PLAIN, objective=Rrr(labels=labels), saliency=Saliency("boxes")) for labels in ("single", "multi")]
    assert len({recipe_hash(recipe) for recipe in told}) == 2


def test_a_hash_is_the_same_in_every_process():
    assert recipe_hash(GUIDED) == recipe_hash(copy.deepcopy(GUIDED))
    assert len(recipe_hash(GUIDED)) == 12
    assert int(recipe_hash(GUIDED), 16) >= 0


def test_a_recipe_is_written_as_plain_json_with_the_kind_of_its_objective():
    written = json.loads(json.dumps(as_values(GUIDED)))
    assert written["objective"] == {"kind": "Luab", **dataclasses.asdict(Luab(ratio=0.3))}
    assert written["network"]["name"] == "resnet18"
    assert written["plant"]["rate"] == 0.95


@pytest.mark.parametrize(
    ("objective", "kind"), [(CrossEntropy(), "clicks"), (BinaryCrossEntropy(), "uniform"), (Luab(), "none")]
)
def test_an_objective_and_a_guidance_that_contradict_each_other_are_refused(objective, kind):
    with pytest.raises(UserFault, match=f"{type(objective).__name__} with guidance '{kind}'"):
        replace(GUIDED, objective=objective, guidance=Guidance(kind))


MAPPED = replace(PLAIN, objective=Energy(), saliency=Saliency("boxes"))
BLURRED = replace(GUIDED.augmentation, blur_outside=0.5)


@pytest.mark.parametrize(
    ("recipe", "changes", "seen"),
    [
        (MAPPED, {"saliency": Saliency()}, "objective Energy with saliency 'none'"),
        (MAPPED, {"guidance": Guidance("clicks")}, "objective Energy with guidance 'clicks'"),
        (PLAIN, {"saliency": Saliency("maps")}, "objective CrossEntropy with saliency 'maps'"),
        (GUIDED, {"saliency": Saliency("maps")}, "objective Luab with saliency 'maps'"),
        (PLAIN, {"augmentation": BLURRED}, r"CrossEntropy, augmentation\.blur_outside with saliency 'none'"),
    ],
)
def test_maps_that_nothing_uses_and_objectives_without_their_maps_are_refused(recipe, changes, seen):
    with pytest.raises(UserFault, match=seen):
        replace(recipe, **changes)


@pytest.mark.parametrize("recipe", [PLAIN, GUIDED], ids=lambda recipe: type(recipe.objective).__name__)
def test_blur_outside_the_maps_needs_maps_and_goes_with_any_objective(recipe):
    assert replace(recipe, augmentation=BLURRED, saliency=Saliency("maps")).saliency.kind == "maps"


def test_an_objective_for_attention_needs_a_network_that_pools_by_it():
    with pytest.raises(UserFault, match=r"network\.pooling 'own'"):
        replace(MAPPED, objective=AttentionPooling())
    attending = replace(MAPPED.network, pooling="attention")
    assert replace(MAPPED, objective=AttentionPooling(), network=attending).task == "single_label"


def test_the_task_is_the_objectives():
    assert replace(MAPPED, objective=Energy(labels="multi")).task == "multi_label"


@pytest.mark.parametrize("recipe", [GUIDED, PLAIN])
def test_labels_cannot_leave_with_points_that_belong_to_no_class(recipe):
    leaving = replace(recipe.augmentation, point_leaves="drop_label")
    with pytest.raises(UserFault, match="'drop_label' with one label a picture"):
        replace(recipe, augmentation=leaving)


@pytest.mark.parametrize("objective", [BinaryCrossEntropy(), Luab(labels="multi")])
def test_labels_can_leave_with_the_points_of_their_classes(objective):
    told = Guidance("clicks" if isinstance(objective, Luab) else "none")
    leaving = replace(GUIDED.augmentation, point_leaves="drop_label")
    assert replace(GUIDED, objective=objective, guidance=told, augmentation=leaving).objective == objective


def condition(name, **fields):
    return Condition(name, GUIDED, "treated", "A row.", **fields)


def test_two_conditions_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two conditions of one name"):
        Study("s", "?", (condition("a"), condition("a")))


def test_levels_and_contrasts_compare_conditions_that_are_there():
    rows = (Condition("plain", PLAIN, "baseline", ""), Condition("guided", GUIDED, "treated", ""))
    known, strange = Level("here", "guided", "plain"), Level("there", "guided", "playn")
    Study("s", "?", rows, axes=(Axis("a", (known,)),), contrasts=(Contrast("?", known, known),))
    with pytest.raises(ValueError, match="playn"):
        Study("s", "?", rows, axes=(Axis("a", (strange,)),))
    with pytest.raises(ValueError, match="playn"):
        Study("s", "?", rows, contrasts=(Contrast("?", known, strange),))


def test_a_condition_cannot_be_tuned_as_one_that_is_not_there():
    assert Study("s", "?", (condition("a"), condition("b", tuned_as="a"))).conditions[1].tuned_as == "a"
    with pytest.raises(ValueError, match="tuned as 'c', which is none of"):
        Study("s", "?", (condition("a"), condition("b", tuned_as="c")))


@pytest.mark.parametrize(
    ("folder", "study"),
    [
        ("tiny-in9", tiny_in9.STUDY),
        ("guidance-methods", guidance_methods.STUDY),
        ("when-guidance-helps", when_guidance_helps.STUDY),
    ],
)
def test_a_committed_study_is_still_the_study_of_this_version(folder, study):
    """Its study.json was written before recipes had some of their values."""
    there = json.loads((Path(__file__).parents[2] / "docs/results" / folder / "study.json").read_text())
    for condition in study.conditions:
        mine = json.loads(json.dumps(as_values(condition.recipe)))
        assert that_count(there["conditions"][condition.name]["recipe"]) == that_count(mine)


def test_what_counts_is_looked_at_without_changing_the_values():
    values = as_values(GUIDED)
    that_count(values)
    assert values == as_values(GUIDED)
