from dataclasses import replace

import numpy as np
import pytest
import torch

from sidelight.model.outputs import Outputs
from sidelight.train.objective.rrr import Rrr

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
