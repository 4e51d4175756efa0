"""One file of ImageNet-AB, read whatever its layout.

The release extends the box XML of ILSVRC by `<metadata>`, one for every time the picture was shown to an annotator.
Lists are repeated sibling tags, truth values are Python's `True` and `False`, boxes are pixels, byproducts are
fractions of the displayed picture. A file may come from anywhere: document types, attributes, deep nesting and
whatever is no number in range are refused, with one message each.
"""

import re
from collections.abc import Callable
from typing import Any, Literal
from xml.etree import ElementTree as ET
from xml.parsers import expat

from sidelight.data.source.ab_file import METADATA_TAGS, AbFile, AbHover, AbMetadata, AbObject, AbSample, Kind
from sidelight.data.source.ab_layout import read_layout
from sidelight.data.source.excerpt import excerpt

MAX_BYTES = 4 << 20
"""Largest file that is read: nine minutes of uninterrupted pointer movement over one picture."""
MAX_DEPTH = 8
PLACE_MARGIN = 0.05
"""How far outside [0, 1] a place may lie: a pointer overshoots a picture's border by a pixel or two."""
MAX_SIDE = 1_000_000
"""Largest picture side in pixels."""

_UNUSUAL = (b"!", b"?", b"=", b"\0")
"""Bytes that no file of the release holds. Without them there is no document type, no declared encoding, no UTF-16 and
no attribute; only files that have one pay for the hardened first pass."""
_WHOLE = re.compile(r"-?[0-9]{1,15}").fullmatch
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,60})?(?:[eE][-+]?[0-9]{1,3})?").fullmatch


class RefusedXml(ValueError):
    """Why a file, or one part of it, is not read: one line."""


def parse_record(data: bytes) -> AbFile:
    """Read one file.

    Args:
        data: at most `MAX_BYTES` of XML.

    Returns:
        The file. A faulty part is left out and told in `refused`; the others are kept.

    Raises:
        RefusedXml: if the file as a whole cannot be read.

    >>> parse_record(b"<annotation><metadata><selected>False</selected></metadata></annotation>").metadata[0].selected
    False
    """
    if len(data) > MAX_BYTES:
        raise RefusedXml(f"{len(data)} bytes; at most {MAX_BYTES} are read")
    return read_layout(data) or read_xml(data)


def read_xml(data: bytes) -> AbFile:
    """Do what `parse_record` does, by the XML parser alone."""
    root = _read_tree(data)
    if root.tag != "annotation":
        raise RefusedXml(f"the document is {excerpt(root.tag)}; 'annotation' is expected")
    values: dict[str, Any] = {"objects": (), "metadata": (), "other": {}}
    refused = []
    for place, child in enumerate(root):
        try:
            _read_part(child, values)
        except RefusedXml as error:
            number = sum(earlier.tag == child.tag for earlier in root[: place + 1])
            refused.append(f"{excerpt(child.tag)} {number}: {error}")
    return AbFile(**values, refused=tuple(refused))


def _read_tree(data: bytes) -> ET.Element:
    try:
        if any(byte in data for byte in _UNUSUAL):
            _refuse_unsafe(data)
        return ET.XML(data)  # no document type is left, hence no entities
    except RefusedXml:
        raise
    except (expat.ExpatError, ET.ParseError, LookupError, ValueError) as error:  # the last two: unknown encodings
        raise RefusedXml(f"no well-formed XML: {error}") from None


def _refuse_unsafe(data: bytes) -> None:
    """Walk the document once with handlers that refuse what no record needs and an attacker does."""
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise RefusedXml(f"elements are nested more than {MAX_DEPTH} deep")
        if attributes:
            raise RefusedXml(f"{excerpt(tag)} has attributes; a record has none")

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse_document_type(*_: object) -> None:
        raise RefusedXml("a document type (DOCTYPE), which could define entities; a record has none")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse_document_type
    parser.Parse(data, True)


def _read_part(part: ET.Element, values: dict[str, Any]) -> None:
    """Read one child of the root into the fields of `AbFile`."""
    tag = part.tag
    if tag == "metadata":
        values["metadata"] += (_read_metadata(part),)
    elif tag == "object":
        values["objects"] += (_read_object(part),)
    elif tag in values or tag in values["other"]:
        raise RefusedXml("a second one; one is allowed")
    elif tag == "size":
        width, height, depth = _children(part, "width", "height", "depth")
        values["size"] = _side(width), _side(height), _whole(depth)
    elif tag == "source":
        values["database"] = _text(_children(part, "database")[0])
    elif tag in ("folder", "filename", "segmented"):
        values[tag] = _text(part)
    else:
        values["other"][tag] = _text(part)


