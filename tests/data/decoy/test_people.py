from dataclasses import replace

import numpy as np
import pytest

from sidelight.data.decoy.canvas import Ellipse
from sidelight.data.decoy.people import People, painted

PARTS = tuple(Ellipse(x, y, 0.08, 0.08) for x in (0.3, 0.7) for y in (0.3, 0.7))
SURE = People(notices=1.0, deems=0.0, astray=0.0, beside=0.0, blur=0.01)


def drawn(people, flawed=(), seed=0):
    sound = [part for part in PARTS if part not in flawed]
    return painted(people, flawed, sound, rng=np.random.default_rng(seed), side=56)


def test_people_paint_the_flaw():
    saliency = drawn(SURE, PARTS[:1])
    assert saliency[17, 17] == pytest.approx(1.0)
    assert saliency[39, 39] == 0


def test_without_a_flaw_they_still_paint_a_part():
    for seed in range(10):
        saliency = drawn(SURE, seed=seed)
        assert saliency.max() > saliency.min()


def test_a_map_is_the_share_of_people():
    half = replace(SURE, notices=0.5, count=400, beside=0.0)
    assert drawn(half, PARTS[:1])[17, 17] == pytest.approx(0.5, abs=0.08)


def test_with_the_usual_people_flaws_stand_out_and_a_tenth_to_a_third_is_painted():
    maps = [drawn(People(), PARTS[:1], seed=seed) for seed in range(100)]
    mean = np.mean(maps, axis=0)
    assert mean[17, 17] > 1.5 * mean[39, 39]
    assert 0.05 < np.mean([(saliency > 0.1).mean() for saliency in maps]) < 0.35


def test_maps_are_shares():
    for seed in range(10):
        saliency = drawn(People(), PARTS[:3], seed)
        assert (saliency.shape, saliency.min() >= 0, saliency.max() <= 1) == ((56, 56), True, True)
