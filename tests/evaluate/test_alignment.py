import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.evaluate.alignment import correlation, energy_inside
from sidelight.records.errors import UserFault


def maps(seed, n=5, side=4):
    return np.random.default_rng(seed).normal(size=(n, side, side))


@given(st.integers(0, 1000))
def test_correlation_is_numpy_s_picture_by_picture(seed):
    model, human = maps(seed), maps(seed + 1)
    expected = np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(model, human, strict=True)])
    assert correlation(model, list(human)) == pytest.approx(expected)


def test_correlation_does_not_see_scale_or_offset():
    model, human = maps(0), maps(1)
    assert correlation(3 * model + 7, list(human)) == pytest.approx(correlation(model, list(human)))
    assert correlation(-model, list(human)) == pytest.approx(-correlation(model, list(human)))


def test_people_s_maps_are_brought_to_the_model_s_cells_by_area():
    human = np.zeros((8, 8))
    human[:4, :4] = 1.0
    model = np.array([[[1.0, 0.0], [0.0, 0.0]]])
    assert correlation(model, [human]) == pytest.approx(1.0)


def test_a_constant_map_is_aligned_with_nothing():
    assert correlation(np.ones((1, 4, 4)), list(maps(0, n=1))) == 0.0


def test_energy_by_hand():
    model = np.array([[[1.0, 2.0], [-5.0, 1.0]], [[-1.0, -1.0], [-1.0, -1.0]]])
    mask = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert energy_inside(model, [mask, mask]) == pytest.approx((1 / 4 + 0) / 2)


def test_half_a_cell_counts_half():
    mask = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert energy_inside(np.array([[[1.0, 0.0]]]), [mask]) == pytest.approx(0.5)


def test_as_many_maps_as_pictures_and_numbers_in_them():
    with pytest.raises(ValueError, match="5 maps of the model for 4"):
        correlation(maps(0), list(maps(1))[:4])
    with pytest.raises(UserFault, match="not a number"):
        energy_inside(np.full((1, 2, 2), np.nan), [np.ones((2, 2))])
