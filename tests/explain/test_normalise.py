import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sidelight.explain.normalise import NORMALISATIONS, min_max, sum_to_one

SEEDS = st.integers(0, 2**32 - 1)


def maps(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@given(SEEDS, st.floats(0.1, 100), st.floats(-50, 50))
def test_min_max_forgets_scale_and_offset(seed, scale, offset):
    given = maps(seed, 2, 3, 4)
    found = min_max(given)
    assert found.amin(dim=(1, 2)).tolist() == [0, 0]
    assert found.amax(dim=(1, 2)).tolist() == [1, 1]
    torch.testing.assert_close(min_max(given * scale + offset), found)


@given(SEEDS, st.floats(0.1, 100))
def test_shares_add_up_to_one_and_forget_scale(seed, scale):
    given = maps(seed, 2, 3, 3, 4)
    given[..., 0, 0] = 1.0  # something speaks for the class
    found = sum_to_one(given)
    torch.testing.assert_close(found.sum(dim=(2, 3)), torch.ones(2, 3, dtype=torch.float64))
    torch.testing.assert_close(found * given.relu().sum(dim=(2, 3), keepdim=True), given.relu())
    torch.testing.assert_close(sum_to_one(given * scale), found)


@pytest.mark.parametrize("value", [-3.0, 0.0, 3.0])
@pytest.mark.parametrize("name", NORMALISATIONS)
def test_a_constant_map_stays_finite_and_so_does_its_gradient(name, value):
    given = torch.full((1, 2, 2), value, requires_grad=True)
    found = NORMALISATIONS[name](given)
    assert found.isfinite().all()
    (gradient,) = torch.autograd.grad((found - torch.tensor([[0.0, 1.0], [0.0, 0.0]])).square().sum(), given)
    assert gradient.isfinite().all()


def test_a_constant_map_becomes_zeros():
    assert min_max(torch.full((1, 2, 2), 3.0)).count_nonzero() == 0


def test_a_map_without_a_positive_value_has_no_shares():
    assert sum_to_one(torch.full((1, 2, 2), -3.0)).count_nonzero() == 0


def test_epsilon_bounds_the_gradient():
    given = (1e-3 * maps(0, 1, 3, 3)).requires_grad_()
    (steep,) = torch.autograd.grad(min_max(given)[0, 1].sum(), given)
    (gentle,) = torch.autograd.grad(min_max(given, 0.1)[0, 1].sum(), given)
    assert gentle.abs().max() <= 2 * 3 / 0.1 < steep.abs().max()


def test_unscaled_maps_are_as_they_were():
    given = maps(0, 1, 2, 2)
    assert NORMALISATIONS["none"](given) is given
