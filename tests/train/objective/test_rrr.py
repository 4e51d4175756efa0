from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from sidelight.model.outputs import Outputs
from sidelight.train.objective.rrr import Rrr, log_probabilities
from sidelight.train.term import reduce_term

HIGH, WIDE, CLASSES = 8, 14, 3


def linear(images):
    """Logits W x of all pixels, and W [C, 3 h w]."""
    weight = torch.randn(CLASSES, 3 * HIGH * WIDE, generator=torch.Generator().manual_seed(0)) / 10
    pooled = images.flatten(1)
    return Outputs(pooled @ weight.T, images, pooled, weight, torch.zeros(CLASSES)), weight.double().numpy()


def test_of_a_linear_network_it_is_the_formula_worked_out(draw):
    """d/dx sum_k log p_k = sum_k W_k - C sum_k p_k W_k."""
    drawn = draw()
    images = torch.randn(5, 3, HIGH, WIDE, generator=torch.Generator().manual_seed(1), requires_grad=True)
    outputs, weight = linear(images)
    term = Rrr()(outputs, replace(drawn.batch(), images=images), {})["map"]
    p = outputs.logits.detach().double().softmax(dim=1).numpy()
    away = np.kron(drawn.known * (1 - drawn.saliency), np.ones((2, 2)))  # pictures are twice as fine as the maps
    for image in np.flatnonzero(drawn.has[:, 0]):
        gradient = (weight.sum(axis=0) - CLASSES * p[image] @ weight).reshape(3, HIGH, WIDE)
        expected = ((away[image] * gradient) ** 2).sum()
        assert term.value[image].item() == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_with_several_labels_it_is_told_where_nobody_looked_for_any(draw, seed):
    """d/dx sum_k log p_k + log(1 - p_k) = sum_k (1 - 2 p_k) W_k."""
    drawn, targets = draw(seed, k=CLASSES), np.array([[1, 1, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0], [1, 0, 1]])
    images = torch.randn(5, 3, HIGH, WIDE, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    outputs, weight = linear(images)
    terms = Rrr(labels="multi")(outputs, replace(drawn.batch(targets), images=images), {})
    p = 1 / (1 + np.exp(-outputs.logits.detach().double().numpy()))
    for image, present in enumerate(targets > 0):
        whole = present.any() and drawn.has[image, present].all()
        assert terms["map"].weight[image].item() == (drawn.has[image, present].min() if whole else 0)
        if whole:
            away = drawn.known[image, present].min(axis=0) * (1 - drawn.saliency[image, present].max(axis=0))
            gradient = ((1 - 2 * p[image]) @ weight).reshape(3, HIGH, WIDE)
            expected = ((np.kron(away, np.ones((2, 2))) * gradient) ** 2).sum()
            assert terms["map"].value[image].item() == pytest.approx(expected, rel=1e-3)
    expected = binary_cross_entropy_with_logits(outputs.logits, torch.tensor(targets, dtype=torch.float32))
    torch.testing.assert_close(reduce_term(terms["class"]), expected)


def test_one_class_that_is_there_or_not_is_two_classes_of_which_one_is():
    logits = torch.tensor([[-30.0], [-1.0], [0.0], [2.0], [30.0]], dtype=torch.float64)
    both = torch.cat([logits, torch.zeros_like(logits)], dim=1)
    torch.testing.assert_close(log_probabilities(logits, labels="multi"), log_probabilities(both, labels="single"))


def test_looking_only_where_people_looked_costs_nothing(draw):
    drawn = draw()
    drawn.saliency[:], drawn.known[:], drawn.has[:] = 1, 1, 1
    images = torch.randn(5, 3, HIGH, WIDE, requires_grad=True)
    batch = replace(drawn.batch(), images=images)
    assert Rrr()(linear(images)[0], batch, {})["map"].value.max() == 0


def test_blank_maps_say_nothing(draw):
    drawn = draw()
    drawn.saliency[:] = 0
    images = torch.randn(5, 3, HIGH, WIDE, requires_grad=True)
    batch = replace(drawn.batch(), images=images)
    assert Rrr()(linear(images)[0], batch, {})["map"].weight.max() == 0


def test_pictures_without_a_gradient_are_refused(draw):
    drawn = draw()
    with pytest.raises(ValueError, match=r"use sidelight\.train\.look"):
        Rrr()(drawn.outputs, drawn.batch(), {})
