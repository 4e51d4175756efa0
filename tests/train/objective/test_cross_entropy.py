import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy, one_hot

from sidelight.records.errors import UserFault
from sidelight.train.objective.cross_entropy import CrossEntropy, class_term, soft_cross_entropy

seeds = st.integers(0, 2**31)


def draw(seed):
    generator = torch.Generator().manual_seed(seed)
    logits = 5 * torch.randn(4, 7, generator=generator)
    return logits, torch.randint(7, (4,), generator=generator), torch.rand(4, 7, generator=generator)


@given(seeds, st.sampled_from([0.0, 0.1, 0.5]))
def test_hard_targets_give_torchs_cross_entropy(seed, smoothing):
    logits, labels, _ = draw(seed)
    ours = soft_cross_entropy(logits, one_hot(labels, 7).float(), label_smoothing=smoothing)
    torch.testing.assert_close(ours, cross_entropy(logits, labels, label_smoothing=smoothing, reduction="none"))


@given(seeds)
def test_mixed_targets_give_the_sum_written_out(seed):
    logits, _, targets = draw(seed)
    targets = targets / targets.sum(dim=1, keepdim=True)
    z = logits.double().numpy()
    log_probability = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    expected = -(targets.numpy() * log_probability).sum(axis=1)
    np.testing.assert_allclose(soft_cross_entropy(logits, targets), expected, rtol=1e-4)


def test_smoothing_after_mixing_is_mixing_after_smoothing():
    logits, labels, _ = draw(0)
    first, second = one_hot(labels, 7).float(), one_hot(labels.flip(0), 7).float()
    mixed = soft_cross_entropy(logits, 0.3 * first + 0.7 * second, label_smoothing=0.1)
    apart = [soft_cross_entropy(logits, target, label_smoothing=0.1) for target in (first, second)]
    torch.testing.assert_close(mixed, 0.3 * apart[0] + 0.7 * apart[1])


def test_huge_logits_stay_finite():
    assert soft_cross_entropy(torch.tensor([[1e4, -1e4]]), torch.tensor([[0.0, 1.0]])).item() == pytest.approx(2e4)


def test_half_precision_logits_are_judged_in_full():
    logits, labels, _ = draw(0)
    targets = one_hot(labels, 7).float()
    ours = soft_cross_entropy(logits.bfloat16(), targets)
    torch.testing.assert_close(ours, soft_cross_entropy(logits.bfloat16().float(), targets))
    assert ours.dtype == torch.float32


def test_every_image_counts_in_a_class_term():
    assert class_term(torch.tensor([3.0, 4.0])).weight.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("smoothing", [-0.1, 1.0])
def test_smoothing_out_of_range_is_refused(smoothing):
    with pytest.raises(UserFault, match="label_smoothing"):
        CrossEntropy(label_smoothing=smoothing)
