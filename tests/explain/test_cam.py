import numpy as np
import pytest
import torch

from sidelight.explain.cam import Cam, cam, cam_bias, cams, has_cam, upsample
from sidelight.explain.method import predicted
from sidelight.model.outputs import Outputs
from sidelight.records.errors import UserFault

EXACT = [
    ("resnet18", 64),
    ("densenet121", 64),
    ("legacy_xception", 96),
    ("inception_v3", 107),
    ("efficientnet_b0", 64),
    ("test_maxvit", 64),
    ("swin_tiny_patch4_window7_224", 112),
    ("convnext_atto", 64),  # a layer norm after the pooling
    ("vit_pwee_patch16_reg1_gap_256", 64),  # likewise, over tokens with a register
    ("test_vit4", 64),  # a root-mean-square norm
    ("vit_relpos_small_patch16_224", 64),  # no token without a place
]
REFUSED = ["test_vit", "test_vit3", "test_mambaout", "mobilenetv3_small_050"]
"""A class token, attention inside the pooling, and twice a layer after it that is not linear."""


def features(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def outputs_of(maps, *, classes=3, **how):
    """What a linear classifier says of the mean of features [B, D, h, w] or [B, T, D]."""
    places = maps.flatten(2) if maps.ndim == 4 else maps[:, how.get("prefix", 0) :].transpose(1, 2)
    pooled = places.mean(dim=2)
    weight = torch.randn(classes, pooled.shape[1], generator=torch.Generator().manual_seed(1)).to(maps.dtype)
    bias = (torch.arange(classes) / 10).to(maps.dtype)
    return Outputs(pooled @ weight.T + bias, maps, pooled, weight, bias, pooling="mean", **how)


def parts_make_logits(outputs):
    every = cams(outputs)
    for label in range(len(outputs.bias)):
        classes = torch.full((len(outputs.logits),), label)
        maps = cam(outputs, classes)
        scale = outputs.logits.abs().max().item()
        torch.testing.assert_close(
            maps.mean(dim=(1, 2)) + cam_bias(outputs, classes), outputs.logits[:, label], atol=1e-5 * scale, rtol=0
        )
        torch.testing.assert_close(every[:, label], maps)


@pytest.mark.parametrize(("name", "size"), EXACT)
def test_the_parts_of_a_network_add_up_to_its_logits(networks, pictures, name, size):
    with torch.no_grad():
        parts_make_logits(networks(name, size)(pictures(size)))


@pytest.mark.parametrize(
    ("name", "size"), [("resnet18", 64), ("convnext_atto", 64), ("vit_tiny_patch16_224", 64), ("test_vit4", 64)]
)
def test_they_do_so_too_when_an_attention_pools_them(networks, pictures, name, size):
    with torch.no_grad():
        outputs = networks(name, size, "attention")(pictures(size))
        parts_make_logits(outputs)
    assert outputs.attention.std() > 0


@pytest.mark.parametrize("name", REFUSED)
def test_a_network_whose_logits_are_not_linear_in_its_places_is_refused(networks, pictures, name):
    size = 160 if name.startswith("test") else 64
    with torch.no_grad():
        outputs = networks(name, size)(pictures(size))
    assert not has_cam(outputs)
    with pytest.raises(UserFault, match=r"Grad-CAM.*gradcam"):
        cam(outputs, torch.tensor([0, 0]))
    with pytest.raises(UserFault, match="Grad-CAM"):
        cams(outputs)


def test_outputs_that_do_not_say_how_they_were_pooled_are_refused():
    maps = features(2, 4, 3, 3)
    said = outputs_of(maps)
    unsaid = Outputs(said.logits, maps, said.pooled, said.weight, said.bias)
    with pytest.raises(UserFault, match="Grad-CAM"):
        cam(unsaid, torch.tensor([0, 0]))


def test_the_map_is_known_for_features_with_one_bright_place():
    maps = torch.zeros(1, 2, 3, 3)
    maps[0, 0, 1, 2] = 9.0
    outputs = outputs_of(maps)
    found = cam(outputs, torch.tensor([2]))[0]
    assert found[1, 2].item() == pytest.approx(9 * outputs.weight[2, 0].item())
    assert found.count_nonzero() == 1


def test_a_folded_norm_agrees_with_a_loop_over_places():
    maps, scale, shift = features(2, 4, 3, 2), features(2, 4).abs(), features(2, 4)
    outputs = outputs_of(maps, scale=scale, shift=shift)
    found = cam(outputs, torch.tensor([2, 0])).numpy()
    for b, label in enumerate((2, 0)):
        for y, x in np.ndindex(3, 2):
            part = sum(float(outputs.weight[label, d] * scale[b, d] * maps[b, d, y, x]) for d in range(4))
            assert found[b, y, x] == pytest.approx(part, abs=1e-5)


def test_each_image_is_explained_for_its_own_class():
    outputs = outputs_of(features(2, 4, 3, 3))
    found = cam(outputs, torch.tensor([2, 0]))
    assert torch.equal(found[1], cam(outputs, torch.tensor([0, 0]))[1])
    assert torch.equal(found[0], cam(outputs, torch.tensor([2, 2]))[0])


@pytest.mark.parametrize("prefix", [0, 1, 5])
@pytest.mark.parametrize(("height", "width"), [(3, 3), (2, 4)])
def test_average_pooled_tokens_become_a_grid_without_their_prefix(prefix, height, width):
    tokens = features(2, prefix + height * width, 4)
    outputs = outputs_of(tokens, prefix=prefix, aspect=height / width)
    parts_make_logits(outputs)
    found = cam(outputs, torch.tensor([1, 1]))
    assert found.shape == (2, height, width)
    # Tokens go row by row: the last one is the lower right corner.
    torch.testing.assert_close(found[:, -1, -1], tokens[:, -1] @ outputs.weight[1])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_gives_maps_of_single_precision(dtype):
    outputs = outputs_of(features(4, 64, 7, 7).to(dtype))
    assert cam(outputs, torch.zeros(4, dtype=torch.int64)).dtype == torch.float32


def test_the_gradient_reaches_features_and_classifier():
    maps = features(2, 4, 3, 3).requires_grad_()
    weight = torch.ones(3, 4, requires_grad=True)
    pooled = maps.mean(dim=(2, 3))
    outputs = Outputs(pooled @ weight.T, maps, pooled, weight, torch.zeros(3), pooling="mean")
    cam(outputs, torch.tensor([0, 1])).square().sum().backward()
    assert maps.grad.abs().sum() > 0
    assert weight.grad[:2].abs().sum() > 0
    assert weight.grad[2].count_nonzero() == 0


def test_the_method_explains_the_class_that_is_chosen(networks, pictures):
    backbone = networks("resnet18", 64)
    found = Cam()(backbone, pictures(64), lambda logits: predicted(-logits))
    assert torch.equal(found.classes, found.logits.argmin(dim=1))
    with torch.no_grad():
        torch.testing.assert_close(found.maps, cam(backbone(pictures(64)), found.classes))
    assert not found.maps.requires_grad


def test_upsampling_keeps_places_where_they_are():
    maps = torch.arange(4.0).reshape(1, 1, 4).expand(1, 4, 4)
    found = upsample(maps, (8, 8))
    assert found.shape == (1, 8, 8)
    # Pixel i's centre is (i + .5) / 8 of the image, that of cell j (j + .5) / 4: x = (i + .5) / 2 - .5 in cells.
    torch.testing.assert_close(found[0, 0, 1:7], (torch.arange(1, 7) + 0.5) / 2 - 0.5)
