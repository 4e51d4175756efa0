"""Names of classes and files as other people wrote them."""

import re
from pathlib import PurePosixPath, PureWindowsPath


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """Sorting key under which runs of digits compare as numbers: "class_9" comes before "class_10".

    Digits sort before letters, capitals before small letters.

    >>> sorted(["b", "a10", "a9"], key=natural_order)
    ['a9', 'a10', 'b']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(part), part) if part[0].isascii() and part[0].isdigit() else (1, 0, part) for part in parts]


def relative_path(field: str, text: str) -> str:
    r"""Check a path to a picture's file and give it forward slashes.

    Args:
        field: where the path stood, for the message.
        text: the path.

    Raises:
        ValueError: if it is empty, absolute (also as on Windows), or climbs out of its folder.

    >>> relative_path("path", r"cats\\1.png")
    'cats/1.png'
    """
    path = PurePosixPath(text.replace("\\", "/"))
    if not text or "\0" in text:
        raise ValueError(f"{field} is {text!r}; the path of a file is expected")
    if path.is_absolute() or PureWindowsPath(text).drive:
        raise ValueError(f"{field} is {text!r}, an absolute path; one relative to the pictures' folder is expected")
    if ".." in path.parts:
        raise ValueError(f"{field} is {text!r}; a path without '..' is expected")
    return path.as_posix()
