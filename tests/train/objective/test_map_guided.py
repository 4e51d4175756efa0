import pytest
import torch

from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.records.errors import UserFault
from sidelight.train.objective.attention_pooling import AttentionPooling
from sidelight.train.objective.dense_saliency import DenseSaliency
from sidelight.train.objective.energy import Energy
from sidelight.train.objective.map_match import MapMatch
from sidelight.train.objective.rrr import Rrr


@pytest.mark.parametrize("kind", [MapMatch, Energy, Rrr], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"ratio": 0.0}, "ratio: 0.0; allowed: > 0"),
        ({"ratio": 0.1, "weight": 2.0}, "a ratio is given"),
        ({"weight": -1.0}, "weight"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
    ],
)
def test_knobs_out_of_range_and_contradictions_are_refused(kind, fields, named):
    with pytest.raises(UserFault, match=named):
        kind(**fields)


@pytest.mark.parametrize("kind", [Energy, DenseSaliency, AttentionPooling, Rrr], ids=lambda kind: kind.__name__)
def test_smoothing_is_for_one_label_an_image(kind):
    with pytest.raises(UserFault, match=r"label_smoothing: 0\.1; allowed: 0 with several labels"):
        kind(labels="multi", label_smoothing=0.1)


def test_the_pull_is_measured_at_the_tensor_that_the_map_is_made_of():
    backbone = Backbone(Network("resnet18", width=0.125, image_size=64), 3, generator_seed=0)
    outputs = backbone(torch.randn(2, 3, 64, 64), ["layer3"])
    assert Energy().shared(outputs) is outputs.features
    assert Energy(layer="layer3").shared(outputs) is outputs.inner["layer3"]
    assert Rrr().shared(outputs) is outputs.weight
    assert Energy(layer="layer3").layers(backbone.net) == ("layer3",)


@pytest.mark.parametrize("name", ["vit_tiny_patch16_224"])
def test_a_class_token_transformer_is_guided_at_an_inner_layer(name):
    backbone = Backbone(Network(name, image_size=32), 3, generator_seed=0)
    layer = "blocks.11.norm1"
    outputs = backbone(torch.randn(2, 3, 32, 32), [layer])
    maps = Energy(layer=layer).model_maps(outputs, torch.tensor([0, 2]))
    assert maps.shape == (2, 1, 2, 2)
    assert maps.requires_grad
    with pytest.raises(UserFault, match="Grad-CAM"):
        Energy().model_maps(outputs, torch.tensor([0, 2]))
