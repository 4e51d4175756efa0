from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.ops.misc import FrozenBatchNorm2d

from sidelight.model.backbone import Backbone
from sidelight.model.detector import (
    BRANCH_GAIN,
    DetectorInfo,
    Looking,
    build_detector,
    find_objects,
    load_detector,
    save_detector,
    targets_of,
)
from sidelight.model.network import Network
from sidelight.records.errors import UserFault
from sidelight.records.objects import Objects

LOOKING = Looking(48, 48, training_proposals=20, proposals=10)
SMALL = Network("resnet18", width=0.25, image_size=32)


@pytest.fixture(scope="module")
def trained():
    """A ResNet-18 whose norms have seen something: no two of its numbers are at their start."""
    backbone = Backbone(replace(SMALL, width=1.0), 5, generator_seed=0)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for norm in (part for part in backbone.modules() if isinstance(part, nn.BatchNorm2d)):
            for tensor in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
                tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.5)
    return backbone.eval()


@pytest.fixture(scope="module")
def small():
    return Backbone(SMALL, 5, generator_seed=0).eval()


@pytest.fixture(scope="module")
def detectors(trained):
    return {kind: build_detector(trained, kind, LOOKING, 2, seed=0) for kind in ("faster_rcnn", "mask_rcnn")}


@pytest.mark.parametrize("kind", ["faster_rcnn", "mask_rcnn"])
def test_exactly_three_stages_are_trained(detectors, kind):
    trained = {name.split(".")[0] for name, p in detectors[kind].backbone.body.named_parameters() if p.requires_grad}
    frozen = {name.split(".")[0] for name, p in detectors[kind].backbone.body.named_parameters() if not p.requires_grad}
    assert (trained, frozen) == ({"layer2", "layer3", "layer4"}, {"conv1", "layer1"})
    heads = (detectors[kind].backbone.fpn, detectors[kind].rpn, detectors[kind].roi_heads)
    assert all(p.requires_grad for head in heads for p in head.parameters())


@pytest.mark.parametrize("kind", ["faster_rcnn", "mask_rcnn"])
def test_every_batch_norm_is_frozen(detectors, kind):
    parts = list(detectors[kind].modules())
    assert not any(isinstance(part, nn.modules.batchnorm._BatchNorm) for part in parts)
    assert sum(isinstance(part, FrozenBatchNorm2d) for part in parts) == 20  # 1 + 16 in blocks + 3 in shortcuts


def test_the_bodys_weights_are_the_classifiers_bit_for_bit(trained, detectors):
    theirs = {name: value for name, value in trained.export_state().items() if "num_batches_tracked" not in name}
    body = detectors["faster_rcnn"].backbone.body.state_dict()
    assert body.keys() == theirs.keys() - {"fc.weight", "fc.bias"}
    assert all(torch.equal(value, theirs[name]) for name, value in body.items())


def test_the_classifier_is_left_as_it_was(trained, detectors):
    assert any(isinstance(part, nn.BatchNorm2d) for part in trained.modules())
    assert all(p.requires_grad for p in trained.parameters())


def test_the_body_sees_what_the_classifier_sees(trained, detectors):
    images = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        seen = detectors["mask_rcnn"].backbone.body(images)["3"]
        expected = trained(images).features
    torch.testing.assert_close(seen, expected, rtol=1e-4, atol=1e-3)


def test_it_is_torchvisions_own_detector_body(trained, detectors):
    """The same tensors, the same trained ones and the same pyramid, as torchvision makes it from weights of its own."""
    theirs = resnet_fpn_backbone(backbone_name="resnet18", weights=None, trainable_layers=3)
    ours = detectors["faster_rcnn"].backbone
    theirs.load_state_dict(ours.state_dict())
    assert dict.fromkeys(n for n, p in theirs.named_parameters() if p.requires_grad) == dict.fromkeys(
        n for n, p in ours.named_parameters() if p.requires_grad
    )
    images = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        pairs = zip(ours(images).values(), theirs(images).values(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)


def test_pictures_are_normalised_as_the_classifier_wants(small):
    small.normalisation = ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    prepares = build_detector(small, "faster_rcnn", LOOKING, 2, seed=0).transform
    assert (prepares.image_mean, prepares.image_std) == ([0.1, 0.2, 0.3], [0.4, 0.5, 0.6])


def test_new_parts_depend_on_the_seed_alone(small):
    first, again, other = (build_detector(small, "faster_rcnn", LOOKING, 2, seed=seed) for seed in (0, 0, 1))
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))
    assert not torch.equal(first.rpn.head.bbox_pred.weight, other.rpn.head.bbox_pred.weight)


@pytest.mark.parametrize("name", ["vit_tiny_patch16_224", "densenet121", "resnet50_gn"])
def test_another_architecture_is_refused_in_one_line(name):
    backbone = Backbone(Network(name), 5, generator_seed=0)
    with pytest.raises(UserFault, match=f"network '{name}': a .*; allowed: a ResNet with batch norm") as fault:
        build_detector(backbone, "faster_rcnn", LOOKING, 2, seed=0)
    assert "\n" not in str(fault.value)


