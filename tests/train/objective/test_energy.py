import numpy as np
import pytest
import torch

from sidelight.train.objective.energy import Energy
from sidelight.train.term import reduce_term


@pytest.mark.parametrize("positive", ["relu", "softplus"])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_share_of_positive_energy_outside(draw, seed, positive):
    drawn = draw(seed)
    term = Energy(positive=positive)(drawn.outputs, drawn.batch(), {})["map"]
    assert term.weight.tolist() == pytest.approx(drawn.has[:, 0])
    for image in np.flatnonzero(drawn.has[:, 0]):
        model = drawn.cams[image, drawn.labels[image]]
        energy = np.maximum(model, 0) if positive == "relu" else np.log1p(np.exp(model))
        energy = energy * drawn.known[image, 0]
        expected = 1 - (energy * drawn.saliency[image, 0]).sum() / energy.sum()
        assert term.value[image].item() == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_with_several_labels_it_is_the_mean_over_the_classes_told_of(draw):
    drawn, targets = draw(2, k=3), np.array([[1, 1, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 0, 0]])
    term = Energy(labels="multi")(drawn.outputs, drawn.batch(targets), {})["map"]
    energy = np.maximum(drawn.cams, 0) * drawn.known
    each = 1 - (energy * drawn.saliency).sum(axis=(2, 3)) / energy.sum(axis=(2, 3))
    for image, present in enumerate(targets):
        shares = present * drawn.has[image]
        if shares.max():
            assert term.value[image].item() == pytest.approx(np.average(each[image], weights=shares), rel=1e-4)


def told(draw, saliency):
    drawn = draw()
    drawn.known[:], drawn.has[:], drawn.saliency[:] = 1, 1, saliency
    return drawn


def test_a_box_around_everything_leaves_nothing_outside_and_a_blank_one_says_nothing(draw):
    full, blank = (told(draw, value) for value in (1.0, 0.0))
    term = Energy()(full.outputs, full.batch(), {})["map"]
    assert term.value.abs().max() < 1e-6
    assert term.weight.tolist() == [1.0] * 5
    assert Energy()(blank.outputs, blank.batch(), {})["map"].weight.tolist() == [0.0] * 5


def negative_everywhere(draw):
    drawn = draw()
    drawn.features, drawn.weight = np.abs(drawn.features), -np.abs(drawn.weight)
    return drawn


def test_a_map_without_energy_is_all_outside_and_only_softplus_moves_it(draw):
    drawn = negative_everywhere(draw)
    outputs = drawn.outputs
    terms = {
        positive: Energy(positive=positive)(outputs, drawn.batch(), {})["map"] for positive in ("relu", "softplus")
    }
    assert terms["relu"].value[drawn.has[:, 0] > 0].tolist() == pytest.approx([1.0] * int((drawn.has > 0).sum()))
    moved = {
        positive: torch.autograd.grad(reduce_term(term), outputs.features, retain_graph=True)[0].abs().max().item()
        for positive, term in terms.items()
    }
    assert moved["relu"] == 0 < moved["softplus"]


def test_the_map_inside_is_free(draw):
    drawn = told(draw, 0.0)
    drawn.saliency[..., :3] = 1
    first = Energy()(drawn.outputs, drawn.batch(), {})["map"].value
    drawn.features[..., 0], drawn.features[..., 1] = drawn.features[..., 1].copy(), drawn.features[..., 0].copy()
    torch.testing.assert_close(Energy()(drawn.outputs, drawn.batch(), {})["map"].value, first)
