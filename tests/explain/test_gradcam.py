import numpy as np
import pytest
import torch
from torch import nn

from sidelight.explain.cam import cam
from sidelight.explain.gradcam import GradCam, grad_cam, token_layer
from sidelight.explain.method import predicted
from sidelight.model.outputs import Outputs
from sidelight.records.errors import UserFault

CLASSES = torch.tensor([0, 2])


@pytest.mark.parametrize(
    ("name", "size"),
    [("resnet18", 64), ("densenet121", 64), ("test_maxvit", 64), ("swin_tiny_patch4_window7_224", 112)],
)
def test_at_the_features_of_a_mean_and_a_linear_head_it_is_cam_over_the_number_of_places(
    networks, pictures, name, size
):
    outputs = networks(name, size)(pictures(size))
    maps = cam(outputs, CLASSES)
    scale = maps.abs().max().item()
    torch.testing.assert_close(grad_cam(outputs, CLASSES) * maps[0].numel(), maps, atol=1e-4 * scale, rtol=0)


def test_an_inner_layer_agrees_with_numpy(networks, pictures):
    outputs = networks("resnet18", 64)(pictures(64), ["layer3"])
    found = grad_cam(outputs, CLASSES, "layer3").detach().numpy()
    inner = outputs.inner["layer3"]
    for row, label in enumerate(CLASSES):
        gradient = torch.autograd.grad(outputs.logits[row, label], inner, retain_graph=True)[0][row].numpy()
        by_hand = np.einsum("d,dhw->hw", gradient.mean(axis=(1, 2)), inner[row].detach().numpy())
        np.testing.assert_allclose(found[row], by_hand, atol=1e-6)


def test_the_positive_part_can_be_asked_for(networks, pictures):
    outputs = networks("resnet18", 64)(pictures(64))
    torch.testing.assert_close(grad_cam(outputs, CLASSES, relu=True), grad_cam(outputs, CLASSES).relu())


@pytest.mark.parametrize(("height", "width"), [(2, 3), (3, 2)])
def test_tokens_become_their_grid_and_registers_have_no_part_in_the_weights(height, width):
    tokens = torch.randn(1, 5 + height * width, 4, requires_grad=True, generator=torch.Generator().manual_seed(0))
    logits = (tokens.square() * torch.arange(4.0)).sum(dim=(1, 2))[:, None]
    outputs = Outputs(logits, tokens, tokens[:, 0], torch.ones(1, 4), torch.zeros(1), prefix=5, aspect=height / width)
    found = grad_cam(outputs, torch.tensor([0]))[0]
    assert found.shape == (height, width)
    places = tokens[0, 5:].detach()
    by_hand = (places * (2 * places * torch.arange(4.0)).mean(dim=0)).sum(dim=1)
    torch.testing.assert_close(found.flatten(), by_hand)


def test_a_class_tokens_network_is_explained_before_its_last_attention(networks, pictures):
    backbone = networks("test_vit", 160)
    last = len(backbone.net.blocks) - 1
    assert token_layer(backbone) == f"blocks.{last}.norm1"
    found = GradCam(relu=False)(backbone, pictures(160), predicted)
    assert found.maps.shape == (2, 10, 10)
    assert (found.maps.std(dim=(1, 2)) > 0).all()


def test_other_networks_are_explained_at_their_features(networks):
    for name, size in (("resnet18", 64), ("test_vit4", 64)):
        assert token_layer(networks(name, size)) == ""


def test_after_the_last_attention_no_place_of_a_class_tokens_network_counts(networks, pictures):
    with pytest.raises(UserFault, match=r"no logit depends.*norm1"):
        grad_cam(networks("test_vit", 160)(pictures(160)), CLASSES)


def test_a_layer_must_have_been_kept(networks, pictures):
    with pytest.raises(UserFault, match=r"layer 'layer3'.*no inner layer.*layers="):
        grad_cam(networks("resnet18", 64)(pictures(64)), CLASSES, "layer3")


def test_a_forward_pass_without_gradients_is_refused(networks, pictures):
    with torch.no_grad():
        outputs = networks("resnet18", 64)(pictures(64))
    with pytest.raises(UserFault, match=r"without gradients.*no_grad"):
        grad_cam(outputs, CLASSES)


def test_a_layer_that_the_logits_do_not_come_from_is_refused():
    apart = torch.ones(1, 2, 2, 2, requires_grad=True)
    pooled = torch.ones(1, 2, requires_grad=True)
    outputs = Outputs(pooled, apart, pooled, torch.eye(2), torch.zeros(2))
    with pytest.raises(UserFault, match="no logit depends"):
        grad_cam(outputs, torch.tensor([0]))


@pytest.mark.parametrize(("create_graph", "reached"), [(True, True), (False, False)])
def test_only_with_its_graph_does_a_loss_on_the_map_reach_the_classifier(create_graph, reached):
    features = torch.randn(1, 2, 3, 3, requires_grad=True)
    head = nn.Linear(2, 2)
    pooled = features.mean(dim=(2, 3))
    outputs = Outputs(head(pooled), features, pooled, head.weight, head.bias)
    maps = grad_cam(outputs, torch.tensor([1]), create_graph=create_graph)
    gradients = torch.autograd.grad(maps.square().sum(), (features, head.weight), allow_unused=True)
    assert gradients[0].abs().sum() > 0
    assert (gradients[1] is not None) == reached
