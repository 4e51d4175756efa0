"""The exact layout of ImageNet-AB's files: written, and read at once.

Two regular expressions, made of the table of tags, take a file apart five times as fast as an XML parser does. They
match only what the release's writer writes; a file in any other layout is left to the XML parser of `ab_xml.py`, which
gives the same result where both can read (a test holds them together).
"""

import re
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

from sidelight.data.source.ab_file import METADATA_TAGS, AbFile, AbHover, AbMetadata, AbObject, AbSample, Kind

_TEXT = r"[!-%'-;=?-~][ -%'-;=?-~]*+"
_WHOLE = r"-?[0-9]{1,15}"
_TIME = r"[0-9]{1,15}"
_SIDE = r"[0-9]{1,6}"
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,60})?"
_FRACTION = r"(?:0(?:\.[0-9]{1,60})?|1(?:\.0)?)"

_LEAVES: dict[Kind, str] = {"text": _TEXT, "whole": _WHOLE, "time": _TIME, "side": _SIDE, "truth": "True|False"}
_GROUPS: dict[Kind, tuple[tuple[str, str], ...]] = {
    "place": (("x", _NUMBER), ("y", _NUMBER)),
    "hover": (("action", "enter|leave"), ("time", _TIME)),
    "sample": (("time", _TIME), ("x", _FRACTION), ("y", _FRACTION)),
}
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_OBJECT_TEXTS = ("name", "pose", "truncated", "difficult")


def _leaf(indent: int, tag: str, content: str) -> str:
    return f"{' ' * indent}<{tag}>({content})</{tag}>\\n"


def _group(indent: int, tag: str, inner: str) -> str:
    return f"{' ' * indent}<{tag}>\\n{inner}{' ' * indent}</{tag}>\\n"


def _leaves(indent: int, pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(_leaf(indent, tag, content) for tag, content in pairs)


def _maybe(pattern: str) -> str:
    return f"(?:{pattern})?"


def _any_number(pattern: str) -> str:
    """As many as there are, all in one capture; `pattern` captures nothing itself any more."""
    return f"((?:{re.sub('[(](?![?])', '(?:', pattern)})*+)"


def _metadata_part(tag: str, kind: Kind) -> str:
    if kind in _LEAVES:
        return _maybe(_leaf(4, tag, _LEAVES[kind]))
    return _any_number(_group(4, tag, _leaves(6, _GROUPS[kind])))


_OBJECT = _group(
    2,
    "object",
    "".join(_maybe(_leaf(4, tag, _TEXT)) for tag in _OBJECT_TEXTS)
    + _maybe(_group(4, "bndbox", _leaves(6, ((corner, _WHOLE) for corner in _CORNERS)))),
)
_read_head = re.compile(
    r"<annotation>\n"
    + _maybe(_leaf(2, "folder", _TEXT))
    + _maybe(_leaf(2, "filename", _TEXT))
    + _maybe(_group(2, "source", _leaf(4, "database", _TEXT)))
    + _maybe(_group(2, "size", _leaves(4, (("width", _SIDE), ("height", _SIDE), ("depth", _WHOLE)))))
    + _maybe(_leaf(2, "segmented", _TEXT))
    + _any_number(_OBJECT)
).match
_each_object = re.compile(_OBJECT).finditer
_read_metadata = re.compile(
    _group(2, "metadata", "".join(_metadata_part(tag, kind) for tag, (_, kind) in METADATA_TAGS.items()))
).match
_each_value = re.compile(r">([^<\n]+)<").findall


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)


def _places(text: str) -> tuple[float, ...]:
    return tuple(map(_number, _each_value(text)))


def _hovers(text: str) -> tuple[AbHover, ...]:
    values = _each_value(text)
    return tuple(AbHover(action, int(time)) for action, time in zip(values[::2], values[1::2], strict=True))


def _samples(text: str) -> tuple[AbSample, ...]:
    values = _each_value(text)
    samples = zip(values[::3], values[1::3], values[2::3], strict=True)
    return tuple([AbSample(int(time), _number(x), _number(y)) for time, x, y in samples])


_CONVERT: dict[Kind, Callable[[str], Any]] = {
    "text": str,
    "whole": int,
    "time": int,
    "side": int,
    "truth": "True".__eq__,
    "place": _places,
    "hover": _hovers,
    "sample": _samples,
}
_FIELDS = tuple((field, _CONVERT[kind]) for field, kind in METADATA_TAGS.values())


