import numpy as np
import pytest
import torch

from sidelight.explain.method import predicted
from sidelight.explain.rise import Rise, random_masks, rise
from sidelight.records.errors import UserFault


def all_masks(height, width, **knobs):
    return torch.cat(list(random_masks(height, width, settings=Rise(**knobs))))


def test_masks_are_drawn_alike_whatever_the_chunk():
    assert torch.equal(all_masks(20, 30, masks=50, chunk=50), all_masks(20, 30, masks=50, chunk=7))


@pytest.mark.parametrize("keep", [0.1, 0.5])
def test_masks_are_smooth_and_show_the_share_asked_for(keep):
    masks = all_masks(24, 24, masks=2000, keep=keep)
    assert masks.min() >= 0
    assert masks.max() <= 1
    # 2000 grids of 64 cells: a pixel's mean over the masks has a deviation of .011.
    assert (masks.mean(dim=0) - keep).abs().max() < 0.06
    assert masks.diff(dim=2).abs().max() <= 1 / 3 + 1e-6  # cells of 3 pixels: at most 1 / 3 from one to the next


def test_masks_are_not_all_cut_at_the_same_place():
    edges = all_masks(24, 24, masks=20, keep=0.5).diff(dim=2).abs().sum(dim=1).argmax(dim=1) % 3
    assert len(set(edges.tolist())) > 1


def test_it_is_the_sum_of_the_authors_formula():
    images = torch.rand(2, 3, 10, 12, generator=torch.Generator().manual_seed(0))
    weight = torch.rand(3, 10, 12, generator=torch.Generator().manual_seed(1))
    settings = Rise(masks=40, cells=3, chunk=16)

    def score(masked):
        seen = (masked * weight).sum(dim=(1, 2, 3))
        return torch.stack([seen, seen.square()], dim=1)

    found = rise(score, images, torch.tensor([0, 1]), settings=settings).numpy()
    masks = all_masks(10, 12, masks=40, cells=3).numpy().astype(np.float64)
    for row, power in enumerate((1, 2)):
        total = np.zeros((10, 12))
        for mask in masks:
            total += (images[row].numpy() * mask * weight.numpy()).sum() ** power * mask
        np.testing.assert_allclose(found[row], total / (40 * 0.5), rtol=1e-4)


def test_the_place_that_the_class_needs_stands_out():
    images = torch.ones(1, 3, 16, 16)
    found = rise(
        lambda masked: masked[:, :1, 4:6, 10:12].mean(dim=(2, 3)),
        images,
        torch.tensor([0]),
        settings=Rise(masks=1500, cells=8),
    )[0]
    y, x = divmod(int(found.argmax()), 16)
    assert (4 <= y <= 6, 9 <= x <= 12) == (True, True)


def test_no_forward_pass_is_larger_than_a_chunk():
    sizes = []

    def score(masked):
        sizes.append(len(masked))
        return masked.mean(dim=(2, 3))

    rise(score, torch.rand(3, 3, 8, 8), torch.tensor([0, 1, 2]), settings=Rise(masks=10, chunk=4))
    assert sizes == [4, 4, 4, 4, 4, 4, 2, 2, 2]


def test_unless_told_otherwise_a_chunk_is_small_enough_for_any_processor():
    sizes = [len(masks) for masks in random_masks(8, 8, settings=Rise(masks=40))]
    assert sizes == [16, 16, 8]


def test_scores_are_probabilities(networks, pictures):
    backbone = networks("resnet18", 64)
    exclusive, apart = (
        Rise(masks=4, probability=kind)(backbone, pictures(64), predicted) for kind in ("softmax", "sigmoid")
    )
    assert exclusive.maps.shape == (2, 64, 64)
    assert torch.equal(exclusive.classes, apart.classes)
    assert not torch.allclose(exclusive.maps, apart.maps)
    assert exclusive.maps.min() >= 0
    assert exclusive.maps.max() <= 2  # 1 / p where every mask shows a pixel to a sure model


@pytest.mark.parametrize("knobs", [{"masks": 0}, {"cells": 0}, {"chunk": 0}, {"keep": 0.0}, {"keep": 1.0}])
def test_numbers_out_of_range_are_refused(knobs):
    with pytest.raises(UserFault, match="RISE"):
        Rise(**knobs)
