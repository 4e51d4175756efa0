"""A classifier's backbone becomes the body of Faster R-CNN or Mask R-CNN, its batch norms and first stages frozen."""

import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
import torch
from timm.models.resnet import ResNet
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN, MaskRCNN
from torchvision.models.detection.backbone_utils import BackboneWithFPN
from torchvision.ops.misc import FrozenBatchNorm2d

from sidelight.model.backbone import Backbone
from sidelight.model.files import load_tensors, save_tensors, write_whole
from sidelight.model.heads import seeded
from sidelight.model.network import Network
from sidelight.records.errors import UserFault
from sidelight.records.objects import Detections, Objects

STAGES = ("layer1", "layer2", "layer3", "layer4")
TRAINED = ("layer2", "layer3", "layer4")
"""The three stages that are trained on; all that comes before them stays as the classifier left it."""
PYRAMID = 256
"""Channels of every level of the feature pyramid."""
WEIGHTS = "detector.safetensors"
SCHEMA_VERSION = 1
BRANCH_GAIN = 0.2
"""Small enough that the sum over a stage's blocks stays of the size of one of them (our choice)."""
SAME_PIXELS = 0.5
"""A pixel is the object's when the mask head gives it more than this."""

DetectorNet = Any
"""torchvision ships no types: a FasterRCNN, or the MaskRCNN derived from it."""


Kind = Literal["faster_rcnn", "mask_rcnn"]
"""Faster R-CNN finds boxes, Mask R-CNN also the pixels of each object."""


@dataclass(frozen=True)
class Looking:
    """How large a detector sees a picture, and how many regions it looks into: as in torchvision's reference.

    Raises:
        UserFault: if a number is out of range.
    """

    min_size: int = 800
    """Shorter side of a picture as the network sees it, in pixels ..."""
    max_size: int = 1333
    """... unless the longer one would exceed this."""
    training_proposals: int = 2000
    """Regions a picture that the first stage hands on in training ..."""
    proposals: int = 1000
    """... and afterwards."""
    min_score: float = 0.05
    """Only objects with at least this score are found, in [0, 1). Average precision grows a little as it falls."""

    def __post_init__(self) -> None:
        for name in ("min_size", "training_proposals", "proposals"):
            if getattr(self, name) < 1:
                raise UserFault(
                    f"looking's {name}", seen=str(getattr(self, name)), allowed="1 or more", remedy="Choose another"
                )
        if not 0 <= self.min_score < 1:
            raise UserFault("looking's min_score", seen=str(self.min_score), allowed="[0, 1)", remedy="Choose another")
        if self.max_size < self.min_size:
            raise UserFault(
                "looking's max_size",
                seen=str(self.max_size),
                allowed=f"at least min_size, {self.min_size}",
                remedy="Raise it, or lower min_size",
            )


def build_detector(
    backbone: Backbone, kind: Kind, looking: Looking, classes: int, *, seed: int, settle_on: Tensor | None = None
) -> DetectorNet:
    """Put a feature pyramid and a detector's heads onto a classifier's ResNet.

    The body is the classifier's own network without its pooling and its classifier (heads of ours never were in it):
    same tensors, same arithmetic. Every batch norm becomes `y = (x - mean) / sqrt(var + eps) * gain + bias` with all
    four constant. The stem and the first stage are not trained; stages two to four are.

    torchvision's own builder, called without weights, silently trains all stages with ordinary batch norm, whatever
    `trainable_backbone_layers` says. That is another experiment, which is why this is put together by hand.

    Args:
        backbone: of the ResNet family; left as it is.
        kind: of detector.
        looking: at what size, into how many regions.
        classes: of the objects; the background is added to them.
        seed: the new parts' initial weights depend on it alone.
        settle_on: for a backbone that knows nothing yet: pictures [n, 3, h, w] in [0, 1]. Its batch norms get, before
            they are frozen, the mean and variance that they see on these, since norms that do nothing would let a
            random network explode; and gains of 0, with which timm starts residual branches, become `BRANCH_GAIN`,
            since frozen they would switch the branches off for ever. None takes the norms as the classifier left them.

    Returns:
        torchvision's module, in evaluation mode on the CPU.

    Raises:
        UserFault: for a network of another family, or one normalised otherwise.

    Source: ren2015faster; he2017mask; lin2017fpn.
    """
    net = copy.deepcopy(backbone.net).cpu().eval()
    _refuse_other_family(backbone.network.name, net)
    mean, std = backbone.normalisation
    if settle_on is not None:
        _settle(net, (settle_on - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None])
    _freeze_norms(net)
    for name, parameter in net.named_parameters():
        parameter.requires_grad_(name.startswith(TRAINED))
    channels = [int(stage["num_chs"]) for stage in net.feature_info if stage["module"] in STAGES]
    made = MaskRCNN if kind == "mask_rcnn" else FasterRCNN
    with seeded(seed):
        body = BackboneWithFPN(net, {stage: str(i) for i, stage in enumerate(STAGES)}, channels, PYRAMID)
        found: DetectorNet = made(
            body,
            classes + 1,
            min_size=looking.min_size,
            max_size=looking.max_size,
            image_mean=list(mean),
            image_std=list(std),
            rpn_pre_nms_top_n_train=looking.training_proposals,
            rpn_post_nms_top_n_train=looking.training_proposals,
            rpn_pre_nms_top_n_test=looking.proposals,
            rpn_post_nms_top_n_test=looking.proposals,
            box_score_thresh=looking.min_score,
        )
    return found.eval()