def read_layout(data: bytes) -> AbFile | None:
    r"""Read a file that is in the release's layout to the last blank.

    Args:
        data: the file.

    Returns:
        The record; None if anything at all is unusual, which says nothing about whether it can be read.

    >>> read_layout(b"<annotation>\n  <folder>n01440764</folder>\n</annotation>\n").folder
    'n01440764'
    """
    text = data.decode("ascii", "replace")
    head = _read_head(text)
    if head is None:
        return None
    place = head.end()
    metadata = []
    while match := _read_metadata(text, place):
        values = zip(_FIELDS, match.groups(), strict=True)
        metadata.append(AbMetadata(**{field: convert(value) for (field, convert), value in values if value}))
        place = match.end()
    if text[place:] != "</annotation>\n" or any(len(m.image_position or (0, 0)) > 2 for m in metadata):
        return None
    folder, filename, database, width, height, depth, segmented, objects = head.groups()
    return AbFile(
        folder=folder,
        filename=filename,
        database=database,
        size=(int(width), int(height), int(depth)) if width else None,
        segmented=segmented,
        objects=tuple(_object(match.groups()) for match in _each_object(objects)),
        metadata=tuple(metadata),
    )


def _object(values: tuple[str | None, ...]) -> AbObject:
    x0, y0, x1, y1 = (None if value is None else int(value) for value in values[4:])
    box = None if x0 is None or y0 is None or x1 is None or y1 is None else (x0, y0, x1, y1)
    name, pose, truncated, difficult = values[:4]
    return AbObject(name, pose, truncated, difficult, box)


def serialise(file: AbFile) -> bytes:
    """Write a file as the release does: no declaration, two blanks a level, `<metadata>`'s tags in the order of their
    bytes.

    A file of the release comes back byte for byte. Not kept: another order or layout, other spellings of a number
    (`0.50`), and whether an empty tag was `<a/>` or `<a></a>` (here `<a/>`).

    >>> serialise(AbFile(folder="n01440764")).decode().split()
    ['<annotation>', '<folder>n01440764</folder>', '</annotation>']
    """
    lines = ["<annotation>"]
    lines += _write_leaves("  ", [("folder", file.folder), ("filename", file.filename)])
    if file.database is not None:
        lines += _write_group("  ", "source", [("database", file.database)])
    if file.size is not None:
        lines += _write_group("  ", "size", zip(("width", "height", "depth"), file.size, strict=True))
    lines += _write_leaves("  ", [("segmented", file.segmented), *file.other.items()])
    for thing in file.objects:
        lines += ["  <object>", *_object_lines(thing), "  </object>"]
    for metadata in file.metadata:
        lines += ["  <metadata>", *_metadata_lines(metadata), "  </metadata>"]
    return "\n".join([*lines, "</annotation>", ""]).encode()


def _write_leaves(indent: str, pairs: Iterable[tuple[str, object]]) -> list[str]:
    """One line for every value that is there; numbers in the shortest form that reads back the same."""
    written = []
    for tag, value in pairs:
        if value is not None:
            text = escape(value) if isinstance(value, str) else repr(value)
            written.append(f"{indent}<{tag}>{text}</{tag}>" if text else f"{indent}<{tag}/>")
    return written


def _write_group(indent: str, tag: str, pairs: Iterable[tuple[str, object]]) -> list[str]:
    return [f"{indent}<{tag}>", *_write_leaves(indent + "  ", pairs), f"{indent}</{tag}>"]


def _object_lines(thing: AbObject) -> list[str]:
    lines = _write_leaves("    ", [(name, getattr(thing, name)) for name in ("name", "pose", "truncated", "difficult")])
    lines += _write_leaves("    ", thing.other.items())
    if thing.box is not None:
        lines += _write_group("    ", "bndbox", zip(("xmin", "ymin", "xmax", "ymax"), thing.box, strict=True))
    return lines


def _metadata_lines(metadata: AbMetadata) -> list[str]:
    lines = []
    for tag in sorted([*METADATA_TAGS, *metadata.other]):
        if tag in metadata.other:
            lines += _write_leaves("    ", [(tag, metadata.other[tag])])
            continue
        lines += [f"    <{tag}/>"] * metadata.empty.count(tag)
        value = getattr(metadata, METADATA_TAGS[tag][0])
        if tag == "hoveredRecord":
            for hover in value:
                lines += _write_group("    ", tag, [("action", hover.action), ("time", hover.time)])
        elif tag in ("mouseTracking", "selectedRecord"):
            for sample in value:
                lines += _write_group("    ", tag, [("time", sample.time), ("x", sample.x), ("y", sample.y)])
        elif tag == "imagePosition":
            lines += [] if value is None else _write_group("    ", tag, zip("xy", value, strict=True))
        else:
            lines += _write_leaves("    ", [(tag, value)])
    return lines
