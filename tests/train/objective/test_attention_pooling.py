import msgspec
import numpy as np
import pytest
import torch
from scipy.stats import entropy

from sidelight.records.errors import UserFault
from sidelight.train.objective.attention_pooling import AttentionPooling


def attending(drawn, seed=0):
    """Its outputs with some attention, and the attention."""
    scores = np.random.default_rng(seed).normal(size=drawn.features[:, 0].shape)
    attention = np.exp(scores) / np.exp(scores).sum(axis=(1, 2), keepdims=True)
    told = torch.tensor(attention, dtype=torch.float32)
    return msgspec.structs.replace(drawn.outputs, attention=told, pooling="attention"), attention


@pytest.mark.parametrize("seed", range(4))
def test_it_is_scipys_divergence_over_the_known_cells(draw, seed):
    drawn = draw(seed)
    outputs, attention = attending(drawn, seed)
    term = AttentionPooling()(outputs, drawn.batch(), {})["map"]
    assert term.weight.tolist() == pytest.approx(drawn.has[:, 0])
    for image in np.flatnonzero(drawn.has[:, 0]):
        w = drawn.known[image, 0]
        expected = entropy((w * drawn.saliency[image, 0]).ravel(), (w * attention[image]).ravel())
        assert term.value[image].item() == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_attention_where_people_looked_diverges_by_nothing(draw):
    drawn = draw()
    outputs, attention = attending(drawn)
    drawn.saliency[:, 0] = attention / attention.max()
    assert AttentionPooling()(outputs, drawn.batch(), {})["map"].value.max() < 1e-5


def test_attention_that_is_nowhere_where_people_looked_is_a_finite_fault(draw):
    drawn = draw()
    drawn.saliency[:], drawn.known[:] = 0, 1
    drawn.saliency[:, :, 0, 0] = 1
    outputs, _ = attending(drawn)
    elsewhere = outputs.attention.clone()
    elsewhere[:, 0, 0] = 0
    elsewhere.requires_grad_()
    term = AttentionPooling()(msgspec.structs.replace(outputs, attention=elsewhere), drawn.batch(), {})["map"]
    assert term.value[0] > 20
    assert torch.autograd.grad(term.value.sum(), elsewhere)[0].isfinite().all()


def test_a_network_that_pools_otherwise_is_refused(draw):
    drawn = draw()
    with pytest.raises(UserFault, match=r"allowed: network\.pooling 'attention'"):
        AttentionPooling()(drawn.outputs, drawn.batch(), {})
