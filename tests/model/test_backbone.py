import pytest
import torch

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.errors import UserFault

FAMILIES = [
    ("resnet18", 33),
    ("resnet50", 32),
    ("densenet121", 32),
    ("legacy_xception", 64),
    ("inception_v3", 75),
    ("efficientnet_b0", 32),
    ("convnext_atto", 32),
    ("mobilenetv3_small_050", 32),
    ("vit_tiny_patch16_224", 32),
    ("vit_pwee_patch16_reg1_gap_256", 32),
    ("deit_tiny_patch16_224", 32),
    ("swin_tiny_patch4_window7_224", 56),
]
MEAN_POOLED = ("resnet18", "resnet50", "densenet121", "legacy_xception", "inception_v3", "efficientnet_b0")


@pytest.fixture(scope="module", params=FAMILIES, ids=[name for name, _ in FAMILIES])
def family(request):
    """A backbone in evaluation mode, two pictures, and what it says about them."""
    name, size = request.param
    backbone = Backbone(Network(name, image_size=size), 5, generator_seed=0).eval()
    images = torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(1))
    return backbone, images, backbone(images)


def test_the_logits_are_timms_own_bit_for_bit(family):
    backbone, images, outputs = family
    assert torch.equal(outputs.logits, backbone.net(images))


def test_shapes_are_those_promised(family):
    backbone, _, outputs = family
    assert outputs.logits.shape == (2, 5)
    assert outputs.pooled.shape == (2, backbone.width)
    assert outputs.weight.shape == (5, backbone.width)
    assert outputs.bias.shape == (5,)
    assert outputs.features.ndim in (3, 4)


def test_weight_and_bias_make_the_logits_from_the_pooled_features(family):
    _, _, outputs = family
    torch.testing.assert_close(outputs.pooled @ outputs.weight.T + outputs.bias, outputs.logits, rtol=1e-4, atol=1e-5)


def test_features_are_the_very_tensor_that_is_pooled(family):
    backbone, _, outputs = family
    reached = torch.autograd.grad(outputs.logits.square().sum(), outputs.features, retain_graph=True)[0]
    assert reached.abs().sum() > 0
    channels = 1 if outputs.features.ndim == 4 else 2
    own = backbone.net.forward_features(torch.zeros(1, 3, backbone.image_size, backbone.image_size)).shape
    assert outputs.features.shape[channels] in own


def test_the_classifiers_own_parameters_are_handed_out(family):
    backbone, _, outputs = family
    assert outputs.weight is backbone.net.get_classifier().weight


def test_where_the_pool_is_a_mean_the_pooled_features_are_the_mean_of_the_features(family):
    backbone, _, outputs = family
    if backbone.network.name in MEAN_POOLED:
        torch.testing.assert_close(outputs.features.mean(dim=(2, 3)), outputs.pooled)


def test_a_class_tokens_transformer_pools_its_first_token():
    backbone = Backbone(Network("vit_tiny_patch16_224", image_size=32), 2, generator_seed=0).eval()
    outputs = backbone(torch.rand(1, 3, 32, 32))
    assert torch.equal(outputs.features[:, 0], outputs.pooled)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("deit_tiny_distilled_patch16_224", "tuple"),
        ("levit_128s", "tuple"),
        ("dpn48b", "Conv2d"),
        ("crossvit_tiny_240", "ModuleList"),
    ],
)
def test_heads_of_another_form_are_refused_with_the_reason(name, why):
    with pytest.raises(UserFault, match=f"{name}.*{why}.*plain variant"):
        Backbone(Network(name), 3, generator_seed=0)


def test_a_network_whose_forward_pass_is_not_the_one_we_take_is_refused(monkeypatch):
    original = Backbone._head
    monkeypatch.setattr(Backbone, "_head", lambda self, features, aspect: original(self, 2 * features, aspect))
    with pytest.raises(UserFault, match="not a linear function of one pooled tensor"):
        Backbone(Network("resnet18", width=0.125, image_size=32), 3, generator_seed=0)


def test_it_is_made_in_training_mode(backbone):
    assert backbone.training
    assert backbone.net.training


def test_the_mean_and_std_are_those_of_timms_weights(backbone):
    assert backbone.normalisation == ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def test_the_exported_weights_are_not_part_of_a_graph(backbone):
    assert not any(value.requires_grad for value in backbone.export_state().values())


def test_half_precision_reaches_every_output(backbone):
    with torch.autocast("cpu", torch.bfloat16):
        outputs = backbone(torch.rand(2, 3, 32, 32))
    (gradient,) = torch.autograd.grad(outputs.logits.float().sum(), outputs.pooled)
    assert outputs.logits.dtype == gradient.dtype == torch.bfloat16


