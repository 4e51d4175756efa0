"""A model on disk: `model.safetensors` and, beside it, `model.json`. Nothing is pickled, nothing half-written."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import timm
import torch
from torch import Tensor

from sidelight.model.backbone import Backbone
from sidelight.model.files import load_tensors, save_tensors, write_whole
from sidelight.model.heads import Head, build_head
from sidelight.model.network import Network
from sidelight.model.weights import refuse_unknown_tag
from sidelight.records.errors import UserFault, unknown_name

WEIGHTS = "model.safetensors"
SCHEMA_VERSION = 1


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What `model.json` says: everything but the weights that is needed to use the model.

    Attributes:
        schema_version: of this file.
        network: that the backbone was made from.
        classes: how many.
        class_names: in the order of the logits; empty when the trainer was not told.
        heads: settings of every head, by name.
        objective: name of what it was trained for; "" when unknown.
        mean: per channel, of pixels in [0, 1]; pictures are prepared as (x - mean) / std.
        std: likewise.
        image_size: side of the square input in pixels.
    """

    schema_version: int = SCHEMA_VERSION
    network: Network
    classes: int
    class_names: tuple[str, ...] = ()
    heads: dict[str, dict[str, Any]] = {}
    objective: str = ""
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    image_size: int


class LoadedModel(msgspec.Struct, frozen=True, eq=False):
    """A model from disk, in evaluation mode on the CPU.

    Attributes:
        backbone: with its weights.
        heads: beside the classifier; empty for a plain model or one from elsewhere.
        info: what was known about it.
    """

    backbone: Backbone
    heads: dict[str, Head]
    info: ModelInfo


def save_model(
    weights: Path,
    backbone: Backbone,
    heads: Mapping[str, Head],
    *,
    objective: str = "",
    class_names: tuple[str, ...] = (),
) -> None:
    """Write a model's two files; each appears whole or not at all, the JSON last.

    Args:
        weights: the .safetensors file to write; the JSON has its name with the suffix .json. Tensors are named
            `backbone.<timm's name>`, `pooling.<name>` (for a pooling of ours) and `heads.<head>.<name>`.
        backbone: on any device.
        heads: by name.
        objective: name of what it was trained for.
        class_names: in the order of the logits.
    """
    info = describe(backbone, heads, objective=objective, class_names=class_names)
    tensors = {f"backbone.{name}": value for name, value in backbone.export_state().items()}
    tensors |= {f"pooling.{name}": value for name, value in backbone.pooling_state().items()}
    for head, module in heads.items():
        tensors |= {f"heads.{head}.{name}": value for name, value in module.state_dict().items()}
    save_tensors(weights, tensors)
    write_whole(weights.with_suffix(".json"), msgspec.json.format(msgspec.json.encode(info)))


def describe(
    backbone: Backbone, heads: Mapping[str, Head], *, objective: str = "", class_names: tuple[str, ...] = ()
) -> ModelInfo:
    """What there is to say about a model besides its weights."""
    mean, std = backbone.normalisation
    return ModelInfo(
        network=backbone.network,
        classes=backbone.classes,
        class_names=class_names,
        heads={name: head.settings() for name, head in heads.items()},
        objective=objective,
        mean=mean,
        std=std,
        image_size=backbone.image_size,
    )


def load_model(path: Path) -> LoadedModel:
    """Read what `save_model` wrote.

    Args:
        path: the .safetensors file, or the folder of a run that holds `model.safetensors`.

    Raises:
        UserFault: if a file is missing or unreadable, or weights and description do not fit each other.
    """
    weights = path / WEIGHTS if path.is_dir() else path
    info = _read_info(weights.with_suffix(".json"))
    tensors = load_tensors(weights)
    backbone = _blank(info)
    heads = {name: build_head(settings).eval() for name, settings in info.heads.items()}
    try:
        backbone.net.load_state_dict(_under("backbone.", tensors))
        if backbone.attention is not None:
            backbone.attention.load_state_dict(_under("pooling.", tensors))
        for name, head in heads.items():
            head.load_state_dict(_under(f"heads.{name}.", tensors))
    except RuntimeError as error:
        raise _unfit(weights, "its weights do not fit its description") from error
    return LoadedModel(backbone.eval(), heads, info)


