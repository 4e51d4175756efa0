from dataclasses import replace

import pytest
import timm
import torch
from torch import nn

from sidelight.model.create import create
from sidelight.model.network import Network
from sidelight.records.errors import UserFault

TINY = Network("resnet18", width=0.125)


def equal(first, second):
    return all(
        torch.equal(a, b) for a, b in zip(first.state_dict().values(), second.state_dict().values(), strict=True)
    )


def test_the_start_depends_on_the_seed_and_on_nothing_drawn_before():
    first = create(TINY, 3, seed=1).net
    torch.rand(100)
    assert equal(first, create(TINY, 3, seed=1).net)
    assert not equal(first, create(TINY, 3, seed=2).net)


def test_making_a_network_draws_nothing_from_the_callers_generator():
    before = torch.get_rng_state()
    create(TINY, 3, seed=1)
    assert torch.equal(torch.get_rng_state(), before)


def test_half_width_halves_the_stages_and_keeps_the_stem():
    net = create(Network("resnet18", width=0.5), 3, seed=0).net
    assert net.conv1.out_channels == 64
    assert [net.get_submodule(f"layer{n}")[0].conv1.out_channels for n in (1, 2, 3, 4)] == [32, 64, 128, 256]
    assert net.get_classifier().in_features == 256


def test_arguments_alone_make_a_network_of_the_same_weights_in_plain_timm():
    made = create(Network("vit_tiny_patch16_224", image_size=32, drop_path=0.1), 3, seed=0)
    plain = timm.create_model("vit_tiny_patch16_224", **made.arguments)
    plain.load_state_dict(made.net.state_dict(), strict=True)


def test_the_edits_are_statements_that_make_a_plain_network_the_same():
    made = create(Network("resnet18", width=0.125, stem_stride=1, first_pool=False), 3, seed=0)
    net = timm.create_model("resnet18", **made.arguments)
    for statement in made.edits:
        exec(statement, {"net": net, "torch": torch})
    net.load_state_dict(made.net.state_dict(), strict=True)
    images = torch.rand(1, 3, 32, 32)
    assert torch.equal(net.eval()(images), made.net.eval()(images))
    assert net.forward_features(images).shape[-1] == 4


@pytest.mark.parametrize(("output_stride", "cells"), [(None, 4), (16, 7), (8, 14)])
def test_a_smaller_output_stride_makes_finer_maps_of_the_same_weights(output_stride, cells):
    network = Network("resnet18", width=0.25, first_pool=False, image_size=56, output_stride=output_stride)
    made, usual = create(network, 3, seed=0), create(replace(network, output_stride=None), 3, seed=0)
    with torch.no_grad():
        assert made.net.eval().forward_features(torch.zeros(1, 3, 56, 56)).shape == (1, 128, cells, cells)
    assert equal(made.net, usual.net)


def test_a_densenets_pool_can_be_left_out_too():
    net = create(Network("densenet121", first_pool=False), 3, seed=0).net
    assert isinstance(net.features.pool0, nn.Identity)


def test_a_narrow_densenet_adds_fewer_channels_a_layer_and_has_a_narrower_stem():
    net = create(Network("densenet121", width=0.25), 3, seed=0).net
    assert net.get_submodule("features.conv0").out_channels == 16
    assert net.get_submodule("features.denseblock1.denselayer1.conv2").out_channels == 8


def test_drop_path_reaches_the_blocks_and_rises_linearly():
    net = create(Network("resnet18", width=0.125, drop_path=0.2), 3, seed=0).net
    rates = [
        getattr(block.drop_path, "drop_prob", 0.0) for n in (1, 2, 3, 4) for block in net.get_submodule(f"layer{n}")
    ]
    assert rates == sorted(rates)
    assert rates[-1] == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("network", "seen"),
    [
        (Network("convnext_atto", width=0.5), "channels"),
        (Network("vit_tiny_patch16_224", width=0.5), "channels"),
        (Network("convnext_atto", stem_stride=1), "stem_stride 1"),
        (Network("vit_tiny_patch16_224", stem_stride=1), "stem_stride 1"),
        (Network("vit_tiny_patch16_224", first_pool=False), "first_pool False"),
        (Network("legacy_xception", drop_path=0.1), "drop_path"),
    ],
)
def test_what_a_family_cannot_do_is_refused_by_name(network, seen):
    with pytest.raises(UserFault, match=f"{network.name}.*{seen}"):
        create(network, 3, seed=0)


def test_an_unknown_network_is_answered_with_the_closest_name():
    with pytest.raises(UserFault, match="Did you mean 'resnet18'"):
        create(Network("resnett18"), 3, seed=0)


def test_another_fault_in_timm_stays_a_fault_in_timm():
    with pytest.raises(TypeError):
        create(TINY, "three", seed=0)  # type: ignore[arg-type]
