import numpy as np
import pytest

from sidelight.data.decoy.backdrop import KINDS, clutter, draw_backdrop


def fineness(picture):
    """How much neighbours differ, (down, right), beside what differs over all."""
    grey = picture.mean(axis=2)
    return np.array([np.abs(np.diff(grey, axis=axis)).mean() for axis in (0, 1)])


@pytest.mark.parametrize("domain", KINDS)
def test_the_two_kinds_differ_in_how_neighbours_differ_and_not_in_brightness(domain):
    drawn = [[draw_backdrop(domain, kind, np.random.default_rng(s), 56) for s in range(40)] for kind in (0, 1)]
    first, second = (np.array([fineness(picture) for picture in pictures]) for pictures in drawn)
    ratio = first.mean(axis=0) / second.mean(axis=0)
    assert np.abs(np.log(ratio)).max() > np.log(1.5)
    bright = [np.mean([picture.mean() for picture in pictures]) for pictures in drawn]
    assert bright[0] == pytest.approx(bright[1], abs=1e-3)


def test_clutter_lies_beside_the_object_and_only_there():
    outside = np.ones((56, 56))
    outside[14:42, 14:42] = 0
    places = 0
    for seed in range(20):
        before = draw_backdrop("faces", 0, np.random.default_rng(seed), 56)
        after = clutter(before, "faces", outside, np.random.default_rng(seed))
        assert np.array_equal(after[14:42, 14:42], before[14:42, 14:42])
        places += not np.array_equal(after, before)
    assert places > 10
