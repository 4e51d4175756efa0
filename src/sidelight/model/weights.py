"""Initial weights from a file, and the faults of timm's published ones."""

from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import timm
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file as read_safetensors
from torch import Tensor

from sidelight.records.errors import UserFault

TimmNet = Any
"""timm ships no types: a module with `pretrained_cfg`, `forward_features`, `forward_head` and `get_classifier`."""
NESTS = ("state_dict", "model", "model_state_dict")
"""Where other trainers put the weights inside a .pth file."""
PREFIXES = ("backbone.", "module.", "model.")
"""What they, and we, put before timm's names. `backbone.` is a run's model.safetensors."""
BESIDE = ("heads.", "pooling.")
"""What a run's model.safetensors holds beside timm's network; it is left out."""
ALLOWED = "a .safetensors file, or a .pth file of tensors"


def load_file(net: TimmNet, source: str) -> tuple[str, ...]:
    """Fill `net` from a file of weights: timm's, a run's `model.safetensors`, or another trainer's.

    Args:
        net: a timm network; changed in place.
        source: path of a .safetensors file, or of a .pth file (read with `weights_only=True`: no code is run).

    Returns:
        Notes for the user: said when the classifier has another shape and keeps its random start.

    Raises:
        UserFault: if the file cannot be read, or if names or shapes (the classifier's apart) differ from the network's.
    """
    found = _without_prefix(_read(Path(source)))
    wanted = net.state_dict()
    classifier = _classifier_keys(net)
    restarted = {key for key in classifier & set(found) if found[key].shape != wanted[key].shape}
    differing = _differences(found, wanted, except_for=restarted)
    if differing:
        more = f"; and {len(differing) - 10} more" if len(differing) > 10 else ""
        raise UserFault(
            f"weights {source}",
            seen="; ".join(differing[:10]) + more,
            allowed="the network's own names and shapes",
            remedy="Check that the file and the network belong together",
        )
    net.load_state_dict(found | {key: wanted[key] for key in restarted})
    return tuple(restarted_note(len(found[key]), len(wanted[key])) for key in restarted if key.endswith(".weight"))


def refuse_unknown_tag(name: str, tag: str) -> None:
    """Raise a UserFault unless timm has published weights of this tag for this architecture.

    >>> refuse_unknown_tag("resnet18", "a1_in1k")
    """
    known = [full.partition(".")[2] for full in timm.list_pretrained(f"{name}.*")]
    if tag not in known:
        raise UserFault(
            f"weights 'timm:{tag}'",
            seen=f"'{name}' has no such tag",
            allowed=", ".join(known) or "none",
            remedy="Choose a tag of this network, or weights 'none'",
        )


def unreachable(name: str, weights: str, error: Exception) -> UserFault:
    """The fault of weights that could not be downloaded."""
    return UserFault(
        f"weights '{weights}' of '{name}'",
        seen=f"they could not be fetched ({type(error).__name__})",
        allowed="a network connection, or weights fetched before",
        remedy="Connect once, or name a file instead",
    )


def restarted_note(theirs: int, ours: int) -> str:
    """What the user is told when the classifier could not be taken over."""
    return f"the classifier starts at random: the weights know {theirs} classes, the data {ours}"


def _differences(found: dict[str, Tensor], wanted: dict[str, Tensor], *, except_for: set[str]) -> list[str]:
    missing = [f"{key} is missing" for key in wanted if key not in found]
    unknown = [f"{key} is unknown" for key in found if key not in wanted]
    shapes = [
        f"{key} has shape {tuple(found[key].shape)} instead of {tuple(value.shape)}"
        for key, value in wanted.items()
        if key in found and key not in except_for and found[key].shape != value.shape
    ]
    return missing + unknown + shapes


def _classifier_keys(net: TimmNet) -> set[str]:
    classifier = net.get_classifier()
    name = next(name for name, module in net.named_modules() if module is classifier)
    return {f"{name}.weight", f"{name}.bias"}


def _without_prefix(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    kept = {key: value for key, value in weights.items() if not key.startswith(BESIDE)}
    for prefix in PREFIXES:
        if kept and all(key.startswith(prefix) for key in kept):
            kept = {key.removeprefix(prefix): value for key, value in kept.items()}
    return kept


def _read(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        raise UserFault(
            f"weights {path}", seen="no such file", allowed=f"'none', timm:TAG, {ALLOWED}", remedy="Check the path"
        )
    try:
        content = (
            read_safetensors(path) if path.suffix == ".safetensors" else torch.load(path, "cpu", weights_only=True)
        )
    except (SafetensorError, UnpicklingError, OSError, RuntimeError, EOFError) as error:
        raise UserFault(
            f"weights {path}",
            seen=f"unreadable ({type(error).__name__})",
            allowed=ALLOWED,
            remedy="Save the tensors alone",
        ) from error
    for nest in NESTS:
        if isinstance(content, dict) and isinstance(content.get(nest), dict):
            content = content[nest]
    if not isinstance(content, dict) or not all(isinstance(value, Tensor) for value in content.values()):
        raise UserFault(
            f"weights {path}", seen="no table of named tensors", allowed=ALLOWED, remedy="Save a state dict"
        )
    return content
