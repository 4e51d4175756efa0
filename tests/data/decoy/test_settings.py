from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from sidelight.data.decoy.artefact import GENERATORS
from sidelight.data.decoy.settings import AGREEMENT, Decoy
from sidelight.records.errors import UserFault


def test_the_parts_have_their_sizes_and_seven_pictures_go_without_a_map_for_one_with():
    plans = list(Decoy().plans())
    assert len({plan.id for plan in plans}) == len({plan.key for plan in plans}) == len(plans)
    assert Counter(plan.split for plan in plans) == {"train": 2400, "validation": 400, "test": 500 + 5 * 200}
    training = [plan for plan in plans if plan.split == "train"]
    assert Counter(plan.annotated for plan in training) == {True: 300, False: 7 * 300}
    assert sum(plan.annotated for plan in plans if plan.split == "validation") == 100


@pytest.mark.parametrize("domain", GENERATORS)
def test_training_and_validation_see_the_training_s_generators_and_the_test_the_others(domain):
    seen = {split: set() for split in ("train", "validation", "test")}
    for plan in Decoy(domain=domain).plans():
        seen[plan.split].add(plan.generator)
        assert plan.label == (plan.generator != "genuine")
    assert seen["train"] == seen["validation"] == {"genuine", *GENERATORS[domain].training}
    assert seen["test"] == {"genuine", *GENERATORS[domain].unseen}


@pytest.mark.parametrize("shortcut", AGREEMENT)
def test_the_backdrop_goes_with_the_class_as_often_as_said_and_in_the_test_by_chance(shortcut):
    agrees = {"train": [], "validation": [], "test": []}
    for plan in Decoy(shortcut=shortcut, test_genuine=2000, test_a_generator=400).plans():
        agrees[plan.split].append(plan.kind == plan.label)
    for split, seen in agrees.items():
        rate = 0.5 if split == "test" else AGREEMENT[shortcut]
        assert np.mean(seen) == pytest.approx(rate, abs=4 * np.sqrt(0.25 / len(seen)))


def test_the_shortcut_s_strength_changes_backdrops_of_training_alone():
    weak, strong = (list(Decoy(shortcut=shortcut).plans()) for shortcut in ("none", "strong"))
    assert [replace(plan, kind=0) for plan in weak] == [replace(plan, kind=0) for plan in strong]
    assert [plan for plan in weak if plan.split == "test"] == [plan for plan in strong if plan.split == "test"]
    assert weak != strong


def test_half_of_every_training_part_is_synthetic_and_every_generator_has_its_share():
    training = Counter(plan.generator for plan in Decoy().plans() if plan.annotated and plan.split == "train")
    assert training == {"genuine": 150, "checks": 38, "waves": 38, "smear": 37, "wash": 37}


@pytest.mark.parametrize(
    ("name", "value"), [("side", 16), ("annotated", 1), ("validation_annotated", 401), ("test_a_generator", 0)]
)
def test_sizes_that_make_no_dataset_are_refused(name, value):
    with pytest.raises(UserFault, match=f"decoy's {name}: {value}"):
        Decoy(**{name: value})
