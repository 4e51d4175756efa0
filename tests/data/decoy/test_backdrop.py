import numpy as np
import pytest

from sidelight.data.decoy.backdrop import KINDS, clutter, draw_backdrop


def fineness(picture):
    """How much neighbours differ, (down, right), beside what differs over all."""
    grey = picture.mean(axis=2)
    return np.array([np.abs(np.diff(grey, axis=axis)).mean() for axis in (0, 1)])


def greenness(picture):
    """How far the picture's mean lies from grey, towards green."""
    red, green, blue = picture.mean(axis=(0, 1))
    return green - (red + blue) / 2


def drawn(domain, kind):
    return [draw_backdrop(domain, kind, np.random.default_rng(seed), 56) for seed in range(40)]


def test_behind_faces_the_hue_tells_the_kind_on_every_picture_and_the_grain_does_not():
    hues = [[greenness(picture) for picture in drawn("faces", kind)] for kind in (0, 1)]
    assert min(hues[0]) > 0 > max(hues[1])
    grain = [np.mean([fineness(picture) for picture in drawn("faces", kind)]) for kind in (0, 1)]
    assert grain[0] == pytest.approx(grain[1], rel=0.02)


def test_behind_irises_the_grain_s_direction_tells_the_kind_on_every_picture_and_the_hue_does_not():
    across = [[np.subtract(*np.log(fineness(picture))) for picture in drawn("irises", kind)] for kind in (0, 1)]
    assert min(across[0]) > 0 > max(across[1])
    hue = [np.mean([greenness(picture) for picture in drawn("irises", kind)]) for kind in (0, 1)]
    assert hue[0] == pytest.approx(hue[1], abs=1e-3)


@pytest.mark.parametrize("domain", KINDS)
def test_neither_kind_is_brighter(domain):
    bright = [np.mean([picture.mean() for picture in drawn(domain, kind)]) for kind in (0, 1)]
    assert bright[0] == pytest.approx(bright[1], abs=1e-3)


def test_clutter_lies_beside_the_object_and_only_there():
    outside = np.ones((56, 56))
    outside[14:42, 14:42] = 0
    places = 0
    for seed in range(80):
        before = draw_backdrop("faces", 0, np.random.default_rng(seed), 56)
        after = clutter(before, "faces", outside, np.random.default_rng(seed))
        assert np.array_equal(after[14:42, 14:42], before[14:42, 14:42])
        places += not np.array_equal(after, before)
    assert 10 < places < 30
