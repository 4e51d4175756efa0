"""The pictures of a campaign: found in a folder, known by what is in them and not by their names."""

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import msgspec
from PIL import Image, UnidentifiedImageError

from sidelight.collect.store.ids import make_id
from sidelight.collect.store.pictures import Picture
from sidelight.records.errors import Fault, UserFault

SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"})
"""Names that pictures may have."""

TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
"""Pillow's name of a format -> what it is served as."""

MAX_PIXELS = 100_000_000
"""More is a fault or an attack: browsers would need gigabytes for it."""

SEARCHED = 64 * 1024
"""Bytes at either end of a file in which markup is looked for."""

MARKUP = (b"<script", b"<html", b"<!doctype", b"<iframe", b"<body", b"<svg ", b"<svg>", b"javascript:")
"""What has no place in a picture; a browser that can be made to read the file as a page would run it."""

ORIENTATION = 0x0112
TURNED = frozenset({5, 6, 7, 8})
"""EXIF orientations that swap width and height."""


class Sniffed(msgspec.Struct, frozen=True):
    """What a file turned out to be.

    Attributes:
        type: to be served as, such as image/png.
        width: pixels, upright (EXIF applied).
        height: pixels.
    """

    type: str
    width: int
    height: int


class NoPicture(Exception):
    """A file is not a picture that can be shown safely; the message says why, and what is allowed."""


def sniff(file: Path) -> Sniffed:
    """Look into a file.

    Raises:
        NoPicture: it is no JPEG, PNG or WebP, is broken, too large, or holds markup.
    """
    try:
        with warnings.catch_warnings(), Image.open(file, formats=("JPEG", "PNG", "WEBP")) as image:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            width, height = image.size
            if width * height > MAX_PIXELS or width < 1 or height < 1:
                raise NoPicture(f"{width} x {height} pixels; at most {MAX_PIXELS // 1_000_000} million are allowed")
            turned = image.getexif().get(ORIENTATION) in TURNED
            kind = TYPES[image.format or ""]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise NoPicture(f"too many pixels; at most {MAX_PIXELS // 1_000_000} million are allowed") from bomb
    except UnidentifiedImageError as other:
        raise NoPicture("not a picture inside; JPEG, PNG and WebP are allowed") from other
    except (OSError, ValueError, SyntaxError, KeyError) as broken:
        raise NoPicture("a broken picture; JPEG, PNG and WebP are allowed") from broken
    if _has_markup(file):
        raise NoPicture("markup within the picture; pictures that a browser could read as a page are not allowed")
    return Sniffed(kind, *((height, width) if turned else (width, height)))


def scan(root: Path, *, pool: str) -> tuple[list[Picture], list[Fault]]:
    """Find the pictures in a folder; folders within it name their classes.

    Args:
        root: the folder.
        pool: name under which its pictures are kept.

    Returns:
        Pictures in the order of their paths, with new random ids; and a fault for each file that is none.

    Raises:
        UserFault: there is no such folder.
    """
    if not root.is_dir():
        raise UserFault(f"folder {root}", seen="no such folder", allowed="a folder of pictures", remedy="Mend the path")
    pictures, faults = [], []
    for file in _files(root):
        path = file.relative_to(root).as_posix()
        try:
            found = _admitted(file, root)
        except NoPicture as why:
            faults.append(Fault(_printable(path), str(why)))
            continue
        label = path.partition("/")[0] if "/" in path else ""
        pictures.append(Picture(make_id(), pool, path, found.width, found.height, label))
    return pictures, faults


def locate(root: Path, path: str) -> Path:
    """The file of a picture.

    Args:
        root: folder of the picture's pool.
        path: as kept with the picture.

    Raises:
        NoPicture: it lies outside the folder, or is gone.
    """
    file = root / path
    if "\0" in path or not _inside(file, root) or not file.is_file():
        raise NoPicture("not in the campaign's folder any more; a file within it is expected")
    return file


def _admitted(file: Path, root: Path) -> Sniffed:
    if file.suffix.lower() not in SUFFIXES:
        raise NoPicture(f"a name that ends in {file.suffix or 'nothing'!r}; {', '.join(sorted(SUFFIXES))} are allowed")
    try:
        file.relative_to(root).as_posix().encode()
    except UnicodeEncodeError as fault:
        raise NoPicture("a name that is no UTF-8; rename it") from fault
    if not _inside(file, root):
        raise NoPicture("a link out of the folder; files within it are allowed")
    if not file.is_file():
        raise NoPicture("no ordinary file; pictures are allowed")
    return sniff(file)


def _files(root: Path) -> Iterator[Path]:
    """All files below a folder in the order of their names, hidden ones left out; links to folders are not followed."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(folder, name) for name in below if Path(folder, name).is_symlink())
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _inside(file: Path, root: Path) -> bool:
    return file.resolve().is_relative_to(root.resolve())


def _printable(path: str) -> str:
    """A path that cannot upset a terminal."""
    known = path.encode("utf-8", "backslashreplace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in known)


def _has_markup(file: Path) -> bool:
    with file.open("rb") as opened:
        start = opened.read(SEARCHED)
        opened.seek(max(SEARCHED, file.stat().st_size - SEARCHED))
        ends = (start + opened.read()).lower()
    return any(mark in ends for mark in MARKUP)
