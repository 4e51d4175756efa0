import numpy as np
import pytest

from sidelight.data.decoy.artefact import GENERATORS, Checks, Copy, Shift, Smear, Steps, Waves, spoil
from sidelight.data.decoy.canvas import Ellipse

HERE = Ellipse(0.5, 0.5, 0.2, 0.2)
FLAWS = [
    (d, name, flaw)
    for d, known in GENERATORS.items()
    for part in (known.training, known.unseen)
    for name, flaw in part.items()
]


def photo(seed=0, side=48):
    return np.random.default_rng(seed).uniform(0.2, 0.8, (side, side, 3))


@pytest.mark.parametrize(("domain", "name", "flaw"), FLAWS)
def test_a_flaw_changes_its_place_and_nothing_else(domain, name, flaw):
    before = photo()
    after = spoil(before, flaw, HERE, inside=np.ones((48, 48)), rng=np.random.default_rng(0))
    changed = np.abs(after - before).max(axis=2)
    assert changed[HERE.cover(48) == 0].max() == 0
    assert changed[HERE.cover(48) > 0.9].mean() > 0.01


@pytest.mark.parametrize(("domain", "name", "flaw"), FLAWS)
def test_a_flaw_stays_on_the_object(domain, name, flaw):
    before, inside = photo(), np.zeros((48, 48))
    inside[:, :24] = 1
    after = spoil(before, flaw, HERE, inside=inside, rng=np.random.default_rng(0))
    assert np.array_equal(after[:, 24:], before[:, 24:])


@pytest.mark.parametrize("domain", GENERATORS)
def test_no_generator_of_the_test_is_one_of_the_training(domain):
    known = GENERATORS[domain]
    assert not known.training.keys() & known.unseen.keys()
    assert not set(known.training.values()) & set(known.unseen.values())


def test_the_domains_are_trained_on_different_flaws():
    faces, irises = (set(map(type, GENERATORS[domain].training.values())) for domain in ("faces", "irises"))
    assert not faces & irises


def test_checks_have_their_period():
    drawn = Checks(4.0)(np.zeros((16, 16, 3)), HERE, np.random.default_rng(0))[..., 0]
    assert drawn[4:, :] == pytest.approx(drawn[:-4, :])
    assert drawn[2:, :] == pytest.approx(-drawn[:-2, :])


def test_waves_have_their_period_along_their_direction():
    drawn = Waves(4.0)(np.zeros((64, 64, 3)), HERE, np.random.default_rng(3))[..., 0]
    spectrum = np.abs(np.fft.fft2(drawn - drawn.mean()))
    down, across = np.unravel_index(spectrum.argmax(), spectrum.shape)
    frequency = np.hypot(min(down, 64 - down), min(across, 64 - across)) / 64
    assert frequency == pytest.approx(1 / 4, abs=0.02)


def test_smearing_takes_away_what_is_fine():
    smeared = Smear()(photo(), HERE, np.random.default_rng(0))
    assert np.abs(np.diff(smeared, axis=0)).mean() < 0.3 * np.abs(np.diff(photo(), axis=0)).mean()


def test_steps_leave_few_levels():
    assert len(np.unique(Steps(4)(photo(), HERE, np.random.default_rng(0)))) <= 5


def test_a_shift_moves_what_is_above_and_a_copy_comes_from_elsewhere():
    before = photo()
    moved = Shift(3)(before, HERE, np.random.default_rng(0))
    assert np.array_equal(moved[24:], before[24:])
    assert any(np.array_equal(moved[:24], np.roll(before, by, axis=1)[:24]) for by in (-3, 3))
    copied = Copy(7)(before, HERE, np.random.default_rng(0))
    assert np.array_equal(np.sort(copied, axis=None), np.sort(before, axis=None))
