import msgspec
import numpy as np
import pytest
import torch
from scipy.stats import entropy
from torch.nn.functional import binary_cross_entropy_with_logits

from sidelight.records.errors import UserFault
from sidelight.train.objective.attention_pooling import AttentionPooling
from sidelight.train.term import reduce_term


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


@pytest.mark.parametrize("seed", range(4))
def test_with_several_labels_it_is_scipys_divergence_from_where_people_looked_for_any(draw, seed):
    drawn, targets = draw(seed, k=3), np.array([[1, 1, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 0, 1]])
    outputs, attention = attending(drawn, seed)
    terms = AttentionPooling(labels="multi")(outputs, drawn.batch(targets), {})
    for image, present in enumerate(targets > 0):
        whole = present.any() and drawn.has[image, present].all()
        assert terms["map"].weight[image].item() == (drawn.has[image, present].min() if whole else 0)
        if whole:
            w = drawn.known[image, present].min(axis=0)
            looked = drawn.saliency[image, present].max(axis=0)
            expected = entropy((w * looked).ravel(), (w * attention[image]).ravel())
            assert terms["map"].value[image].item() == pytest.approx(expected, rel=1e-4, abs=1e-5)
    expected = binary_cross_entropy_with_logits(outputs.logits, torch.tensor(targets, dtype=torch.float32))
    torch.testing.assert_close(reduce_term(terms["class"]), expected)


@pytest.mark.parametrize("k", [1, 3])
def test_one_class_an_image_is_told_as_one_label_is(draw, k):
    """Whether the maps are of the classes, or of the image as a whole."""
    drawn = draw(k=k)
    outputs, _ = attending(drawn)
    several = AttentionPooling(labels="multi")(outputs, drawn.batch(), {})["map"]
    rows = np.arange(5), drawn.labels if k > 1 else np.zeros(5, int)
    drawn.saliency, drawn.known, drawn.has = (part[rows][:, None] for part in (drawn.saliency, drawn.known, drawn.has))
    one = AttentionPooling()(outputs, drawn.batch(), {})["map"]
    assert torch.equal(one.weight, several.weight)
    assert torch.equal(one.value[one.weight > 0], several.value[one.weight > 0])


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
