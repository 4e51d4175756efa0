import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from sidelight.train.objective.binary_cross_entropy import binary_cross_entropy


@given(st.integers(0, 2**31))
def test_it_is_the_mean_over_classes_written_out(seed):
    rng = np.random.default_rng(seed)
    z, y = rng.normal(0, 3, (4, 6)), rng.integers(0, 2, (4, 6))
    p = 1 / (1 + np.exp(-z))
    expected = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=1)
    ours = binary_cross_entropy(torch.tensor(z, dtype=torch.float32), torch.tensor(y, dtype=torch.float32))
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-6)


def test_a_class_more_that_costs_the_same_changes_nothing():
    one = binary_cross_entropy(torch.tensor([[0.7]]), torch.tensor([[1.0]]))
    two = binary_cross_entropy(torch.tensor([[0.7, 0.7]]), torch.tensor([[1.0, 1.0]]))
    torch.testing.assert_close(one, two)


def test_huge_logits_stay_finite():
    assert binary_cross_entropy(torch.tensor([[1e4, -1e4]]), torch.tensor([[0.0, 1.0]])).item() == 1e4
