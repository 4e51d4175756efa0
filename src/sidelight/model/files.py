"""Files that appear whole or not at all."""

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from sidelight.records.errors import UserFault


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that, whenever the machine stops, there is the old content or the new, never a part.

    Args:
        file: to write; its folder is made if missing. `<name>.part` beside it is used on the way.
        content: of the file.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.part")
    with partial.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    partial.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def save_tensors(file: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write named tensors as safetensors, whole or not at all.

    Args:
        file: to write.
        tensors: of any device, type and memory layout; stored row-major. Names in sorted order, so that equal tensors
            give equal files.
    """
    write_whole(file, save({name: _own_copy(tensors[name]) for name in sorted(tensors)}))


def _own_copy(tensor: Tensor) -> Tensor:
    """Row-major, and sharing memory with no other: safetensors wants both."""
    return tensor.detach().cpu().clone(memory_format=torch.contiguous_format)


def load_tensors(file: Path) -> dict[str, Tensor]:
    """Read named tensors, on the CPU.

    Raises:
        UserFault: if the file is missing, or is no safetensors file.
    """
    try:
        return load_file(file)
    except (OSError, SafetensorError) as error:
        raise UserFault(
            f"weights {file}", seen=f"unreadable ({error})", allowed="a .safetensors file", remedy="Check the path"
        ) from error
