"""Which ImageNet classes the folders of ObjectNet stand for, by the files that come with it.

The way is: folder's name -> label that people read -> names of ImageNet classes -> their lines in a list -> indices.
Numbers in other people's lists index the *labels* in rising order ("Bath towel" among the B), not the folders
("full_sized_towel" among the f): taken for numbers of folders, 45 of 125 are wrong. Here nothing is numbered.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from sidelight.data.public.imagenet_names import CLASSES
from sidelight.records.errors import UserFault

FOLDERS, NAMES = "folder_to_objectnet_label.json", "objectnet_to_imagenet_1k.json"
LINES, LIST = "pytorch_to_imagenet_2012_id.json", "imagenet_to_label_2012_v2"


def read_mappings(folder: Path) -> dict[str, tuple[int, ...]]:
    """Read the four files of objectnet-1.0/mappings/.

    Args:
        folder: that holds them.

    Returns:
        {name of a folder of pictures: indices of ImageNet-1K, rising; none where ImageNet-1K has no such class}.

    Raises:
        UserFault: if one is missing or malformed, or names a class that another does not know.
    """
    label_of, names_of = _mapping(folder / FOLDERS), _mapping(folder / NAMES)
    index_of = _indices(folder)
    strange = sorted(set(names_of) - set(label_of.values()))
    if strange:
        raise _malformed(folder / NAMES, f"'{strange[0]}' is no label of {FOLDERS}")
    indices = {}
    for label, names in names_of.items():
        for name in names.split("; "):
            if name not in index_of:
                raise _malformed(folder / NAMES, f"'{name}' is not in {LIST}, or twice")
        indices[label] = tuple(sorted(index_of[name] for name in names.split("; ")))
    return {name: indices.get(label, ()) for name, label in label_of.items()}


def _indices(folder: Path) -> dict[str, int]:
    """{name of an ImageNet class: index}, without names that two classes have."""
    try:
        names = [line.strip() for line in (folder / LIST).read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise _malformed(folder / LIST, f"unreadable ({type(error).__name__})") from error
    lines = _mapping(folder / LINES)
    known = {str(index) for index in range(CLASSES)}
    if set(lines) != known or not all(isinstance(line, int) and 0 <= line < len(names) for line in lines.values()):
        raise _malformed(folder / LINES, f"{len(lines)} entries; each of 1000 indices must have a line of {LIST}")
    often = Counter(names)
    return {names[line]: int(index) for index, line in lines.items() if often[names[line]] == 1}


def _mapping(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _malformed(file, f"unreadable ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise _malformed(file, f"a {type(found).__name__}")
    return found


def _malformed(file: Path, seen: str) -> UserFault:
    return UserFault(
        f"mapping {file}",
        seen=seen,
        allowed="the file of ObjectNet's download",
        remedy="Unpack mappings/ of objectnet-1.0.zip again",
    )
