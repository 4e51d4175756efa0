"""The order of names."""

import re


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """Sorting key under which runs of digits compare as numbers: "class_9" comes before "class_10".

    Digits sort before letters, capitals before small letters.

    >>> sorted(["b", "a10", "a9"], key=natural_order)
    ['a9', 'a10', 'b']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, int(part), part) if part[0].isascii() and part[0].isdigit() else (1, 0, part) for part in parts]