def load_any(model: str) -> LoadedModel:
    """A model by the name that a command line gives it.

    Args:
        model: `timm:NAME` (published weights, downloaded; `NAME` with or without a tag), the folder of a run, or a file
            that `save_model` wrote.

    Raises:
        UserFault: if there is no such model, or it cannot be read or fetched.
    """
    if not model.startswith("timm:"):
        return load_model(Path(model))
    name, _, tag = model.removeprefix("timm:").partition(".")
    if not timm.is_model(name):
        raise unknown_name("network", name, timm.list_models())
    tag = tag or getattr(timm.get_pretrained_cfg(name), "tag", None) or ""
    refuse_unknown_tag(name, tag)
    classes: int = getattr(timm.get_pretrained_cfg(f"{name}.{tag}"), "num_classes", 0)
    backbone = Backbone(Network(name, weights=f"timm:{tag}"), classes, generator_seed=0).eval()
    return LoadedModel(backbone, {}, describe(backbone, {}))


def export_timm(backbone: Backbone, file: Path) -> None:
    """Write the backbone for plain timm; heads beside the classifier are left out.

    The JSON beside it (same name) says how to use it::

        net = timm.create_model(name, **arguments)
        # then every statement of `edits`, which change no weights
        net.load_state_dict(safetensors.torch.load_file(file), strict=True)

    Args:
        backbone: to export.
        file: .safetensors file to write.

    Raises:
        UserFault: for a network with a pooling of ours, which plain timm cannot make.
    """
    if backbone.attention is not None:
        raise UserFault(
            f"network '{backbone.network.name}'",
            seen=f"pooling '{backbone.network.pooling}'",
            allowed="pooling 'own' in a file for plain timm",
            remedy="Use the run's own model.safetensors with sidelight",
        )
    mean, std = backbone.normalisation
    usage = {
        "name": backbone.network.name,
        "arguments": backbone.create_arguments,
        "edits": backbone.edits,
        "mean": mean,
        "std": std,
        "image_size": backbone.image_size,
    }
    save_tensors(file, backbone.export_state())
    write_whole(file.with_suffix(".json"), msgspec.json.format(msgspec.json.encode(usage)))


def fingerprint(backbone: Backbone) -> str:
    """Sixteen hexadecimal digits that change with the network and with any of its weights; maps name their model by it.

    Weights that are trained further, cast or pooled otherwise give another one; where they lie (device, file) does not
    matter.
    """
    digest = hashlib.sha256(f"{backbone.network.name} {backbone.network.pooling}".encode())
    for name, value in sorted({**backbone.export_state(), **backbone.pooling_state()}.items()):
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
        digest.update(value.cpu().contiguous().flatten().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:16]


def _blank(info: ModelInfo) -> Backbone:
    """A backbone of that shape whose weights are about to be replaced: they are neither fetched nor read again."""
    backbone = Backbone(replace(info.network, weights="none"), info.classes, generator_seed=0)
    backbone.network, backbone.image_size = info.network, info.image_size
    backbone.normalisation = (info.mean, info.std)
    return backbone


def _read_info(file: Path) -> ModelInfo:
    if not file.is_file():
        raise UserFault(
            f"model {file}",
            seen="no such file",
            allowed="a run's folder, its model.safetensors beside model.json, or timm:NAME",
            remedy="Check the path; a run has a model only when its training is over",
        )
    try:
        info = msgspec.json.decode(file.read_bytes(), type=ModelInfo)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unfit(file, f"not a description of a model ({error})") from error
    if info.schema_version != SCHEMA_VERSION:
        raise _unfit(file, f"schema version {info.schema_version} instead of {SCHEMA_VERSION}")
    return info


def _unfit(path: Path, seen: str) -> UserFault:
    return UserFault(
        f"model {path}", seen=seen, allowed="the two files of one model", remedy="Copy both from their run"
    )


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
