"""Names in the ways of ImageNet-AB and COCO-AB for pictures that come from anywhere."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

_COCO = re.compile(r"(?:COCO_[a-z]+[0-9]*_)?0*([0-9]{1,12})")


def folder_names(classes: Sequence[str]) -> dict[str, str]:
    """A folder for each class: letters and digits alone, at most 32, all different.

    A wnid stays as it is.

    >>> folder_names(["n01440764", "red fox", "red-fox", "猫"])
    {'n01440764': 'n01440764', 'red fox': 'redfox', 'red-fox': 'redfox1', '猫': 'class3'}
    """
    named: dict[str, str] = {}
    for index, name in enumerate(classes):
        stem = re.sub(r"[^A-Za-z0-9]", "", name)[:32] or f"class{index}"
        taken, number = set(named.values()), 0
        while (folder := f"{stem}{number or ''}") in taken:
            number += 1
        named[name] = folder
    return named


def imagenet_names(paths: Mapping[str, str], folders: Mapping[str, str]) -> dict[str, str]:
    """`<folder>/<folder>_<n>` for each picture: its own name where it is one already, else numbered by path.

    Args:
        paths: of pictures -> their class.
        folders: of classes.

    >>> imagenet_names({"a/n01_105.JPEG": "n01", "cat b.jpg": "n01"}, {"n01": "n01"})
    {'a/n01_105.JPEG': 'n01/n01_105', 'cat b.jpg': 'n01/n01_1'}
    """
    own = {path: PurePosixPath(path).stem for path in paths}
    kept = {path for path, c in paths.items() if re.fullmatch(f"{folders[c]}_[A-Za-z0-9]{{1,40}}", own[path])}
    repeats = Counter(own.values())
    named = {path: own[path] for path in kept if repeats[own[path]] == 1}
    taken, number = set(named.values()), 0
    for path in sorted(paths.keys() - named.keys()):
        number += 1
        while (name := f"{folders[paths[path]]}_{number}") in taken:
            number += 1
        named[path] = name
    return {path: f"{folders[c]}/{named[path]}" for path, c in paths.items()}


def coco_ids(paths: Iterable[str]) -> dict[str, int]:
    """A number for each picture: COCO's own where the file is named so, else counted up by path.

    >>> coco_ids(["train2014/COCO_train2014_000000296169.jpg", "a.jpg"])
    {'train2014/COCO_train2014_000000296169.jpg': 296169, 'a.jpg': 1}
    """
    listed = list(paths)
    matches = {path: _COCO.fullmatch(PurePosixPath(path).stem) for path in listed}
    numbers = {path: int(match[1]) for path, match in matches.items() if match}
    if len(set(numbers.values())) < len(numbers):
        numbers = {}
    taken, number = set(numbers.values()), 0
    for path in sorted(set(listed) - numbers.keys()):
        number += 1
        while number in taken:
            number += 1
        numbers[path] = number
    return {path: numbers[path] for path in listed}