def test_a_random_body_gets_norms_that_work_and_no_branch_that_is_off(small):
    pictures = torch.rand(8, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    body = build_detector(small, "faster_rcnn", LOOKING, 2, seed=0, settle_on=pictures).backbone.body
    gains = {
        round(float(gain), 6) for norm in body.modules() if isinstance(norm, FrozenBatchNorm2d) for gain in norm.weight
    }
    assert gains == {1.0, BRANCH_GAIN}
    mean, std = (torch.tensor(part)[:, None, None] for part in small.normalisation)
    with torch.no_grad():
        stem = body.bn1(body.conv1((pictures - mean) / std))
        deep = body((pictures - mean) / std)["3"]
    torch.testing.assert_close(stem.mean(dim=(0, 2, 3)), torch.zeros(64), atol=1e-4, rtol=0)
    torch.testing.assert_close(stem.std(dim=(0, 2, 3)), torch.ones(64), atol=1e-2, rtol=0)
    assert 0.1 < deep.pow(2).mean().sqrt() < 3


@pytest.mark.parametrize("kind", ["faster_rcnn", "mask_rcnn"])
def test_a_step_moves_what_is_trained_and_nothing_else(small, kind):
    # The backbone is new: without norms that work its residual branches would stay off, and would not move.
    net = build_detector(small, kind, LOOKING, 2, seed=0, settle_on=torch.rand(4, 3, 32, 32)).train()
    boxes, masks = np.array([[4, 4, 30, 30]], np.float64), np.zeros((1, 48, 48), bool)
    masks[:, 4:30, 4:30] = True
    objects = Objects("p", boxes, np.array([1]), crowd=np.zeros(1, bool), area=np.ones(1), masks=masks)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        image = torch.rand(3, 48, 48)
        losses = net([image], [targets_of(objects, torch.device("cpu"))])
    sum(losses.values()).backward()
    torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=0.01).step()
    moved = {name for name, value in net.state_dict().items() if not torch.equal(value, before[name])}
    still = ("backbone.body.conv1", "backbone.body.bn1", "backbone.body.layer1")
    assert not [name for name in moved if name.startswith(still) or ".bn" in name or "running" in name]
    assert {"backbone.body.layer2.0.conv1.weight", "backbone.body.layer4.1.conv1.weight"} <= moved
    assert ("loss_mask" in losses) == (kind == "mask_rcnn")


def test_labels_are_counted_from_one_after_the_background():
    objects = Objects("p", np.zeros((2, 4)), np.array([0, 7]), crowd=np.zeros(2, bool), area=np.ones(2))
    told = targets_of(objects, torch.device("cpu"))
    assert told["labels"].tolist() == [1, 8]
    assert "masks" not in told


@pytest.mark.parametrize("kind", ["faster_rcnn", "mask_rcnn"])
def test_a_saved_detector_finds_the_same(small, kind, tmp_path):
    net = build_detector(small, kind, LOOKING, 2, seed=0)
    with torch.no_grad():  # certain of class 1 everywhere
        net.roi_heads.box_predictor.cls_score.bias.copy_(torch.tensor([0.0, 0.0, 9.0]))
    mean, std = small.normalisation
    info = DetectorInfo(kind=kind, looking=LOOKING, network=SMALL, class_names=("a", "b"), mean=mean, std=std)
    save_detector(tmp_path, net, info)
    again, said = load_detector(tmp_path)
    assert said == info
    image = torch.rand(3, 40, 60, generator=torch.Generator().manual_seed(0))
    found, twice = (find_objects(each, image, "p") for each in (net, again))
    assert len(found.boxes) > 0
    assert set(found.labels.tolist()) == {1}
    assert (found.scores > 0.9).all()
    np.testing.assert_array_equal(found.boxes, twice.boxes)
    if kind == "mask_rcnn":
        assert found.masks.shape == (len(found.boxes), 40, 60)
        np.testing.assert_array_equal(found.masks, twice.masks)
    else:
        assert found.masks is None


def test_files_that_do_not_fit_each_other_are_refused(small, tmp_path):
    net = build_detector(small, "faster_rcnn", LOOKING, 2, seed=0)
    mean, std = small.normalisation
    three = ("a", "b", "c")
    info = DetectorInfo(kind="faster_rcnn", looking=LOOKING, network=SMALL, class_names=three, mean=mean, std=std)
    save_detector(tmp_path, net, info)
    with pytest.raises(UserFault, match=r"detector.json does not fit detector.safetensors"):
        load_detector(tmp_path)
    with pytest.raises(UserFault, match="unreadable"):
        load_detector(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "wrong", [{"min_size": 0}, {"proposals": 0}, {"training_proposals": 0}, {"max_size": 700}, {"min_score": 1.0}]
)
def test_sizes_that_make_no_sense_are_refused(wrong):
    with pytest.raises(UserFault, match=f"looking's {next(iter(wrong))}"):
        Looking(**wrong)