def _read_object(element: ET.Element) -> AbObject:
    fields: dict[str, Any] = {}
    other: dict[str, str] = {}
    for child in element:
        if child.tag == "bndbox":
            fields["box"] = tuple(_whole(side) for side in _children(child, "xmin", "ymin", "xmax", "ymax"))
        elif child.tag in ("name", "pose", "truncated", "difficult"):
            fields[child.tag] = _text(child)
        else:
            other[child.tag] = _text(child)
    return AbObject(**fields, other=other)


def _read_metadata(element: ET.Element) -> AbMetadata:
    fields: dict[str, Any] = {}
    lists: dict[str, list[Any]] = {"hovered": [], "mouse": [], "clicks": []}
    other: dict[str, str] = {}
    empty = []
    for child in element:
        tag = child.tag
        if tag not in METADATA_TAGS:
            other[tag] = _text(child)
            continue
        field, kind = METADATA_TAGS[tag]
        if not len(child) and not (child.text or "").strip():
            empty.append(tag)
        elif field in lists:
            try:
                lists[field].append(_READERS[kind](child))
            except RefusedXml as error:
                raise RefusedXml(f"{tag} {len(lists[field]) + 1}: {error}") from None
        elif field in fields:
            raise RefusedXml(f"a second {tag}; one is allowed")
        else:
            fields[field] = _READERS[kind](child)
    fields.update({field: tuple(values) for field, values in lists.items()})
    return AbMetadata(**fields, empty=tuple(empty), other=other)


def _sample(element: ET.Element) -> AbSample:
    time, x, y = _children(element, "time", "x", "y")
    return AbSample(_time(time), _fraction(x), _fraction(y))


def _hover(element: ET.Element) -> AbHover:
    action, time = _children(element, "action", "time")
    kind: Literal["enter", "leave"]
    if action.text == "enter":
        kind = "enter"
    elif action.text == "leave":
        kind = "leave"
    else:
        raise RefusedXml(f"action is {excerpt(action.text or '')}; 'enter' or 'leave' is expected")
    return AbHover(kind, _time(time))


def _position(element: ET.Element) -> tuple[float, float]:
    x, y = _children(element, "x", "y")
    return _number(x), _number(y)


def _children(element: ET.Element, *tags: str) -> list[ET.Element]:
    """The children with these tags, in this order; each must be there once, and nothing else."""
    children = list(element)
    if [child.tag for child in children] == [*tags]:
        return children
    found = {child.tag: child for child in children}
    if len(children) != len(tags) or found.keys() != set(tags):
        seen = ", ".join(excerpt(child.tag) for child in children[:6]) or "nothing"
        raise RefusedXml(f"{element.tag} holds {seen}; {', '.join(tags)} are expected")
    return [found[tag] for tag in tags]


def _text(element: ET.Element) -> str:
    if len(element):
        raise RefusedXml(f"{excerpt(element.tag)} holds other elements; text is expected")
    return element.text or ""


def _whole(element: ET.Element) -> int:
    text = _text(element)
    if not _WHOLE(text):
        raise RefusedXml(f"{element.tag} is {excerpt(text)}; a whole number of at most 15 digits is expected")
    return int(text)


def _number(element: ET.Element) -> float:
    text = _text(element)
    if not _NUMBER(text):
        raise RefusedXml(f"{element.tag} is {excerpt(text)}; a number is expected")
    return int(text) if _WHOLE(text) else float(text)


def _fraction(element: ET.Element) -> float:
    value = _number(element)
    if not -PLACE_MARGIN <= value <= 1 + PLACE_MARGIN:
        raise RefusedXml(f"{element.tag} is {value}; {-PLACE_MARGIN} to {1 + PLACE_MARGIN} are allowed")
    return value


def _time(element: ET.Element) -> int:
    value = _whole(element)
    if value < 0:
        raise RefusedXml(f"{element.tag} is {value}; a time stamp is not negative")
    return value


def _side(element: ET.Element) -> int:
    value = _whole(element)
    if not 0 <= value <= MAX_SIDE:
        raise RefusedXml(f"{element.tag} is {value}; 0 to {MAX_SIDE} pixels are allowed")
    return value


def _truth(element: ET.Element) -> bool:
    text = _text(element)
    if text not in ("True", "False"):
        raise RefusedXml(f"{element.tag} is {excerpt(text)}; 'True' or 'False' is expected")
    return text == "True"


_READERS: dict[Kind, Callable[[ET.Element], Any]] = {
    "text": _text,
    "whole": _whole,
    "time": _time,
    "side": _side,
    "truth": _truth,
    "place": _position,
    "hover": _hover,
    "sample": _sample,
}