POOLED = {
    "resnet18": "mean",
    "convnext_atto": "mean",
    "vit_pwee_patch16_reg1_gap_256": "mean",
    "swin_tiny_patch4_window7_224": "mean",
    "vit_tiny_patch16_224": "other",
    "deit_tiny_patch16_224": "other",
    "mobilenetv3_small_050": "other",
}


def test_how_a_network_pools_is_found_out(family):
    backbone, _, outputs = family
    assert outputs.pooling == POOLED.get(backbone.network.name, "mean")


def test_only_tokens_have_a_prefix(family):
    backbone, _, outputs = family
    assert outputs.prefix == (backbone.net.num_prefix_tokens if outputs.features.ndim == 3 else 0)
    rows, columns = outputs.on_grid(outputs.features).shape[2:]
    assert rows == columns


def test_a_maximum_is_told_from_a_mean_even_where_there_is_only_one_place(monkeypatch):
    monkeypatch.setattr(Backbone, "_pooled", lambda self, features: features.amax(dim=(2, 3)))
    assert Backbone(Network("resnet18", width=0.125, image_size=32), 3, generator_seed=0).pooling == "other"


@pytest.mark.parametrize(
    ("name", "layer", "shape"),
    [
        ("resnet18", "layer3.1.bn2", (256, 4, 4)),
        ("densenet121", "features.norm5.drop", (1024, 2, 2)),
        ("swin_tiny_patch4_window7_224", "layers.1", (192, 7, 7)),
        ("vit_tiny_patch16_224", "blocks.11.norm1", (17, 192)),
    ],
)
def test_an_inner_layer_is_seen_in_the_same_forward_pass(name, layer, shape):
    size = 56 if name.startswith("swin") else 64
    backbone = Backbone(Network(name, image_size=size), 3, generator_seed=0).eval()
    images = torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(1))
    outputs = backbone(images, [layer])
    assert outputs.inner[layer].shape == (2, *shape)
    assert torch.equal(outputs.logits, backbone(images).logits)
    (gradient,) = torch.autograd.grad(outputs.logits.square().sum(), outputs.inner[layer])
    assert gradient.abs().sum() > 0


def test_what_densenet_gives_before_its_last_relu_is_negative_in_places():
    backbone = Backbone(Network("densenet121", image_size=32), 3, generator_seed=0).eval()
    outputs = backbone(torch.rand(2, 3, 64, 64), ["features.norm5.drop"])
    inner = outputs.inner["features.norm5.drop"]
    assert (inner < 0).any()
    assert torch.equal(inner.relu(), outputs.features)


def test_an_unknown_layer_is_refused(backbone):
    with pytest.raises(UserFault, match=r"layer 'layer5'.*layer4"):
        backbone(torch.rand(2, 3, 32, 32), ["layer5"])


def attending(name, size=32, seed=0):
    return Backbone(Network(name, image_size=size, pooling="attention"), 3, generator_seed=seed).eval()


@pytest.mark.parametrize("name", ["resnet18", "convnext_atto", "swin_tiny_patch4_window7_224", "vit_tiny_patch16_224"])
def test_attention_replaces_the_networks_own_pooling(name):
    size = 64 if name != "swin_tiny_patch4_window7_224" else 112
    backbone = attending(name, size)
    outputs = backbone(torch.rand(2, 3, size, size))
    torch.testing.assert_close(outputs.attention.sum(dim=(1, 2)), torch.ones(2))
    summed = torch.einsum("bhw,bdhw->bd", outputs.attention, outputs.on_grid(outputs.features))
    expected = summed if outputs.scale is None else outputs.scale * summed + outputs.shift
    torch.testing.assert_close(outputs.pooled, expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(outputs.pooled @ outputs.weight.T + outputs.bias, outputs.logits, rtol=1e-4, atol=1e-5)


def test_attention_pooling_changes_no_other_initial_weight_and_depends_on_the_seed():
    own = Backbone(Network("resnet18", image_size=32), 3, generator_seed=0)
    first, again, other = attending("resnet18"), attending("resnet18"), attending("resnet18", seed=1)
    assert all(torch.equal(value, own.net.state_dict()[name]) for name, value in first.net.state_dict().items())
    assert torch.equal(first.attention.score.weight, again.attention.score.weight)
    assert not torch.equal(first.attention.score.weight, other.attention.score.weight)


def test_the_classifier_pulls_at_the_attention_that_pools_for_it():
    backbone = attending("resnet18", 64)
    backbone(torch.rand(2, 3, 64, 64)).logits[:, 0].sum().backward()
    assert backbone.attention.score.weight.grad.abs().sum() > 0


@pytest.mark.parametrize("name", ["mobilenetv3_small_050", "test_vit3"])
def test_attention_pooling_is_refused_where_more_than_a_linear_head_follows(name):
    with pytest.raises(UserFault, match=rf"{name}.*no weighted sum.*'own'"):
        attending(name, 160)
