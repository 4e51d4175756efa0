"""The classes of ImageNet-1K: a wnid's index is its place among the thousand in rising order.

The lists come with timm, as text files; they are read without importing timm, which would import torch.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

CLASSES = 1000


@cache
def wnids() -> tuple[str, ...]:
    """The thousand wnids, in the order of every ImageNet model's outputs.

    >>> wnids()[0], wnids()[999], list(wnids()) == sorted(wnids())
    ('n01440764', 'n15075141', True)
    """
    return tuple(timm_list("imagenet_synsets.txt").read_text("utf-8").split())


@cache
def _indices() -> dict[str, int]:
    return {wnid: index for index, wnid in enumerate(wnids())}


def index_of(wnid: str) -> int | None:
    """Index of a wnid; None for what is no class of ImageNet-1K.

    >>> index_of("n01443537"), index_of("n00000000")
    (1, None)
    """
    return _indices().get(wnid)


def timm_list(name: str) -> Path:
    """A list that timm's package brings.

    Raises:
        ModuleNotFoundError: if timm is not installed.
    """
    found = find_spec("timm")  # of a top-level package: looks, imports nothing
    if found is None or found.origin is None:
        raise ModuleNotFoundError("timm, whose lists of classes are read, is missing", name="timm")
    return Path(found.origin).parent / "data" / "_info" / name
