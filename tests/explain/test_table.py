"""What holds for every method."""

import pytest
import torch

from sidelight.explain.method import predicted
from sidelight.explain.rise import Rise
from sidelight.explain.table import METHODS

QUICK = {**{name: kind() for name, kind in METHODS.items()}, "rise": Rise(masks=8, cells=2)}


@pytest.fixture(params=METHODS)
def method(request):
    return QUICK[request.param]


def test_it_gives_one_finite_map_a_picture_and_no_graph(method, networks, pictures):
    found = method(networks("resnet18", 64), pictures(64), predicted)
    assert found.maps.ndim == 3
    assert len(found.maps) == len(found.classes) == len(found.logits) == 2
    assert found.maps.isfinite().all()
    assert found.maps.dtype == found.logits.dtype == torch.float32
    assert [found.maps.requires_grad, found.logits.requires_grad] == [False, False]


def test_it_explains_each_picture_by_itself(method, networks, pictures):
    images = pictures(64)
    both = method(networks("resnet18", 64), images, predicted)
    turned = method(networks("resnet18", 64), images.flip(0), predicted)
    torch.testing.assert_close(turned.maps.flip(0), both.maps, rtol=1e-3, atol=1e-6)


def test_it_leaves_the_model_as_it_was(method, networks, pictures):
    backbone = networks("resnet18", 64)
    before = {name: value.clone() for name, value in backbone.state_dict().items()}
    method(backbone, pictures(64), predicted)
    assert all(torch.equal(value, before[name]) for name, value in backbone.state_dict().items())
    assert all(weight.grad is None for weight in backbone.parameters())
    assert not backbone.training


def test_it_explains_under_bf16_and_in_a_block_without_gradients(method, networks, pictures):
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        found = method(networks("resnet18", 64), pictures(64), predicted)
    assert found.maps.isfinite().all()
