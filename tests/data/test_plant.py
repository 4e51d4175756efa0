from dataclasses import replace

import numpy as np
import pytest

from sidelight.data.plant import Plant, choose_donors, draw_donor
from sidelight.records.errors import UserFault

CLASSES, EACH = 5, 40
LABELS = [place % CLASSES for place in range(CLASSES * EACH)]
SMALL = [0.3] * len(LABELS)
PICTURES = [f"photo_{i}" for i in range(2000)]


def donors_of(plant):
    return choose_donors(plant, LABELS, SMALL)


def draws(plant, *, label=2, own=None, pictures=PICTURES):
    donors = donors_of(plant)
    return [draw_donor(plant, name, label, donors, own=own) for name in pictures]


def test_each_class_owns_its_number_of_donors_of_its_own_pictures():
    donors = donors_of(Plant(donors_per_class=8))
    assert sorted(donors) == list(range(CLASSES))
    for label, places in donors.items():
        assert len(set(places.tolist())) == 8
        assert {LABELS[place] for place in places} == {label}


def test_donors_have_background_left():
    coverage = [0.5 if place < 100 else 0.51 for place in range(len(LABELS))]
    donors = choose_donors(Plant(), LABELS, coverage)
    assert max(place for places in donors.values() for place in places) < 100


def test_donors_depend_on_the_plant_s_seed_alone():
    chosen = [
        {c: p.tolist() for c, p in donors_of(Plant(rate=r, seed=s)).items()} for r, s in ((0.1, 3), (0.9, 3), (0.1, 4))
    ]
    assert chosen[0] == chosen[1] != chosen[2]


def test_a_class_with_too_few_donors_is_named():
    coverage = [0.9 if label == 3 else 0.3 for label in LABELS]
    with pytest.raises(UserFault, match=r"class 3: 0 training pictures"):
        choose_donors(Plant(), LABELS, coverage)


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.7, 0.95, 1.0])
def test_the_donor_is_of_the_own_class_as_often_as_asked(rate):
    own = np.mean([donor_class == 2 for donor_class, _ in draws(Plant(rate=rate))])
    assert abs(own - rate) <= 4 * np.sqrt(rate * (1 - rate) / len(PICTURES))


def test_another_donor_s_class_is_uniform_over_the_others():
    counts = np.bincount([c for c, _ in draws(Plant(rate=0.0))], minlength=CLASSES)
    assert counts[2] == 0
    expected = len(PICTURES) / (CLASSES - 1)
    assert (np.abs(counts[[0, 1, 3, 4]] - expected) < 4 * np.sqrt(expected)).all()


def test_at_the_test_s_rate_the_background_tells_nothing():
    for label in (0, 4):
        counts = np.bincount([c for c, _ in draws(Plant(rate=1 / CLASSES), label=label)], minlength=CLASSES)
        assert (np.abs(counts - 400) < 4 * np.sqrt(400)).all()


def test_the_class_s_donors_are_drawn_uniformly():
    plant = Plant(rate=1.0, donors_per_class=4)
    _, counts = np.unique([place for _, place in draws(plant)], return_counts=True)
    assert len(counts) == 4
    assert (np.abs(counts - 500) < 4 * np.sqrt(500)).all()


def test_the_donor_named_belongs_to_the_class_named():
    plant = Plant(rate=0.5)
    donors = donors_of(plant)
    assert all(place in donors[donor_class] for donor_class, place in draws(plant))


def test_a_picture_is_never_its_own_donor():
    plant = Plant(rate=1.0, donors_per_class=2)
    own, other = donors_of(plant)[2].tolist()
    assert {place for _, place in draws(plant, own=own)} == {other}


def test_a_draw_depends_on_the_picture_not_on_its_place():
    backwards = draws(Plant(rate=0.5), pictures=PICTURES[::-1])
    assert draws(Plant(rate=0.5)) == backwards[::-1]


def test_raising_the_rate_only_turns_pictures_towards_their_own_class():
    lower, higher = (draws(Plant(rate=rate)) for rate in (0.7, 0.95))
    assert all(high == 2 for (low, _), (high, _) in zip(lower, higher, strict=True) if low == 2)


@pytest.mark.parametrize("change", [{"rate": -0.1}, {"rate": 1.1}, {"donors_per_class": 0}])
def test_values_out_of_range_are_refused(change):
    with pytest.raises(UserFault, match="plant"):
        replace(Plant(), **change)