def targets_of(objects: Objects, device: torch.device) -> dict[str, Tensor]:
    """Objects as torchvision's detectors are told of them; class 0 is the background."""
    told = {"boxes": torch.from_numpy(objects.boxes).float(), "labels": torch.from_numpy(objects.labels) + 1}
    if objects.masks is not None:
        told["masks"] = torch.from_numpy(np.ascontiguousarray(objects.masks)).to(torch.uint8)
    return {name: value.to(device) for name, value in told.items()}


@torch.no_grad()
def find_objects(detector: DetectorNet, image: Tensor, example_id: str) -> Detections:
    """What a detector in evaluation mode finds on one picture: at most 100 objects, none below `Looking.min_score`.

    Args:
        detector: as `build_detector` made it.
        image: [3, H, W] float32 in [0, 1], of any size.
        example_id: of the picture.
    """
    device = next(detector.parameters()).device
    found = {name: value.cpu() for name, value in detector([image.to(device)])[0].items()}
    return Detections(
        id=example_id,
        boxes=found["boxes"].double().numpy(),
        labels=found["labels"].numpy() - 1,
        scores=found["scores"].numpy(),
        masks=(found["masks"][:, 0] > SAME_PIXELS).numpy() if "masks" in found else None,
    )


class DetectorInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What `detector.json` says: everything but the weights that is needed to use the detector.

    Attributes:
        schema_version: of this file.
        kind: of detector.
        looking: at what size, into how many regions.
        network: of its body.
        class_names: in the order of the labels; label 0 of torchvision's module is the background before them.
        mean: per channel, of pixels in [0, 1]; the detector itself prepares pictures by it.
        std: likewise.
    """

    schema_version: int = SCHEMA_VERSION
    kind: Kind
    looking: Looking
    network: Network
    class_names: tuple[str, ...]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


def save_detector(folder: Path, net: DetectorNet, info: DetectorInfo) -> None:
    """Write `detector.safetensors` (torchvision's names) and, last, `detector.json`."""
    save_tensors(folder / WEIGHTS, net.state_dict())
    write_whole((folder / WEIGHTS).with_suffix(".json"), msgspec.json.format(msgspec.json.encode(info)))


def load_detector(folder: Path) -> tuple[DetectorNet, DetectorInfo]:
    """Read what `save_detector` wrote, in evaluation mode on the CPU.

    Raises:
        UserFault: if a file is missing or unreadable, or the two do not fit each other.
    """
    file = folder / WEIGHTS
    tensors = load_tensors(file)
    try:
        info = msgspec.json.decode(file.with_suffix(".json").read_bytes(), type=DetectorInfo)
        backbone = Backbone(replace(info.network, weights="none"), 1, generator_seed=0)
        backbone.normalisation = (info.mean, info.std)
        net = build_detector(backbone, info.kind, info.looking, len(info.class_names), seed=0)
        net.load_state_dict(tensors)
    except (OSError, msgspec.DecodeError, RuntimeError) as error:
        raise UserFault(
            f"detector {folder}",
            seen=f"detector.json does not fit detector.safetensors ({str(error).splitlines()[0]})",
            allowed="the two files of one detector",
            remedy="Copy both from the folder that they were made in",
        ) from error
    return net, info


def _refuse_other_family(name: str, net: nn.Module) -> None:
    norms = [part for part in net.modules() if type(part) is nn.BatchNorm2d]
    others = [part for part in net.modules() if isinstance(part, nn.GroupNorm | nn.LayerNorm)]
    if not isinstance(net, ResNet) or not norms or others:
        raise UserFault(
            f"network '{name}'",
            seen=f"a {type(net).__name__}" + (" without plain batch norms" if isinstance(net, ResNet) else ""),
            allowed="a ResNet with batch norm (resnet18, resnet50, resnet50d ...)",
            remedy="Fine-tune a run of a ResNet",
        )


@torch.no_grad()
def _settle(net: DetectorNet, images: Tensor) -> None:
    """Norms of a random network to the mean and variance of what reaches them."""
    for norm in (part for part in net.modules() if isinstance(part, nn.BatchNorm2d)):
        norm.reset_running_stats()
        nn.init.constant_(norm.weight, 1.0 if norm.weight.any() else BRANCH_GAIN)
        norm.momentum = None  # the mean over all batches: there is one
    net.train().forward_features(images)
    net.eval()


def _freeze_norms(net: nn.Module) -> None:
    for name, norm in list(net.named_modules()):
        if isinstance(norm, nn.BatchNorm2d):
            frozen = FrozenBatchNorm2d(norm.num_features, eps=norm.eps)
            state = norm.state_dict()
            state.pop("num_batches_tracked")
            frozen.load_state_dict(state)
            net.set_submodule(name, frozen)
