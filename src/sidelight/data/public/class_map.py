"""Files that put ImageNet's classes together to fewer: in_to_in9.json of the Backgrounds Challenge, or anyone's.

Two forms of JSON are read. {class of ImageNet: coarse class} has an index or a wnid for the former, and -1, null or ""
where a class belongs nowhere; {coarse class: [classes of ImageNet]} lists them the other way round.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sidelight.data.public.imagenet_names import CLASSES, index_of
from sidelight.records.errors import UserFault

NOWHERE = (-1, "-1", None, "")


def read_class_map(file: Path) -> dict[str, tuple[int, ...]]:
    """Read a map.

    Args:
        file: in one of the forms above.

    Returns:
        {coarse class as text: rising indices of ImageNet-1K}; a class that belongs nowhere is in none.

    Raises:
        UserFault: if it is unreadable, names what is no class of ImageNet-1K, or one class twice.
    """
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _malformed(file, f"unreadable ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise _malformed(file, f"a {type(found).__name__}")
    coarse: dict[int, str] = {}
    for key, name in _pairs(found):
        index = _index(key)
        if index is None:
            raise _malformed(file, f"{key!r} is no class of ImageNet-1K")
        if index in coarse:
            raise _malformed(file, f"class {index} twice")
        if name not in NOWHERE:
            coarse[index] = str(name)
    members: dict[str, list[int]] = {}
    for index in sorted(coarse):
        members.setdefault(coarse[index], []).append(index)
    if not members:
        raise _malformed(file, "no class belongs anywhere")
    return {name: tuple(members[name]) for name in sorted(members)}


def _pairs(found: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    for key, value in found.items():
        if isinstance(value, list):
            yield from ((each, key) for each in value)
        else:
            yield key, value


def _index(key: Any) -> int | None:  # noqa: ANN401 - whatever the file holds
    if isinstance(key, str) and not key.isdecimal():
        return index_of(key)
    return int(key) if isinstance(key, str | int) and 0 <= int(key) < CLASSES else None


def _malformed(file: Path, seen: str) -> UserFault:
    return UserFault(
        f"class map {file}",
        seen=seen,
        allowed="JSON, {index or wnid: class, or -1} or {class: [indices or wnids]}, each class of ImageNet once",
        remedy="Name another file",
    )
