import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sidelight.explain.cam import cam, min_max, upsample
from sidelight.model.backbone import Backbone
from sidelight.model.network import Network
from sidelight.model.outputs import Outputs
from sidelight.records.errors import UserFault


def outputs_of(features, pooled, classes=3, dtype=torch.float32):
    weight = torch.randn(classes, pooled.shape[1], generator=torch.Generator().manual_seed(1))
    bias = torch.arange(classes) / 10
    pooled = pooled.to(dtype)
    logits = pooled @ weight.to(dtype).T + bias.to(dtype)
    return Outputs(logits=logits, features=features.to(dtype), pooled=pooled, weight=weight, bias=bias)


def features(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def parts_make_logits(outputs, atol=1e-5):
    for label in range(len(outputs.bias)):
        maps = cam(outputs, torch.full((len(outputs.logits),), label))
        torch.testing.assert_close(
            maps.mean(dim=(1, 2)) + outputs.bias[label], outputs.logits[:, label], atol=atol, rtol=0
        )


@pytest.mark.parametrize("name", ["test_resnet", "test_maxvit", "test_efficientnet"])
def test_the_parts_of_a_real_network_add_up_to_its_logits(name):
    backbone = Backbone(Network(name), 3, generator_seed=0).eval()
    with torch.no_grad():
        parts_make_logits(backbone(features(2, 3, backbone.image_size, backbone.image_size)))


def test_the_map_is_known_for_features_with_one_bright_place():
    maps = torch.zeros(1, 2, 3, 3)
    maps[0, 0, 1, 2] = 9.0
    outputs = outputs_of(maps, maps.mean(dim=(2, 3)))
    found = cam(outputs, torch.tensor([2]))[0]
    assert found[1, 2].item() == pytest.approx(9 * outputs.weight[2, 0].item())
    assert found.count_nonzero() == 1


def test_each_image_is_explained_for_its_own_class():
    maps = features(2, 4, 3, 3)
    outputs = outputs_of(maps, maps.mean(dim=(2, 3)))
    found = cam(outputs, torch.tensor([2, 0]))
    assert torch.equal(found[1], cam(outputs, torch.tensor([0, 0]))[1])
    assert torch.equal(found[0], cam(outputs, torch.tensor([2, 2]))[0])


@pytest.mark.parametrize("prefix", [0, 1, 5])
def test_average_pooled_tokens_become_a_grid_without_their_prefix(prefix):
    tokens = features(2, prefix + 9, 4)
    outputs = outputs_of(tokens, tokens[:, prefix:].mean(dim=1))
    parts_make_logits(outputs)
    found = cam(outputs, torch.tensor([1, 1]))
    # Tokens go row by row: the last one is the lower right corner.
    torch.testing.assert_close(found[:, 2, 2], tokens[:, -1] @ outputs.weight[1])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_no_reason_to_refuse(dtype):
    maps = features(4, 64, 7, 7)
    found = cam(outputs_of(maps, maps.to(dtype).mean(dim=(2, 3)), dtype=dtype), torch.zeros(4, dtype=torch.int64))
    assert found.dtype == torch.float32


@pytest.mark.parametrize(
    ("shape", "pool"),
    [
        ((2, 10, 4), lambda f: f[:, 0]),  # class token
        ((2, 10, 4), lambda f: f.mean(dim=1)),  # the class token is among what is averaged
        ((2, 8, 4), lambda f: f.mean(dim=1)),  # no square
        ((2, 4, 3, 3), lambda f: f.amax(dim=(2, 3))),
        ((2, 4, 3, 3), lambda f: torch.nn.functional.layer_norm(f.mean(dim=(2, 3)), (4,))),
        ((2, 4, 3, 3), lambda f: f.mean(dim=(2, 3)) * torch.tensor([0.0, 2, 0, 2])),  # dropout
        ((2, 4, 3, 3), lambda f: f.mean(dim=(2, 3)).repeat(1, 2)),
    ],
)
def test_a_head_that_is_not_linear_in_the_mean_is_refused(shape, pool):
    maps = features(*shape)
    with pytest.raises(UserFault, match="Grad-CAM"):
        cam(outputs_of(maps, pool(maps)), torch.tensor([0, 0]))


@pytest.mark.parametrize("name", ["test_vit", "test_vit_relpos", "test_convnext", "test_mambaout"])
def test_networks_with_a_class_token_or_a_norm_after_pooling_are_refused(name):
    backbone = Backbone(Network(name), 3, generator_seed=0).eval()
    with torch.no_grad(), pytest.raises(UserFault, match="Grad-CAM"):
        cam(backbone(features(2, 3, backbone.image_size, backbone.image_size)), torch.tensor([0, 0]))


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 100), st.floats(-50, 50))
def test_min_max_forgets_scale_and_offset(seed, scale, offset):
    maps = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    found = min_max(maps)
    assert found.amin(dim=(1, 2)).tolist() == [0, 0]
    assert found.amax(dim=(1, 2)).tolist() == [1, 1]
    torch.testing.assert_close(min_max(maps * scale + offset), found)


def test_a_constant_map_becomes_zeros():
    assert min_max(torch.full((1, 2, 2), 3.0)).count_nonzero() == 0


def test_upsampling_keeps_places_where_they_are():
    maps = torch.arange(4.0).reshape(1, 1, 4).expand(1, 4, 4)
    found = upsample(maps, (8, 8))
    assert found.shape == (1, 8, 8)
    # Pixel i's centre is (i + .5) / 8 of the image, that of cell j (j + .5) / 4: x = (i + .5) / 2 - .5 in cells.
    torch.testing.assert_close(found[0, 0, 1:7], (torch.arange(1, 7) + 0.5) / 2 - 0.5)
