"""A timm network made from a `Network`: its arguments, and the edits of its stem."""

from dataclasses import dataclass
from typing import Any

import timm
from timm.models.resnet import ResNet
from torch import nn

from sidelight.model.heads import seeded
from sidelight.model.network import Network
from sidelight.model.weights import TimmNet, load_file, refuse_unknown_tag, restarted_note, unreachable
from sidelight.records.errors import UserFault, unknown_name

RESNET_CHANNELS = (64, 128, 256, 512)
DENSENET_GROWTH = {"densenet161": 48}
"""Channels that a layer adds, where they are not 32; the stem has twice as many."""
FIRST_POOLS = ("maxpool", "features.pool0")
"""Where the ResNet and the DenseNet family keep the pooling after the stem."""


@dataclass(frozen=True)
class Created:
    """A network and how to make one of the same shape in plain timm.

    Attributes:
        net: timm's module, edited, with its initial weights.
        arguments: of `timm.create_model(name, **arguments)`: everything that shapes weights.
        edits: what was done after that, as Python statements about `net`; none of it has weights.
        notes: what the user should be told about the initial weights.
    """

    net: TimmNet
    arguments: dict[str, Any]
    edits: tuple[str, ...]
    notes: tuple[str, ...]


def create(network: Network, classes: int, *, seed: int) -> Created:
    """Make the network. The same (network, classes, seed) gives the same weights, whatever was drawn before.

    Raises:
        UserFault: for an unknown name, for a change that its family does not know, or for weights that do not fit.
    """
    if not timm.is_model(network.name):
        raise unknown_name("network", network.name, timm.list_models())
    arguments = _arguments(network, classes)
    with seeded(seed):
        net = _make(network, arguments)
    edits = _edit_stem(net, network)
    return Created(net, arguments, edits, _initial_weights(net, network, classes))


def _arguments(network: Network, classes: int) -> dict[str, Any]:
    arguments: dict[str, Any] = {"num_classes": classes}
    if network.width != 1 and network.name.startswith("densenet"):
        arguments["growth_rate"] = max(1, round(DENSENET_GROWTH.get(network.name, 32) * network.width))
    elif network.width != 1:
        arguments["channels"] = [max(1, round(channels * network.width)) for channels in RESNET_CHANNELS]
    if network.output_stride is not None:
        arguments["output_stride"] = network.output_stride
    default = timm.get_pretrained_cfg(network.name)
    if network.image_size is not None and default is not None and default.fixed_input_size:
        arguments["img_size"] = network.image_size
    return arguments


def _make(network: Network, arguments: dict[str, Any]) -> TimmNet:
    """The random start; timm's published weights replace it, but for a classifier of other classes."""
    name, pretrained = network.name, False
    if network.weights.startswith("timm:"):
        tag = network.weights.removeprefix("timm:")
        refuse_unknown_tag(network.name, tag)
        name, pretrained = f"{network.name}.{tag}", True
    every = arguments | ({"drop_path_rate": network.drop_path} if network.drop_path else {})
    try:
        net = timm.create_model(name, pretrained=pretrained, **every)
    except TypeError as error:
        unknown = [option for option in every if f"'{option}'" in str(error)]
        if not unknown:
            raise
        raise _cannot(network, f"timm's option '{unknown[0]}'", "what this family knows") from error
    except (OSError, RuntimeError, ValueError) as error:
        if not pretrained:
            raise
        raise unreachable(network.name, network.weights, error) from error
    if "channels" in arguments and not isinstance(net, ResNet):
        raise _cannot(network, f"width {network.width}", "width 1 outside the ResNet and DenseNet families")
    return net


def _initial_weights(net: TimmNet, network: Network, classes: int) -> tuple[str, ...]:
    if network.weights == "none":
        return ()
    if not network.weights.startswith("timm:"):
        return load_file(net, network.weights)
    published = int(net.pretrained_cfg["num_classes"])
    return () if published == classes else (restarted_note(published, classes),)


def _edit_stem(net: TimmNet, network: Network) -> tuple[str, ...]:
    edits = []
    if network.stem_stride is not None:
        name, stride = _first_convolution(net, network), network.stem_stride
        net.get_submodule(name).stride = (stride, stride)
        edits.append(f"net.get_submodule({name!r}).stride = ({stride}, {stride})")
    if not network.first_pool:
        name = _first_pool(net, network)
        net.set_submodule(name, nn.Identity())
        edits.append(f"net.set_submodule({name!r}, torch.nn.Identity())")
    return tuple(edits)


def _first_convolution(net: TimmNet, network: Network) -> str:
    """Name of the stem's convolution, if its stride is free to change: that of disjoint patches is not."""
    named = net.pretrained_cfg.get("first_conv")
    stem = net.get_submodule(named) if isinstance(named, str) else None
    if not isinstance(stem, nn.Conv2d) or stem.kernel_size[0] <= stem.stride[0]:
        raise _cannot(
            network, f"stem_stride {network.stem_stride}", "None: its stem has no overlapping first convolution"
        )
    return str(named)


def _first_pool(net: TimmNet, network: Network) -> str:
    modules = dict(net.named_modules())
    found = [name for name in FIRST_POOLS if isinstance(modules.get(name), nn.MaxPool2d)]
    if not found:
        raise _cannot(network, "first_pool False", "True: no max-pooling follows its stem")
    return found[0]


def _cannot(network: Network, seen: str, allowed: str) -> UserFault:
    return UserFault(
        f"network '{network.name}'",
        seen=seen,
        allowed=allowed,
        remedy="Leave it at its default, or take another network",
    )
