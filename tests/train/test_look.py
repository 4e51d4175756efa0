from dataclasses import replace

import pytest
import torch

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.batch import Batch
from sidelight.records.errors import UserFault
from sidelight.train.alive import assert_guidance_alive
from sidelight.train.look import look
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.energy import Energy
from sidelight.train.objective.rrr import Rrr


@pytest.fixture
def backbone():
    return Backbone(Network("resnet18", width=0.0625, image_size=32), 3, generator_seed=0)


@pytest.fixture
def batch():
    torch.manual_seed(0)
    return Batch(
        ids=tuple("abcd"),
        images=torch.randn(4, 3, 32, 32),
        targets=torch.eye(3)[[0, 1, 2, 0]],
        points=torch.zeros(4, 1, 2),
        has_point=torch.zeros(4, 1),
        saliency=torch.rand(4, 1, 4, 4),
        weight=torch.ones(4, 1, 4, 4),
        has_saliency=torch.ones(4, 1),
    )


@pytest.mark.parametrize("objective", [CrossEntropy(), Energy()], ids=lambda o: type(o).__name__)
def test_what_needs_nothing_more_gets_the_batch_as_it_is(objective, backbone, batch):
    outputs, seen = look(objective, backbone, batch)
    assert seen is batch
    assert not batch.images.requires_grad
    assert not outputs.inner


def test_inner_layers_are_kept_where_they_are_asked_for(backbone, batch):
    outputs, _ = look(Energy(layer="layer2"), backbone, batch)
    assert list(outputs.inner) == ["layer2"]


def test_second_order_gives_pictures_with_a_gradient_and_leaves_the_callers_alone(backbone, batch):
    outputs, seen = look(Rrr(), backbone, batch)
    assert seen.images.requires_grad
    assert not batch.images.requires_grad
    assert torch.autograd.grad(outputs.logits.sum(), seen.images)[0].any()
    assert replace(seen, images=batch.images).ids == batch.ids


def test_attention_can_be_differentiated_twice(batch):
    """Fused attention cannot; whoever asks for second order gets the plain one."""
    transformer = Backbone(Network("vit_tiny_patch16_224", image_size=32), 3, generator_seed=0)
    assert transformer.net.blocks[0].attn.fused_attn
    assert assert_guidance_alive(Rrr(), transformer, {}, batch)["backbone"] > 0


@pytest.mark.parametrize("way", ["wrapper", "in place"])
def test_compiled_networks_are_refused_for_second_order_alone(backbone, batch, way):
    if way == "in place":
        backbone.net.compile(backend="eager")
    else:
        backbone.net.layer1 = torch.compile(backbone.net.layer1, backend="eager")
    with pytest.raises(UserFault, match=r"objective Rrr: a network under torch\.compile"):
        look(Rrr(), backbone, batch)
