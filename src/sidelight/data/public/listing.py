"""What is found of a public benchmark on disk, and the walk over folders that are named by classes."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sidelight.data.source.names import natural_order
from sidelight.records.errors import Fault, UserFault
from sidelight.records.shown import Shown

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
"""Endings of pictures, in lower case: the public sets write .JPEG, .jpeg, .jpg and .png."""


@dataclass(frozen=True)
class Part:
    """Pictures under one folder.

    Attributes:
        root: that the paths are relative to.
        rows: every picture once, in an order that depends on the files' names alone.
    """

    root: Path
    rows: Sequence[Shown]


@dataclass(frozen=True)
class Listing:
    """A benchmark as it was found.

    Attributes:
        parts: its pictures. Benchmarks that show the same folder share their pass over it.
        expected: pictures of the complete benchmark.
        classes: what the benchmark asks about, as rising indices of ImageNet-1K; empty = all classes.
        faults: everything that is missing or malformed. With any, the numbers would not be those of the benchmark.
    """

    parts: tuple[Part, ...]
    expected: int
    classes: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def count(self) -> int:
        """Pictures that were found."""
        return sum(len(part.rows) for part in self.parts)


class Reader(Protocol):
    """Where a benchmark lies, and how it is read: a frozen dataclass whose fields are options of the command line."""

    def read(self, root: Path) -> Listing:
        """List the benchmark's pictures; none is opened.

        Args:
            root: the folder of all downloads, `--data-root`.

        Raises:
            UserFault: if nothing of it is there. Whatever is there with faults is listed with them.
        """


def find_folder(root: Path, asked: Path | None, candidates: Sequence[str], *, name: str) -> Path:
    """The folder of a download.

    Args:
        root: of all downloads.
        asked: what the user named; None looks for the candidates.
        candidates: relative to `root`, the likeliest first.
        name: of the benchmark, for the fault.

    Raises:
        UserFault: if it is not there.
    """
    places = [asked] if asked is not None else [root / candidate for candidate in candidates]
    for place in places:
        if place.is_dir():
            return place
    raise UserFault(
        f"benchmark '{name}'",
        seen=f"no such folder: {places[0]}" if asked is not None else f"nothing of it in {root}",
        allowed="an existing folder" if asked is not None else " or ".join(f"{place}/" for place in candidates),
        remedy=f"Move the download there, or name its folder with --{name}.folder ('sidelight benchmarks list' says "
        "where to get it)",
    )


def class_folders(
    folder: Path,
    label_of: Callable[[str], int | None],
    faults: list[Fault],
    *,
    per_class: int | None = None,
    group: str = "",
) -> Iterator[Shown]:
    """The pictures of a folder that holds one folder a class.

    Files beside the class folders (a README, a list) belong to no class and are passed over. An unknown folder, an
    empty one, a file in a class that is no picture, an empty file and a wrong number of files become faults.

    Args:
        folder: of the classes.
        label_of: the index that a folder's name stands for, None for a name that is no class.
        faults: appended to.
        per_class: pictures that every class has; None where they differ.
        group: of every picture.

    Yields:
        Rows with paths relative to `folder`, classes and files in natural order.
    """
    for place in sorted((entry for entry in folder.iterdir() if entry.is_dir()), key=lambda p: natural_order(p.name)):
        label = label_of(place.name)
        if label is None:
            faults.append(Fault(str(place), "this folder's name is no class of the benchmark"))
            continue
        found = list(pictures_in(place, faults))
        if not found:
            faults.append(Fault(str(place), "no picture in this class"))
        elif per_class is not None and len(found) != per_class:
            faults.append(Fault(str(place), f"{len(found)} pictures instead of {per_class}"))
        labels = (label,)
        for name in found:
            yield Shown(f"{place.name}/{name}", labels, group)


def pictures_in(folder: Path, faults: list[Fault]) -> list[str]:
    """Names of the pictures of one folder in natural order; what is no picture, or empty, becomes a fault."""
    names = []
    with os.scandir(folder) as entries:  # millions of files: one look at each
        for entry in entries:
            if entry.name.startswith("."):  # what file managers leave behind
                continue
            if not entry.name.lower().endswith(PICTURES) or not entry.is_file():
                faults.append(Fault(entry.path, "not a picture by its name"))
            elif not entry.stat().st_size:
                faults.append(Fault(entry.path, "an empty file"))
            else:
                names.append(entry.name)
    return sorted(names, key=natural_order)


def count_fault(folder: Path, what: str, found: int, expected: int) -> list[Fault]:
    """A fault where a number is not what it should be; none where it is."""
    return [] if found == expected else [Fault(str(folder), f"{found} {what} instead of {expected}")]
