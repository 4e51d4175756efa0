import numpy as np
import pytest

from sidelight.data.decoy.artefact import GENERATORS
from sidelight.data.decoy.people import People
from sidelight.data.decoy.picture import draw_picture

SIDE = 48


def drawn(domain="faces", generator="", kind=0, key=(0, 1)):
    return draw_picture(domain, generator, kind, key=key, side=SIDE, people=People())


@pytest.mark.parametrize("domain", GENERATORS)
def test_the_backdrop_changes_nothing_on_the_object_and_none_of_the_map(domain):
    one, other = drawn(domain, kind=0), drawn(domain, kind=1)
    assert np.array_equal(one.inside, other.inside)
    assert np.array_equal(one.saliency, other.saliency)
    difference = np.abs(one.picture.astype(int) - other.picture).mean(axis=2)
    assert difference[one.inside].mean() < 0.15 * difference[~one.inside].mean()


@pytest.mark.parametrize("domain", GENERATORS)
def test_a_generator_s_flaws_are_on_the_object_alone(domain):
    real = drawn(domain)
    for name in (*GENERATORS[domain].training, *GENERATORS[domain].unseen):
        made = drawn(domain, name)
        changed = np.abs(made.picture.astype(int) - real.picture).max(axis=2) > 0
        assert changed[made.inside].mean() > 0.02
        assert changed[~made.inside].mean() < 0.02  # the object's soft border


def test_equal_keys_give_equal_pictures_and_others_others():
    assert np.array_equal(drawn(generator="smear").picture, drawn(generator="smear").picture)
    assert not np.array_equal(drawn().picture, drawn(key=(0, 2)).picture)


def test_people_look_at_flaws_more_than_elsewhere_on_the_object():
    on, off = [], []
    for number in range(40):
        real, made = drawn(key=(0, number)), drawn(generator="wash", key=(0, number))
        flawed = np.abs(made.picture.astype(int) - real.picture).max(axis=2) > 20
        on.append(made.saliency[flawed].mean())
        off.append(made.saliency[made.inside & ~flawed].mean())
    assert np.nanmean(on) > 1.5 * np.mean(off)
