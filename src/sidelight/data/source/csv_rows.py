"""The lines of a user's own table, each checked by itself."""

import csv
import difflib
import math
import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, get_args

from sidelight.data.source.names import relative_path
from sidelight.records.errors import Fault, FaultsFound, UserFault
from sidelight.records.example import Split

Units = Literal["fraction", "pixel"]
Corners = tuple[float, float, float, float]

POINT = ("x", "y")
BOX = ("x0", "y0", "x1", "y1")
COLUMNS = ("path", "label", *POINT, "annotator", "time", *BOX, "map_path", "split")
_DELIMITERS = (",", ";", "\t")


class Row(NamedTuple):
    """One good line: what one person said about one picture. Places are still in the table's own units."""

    line: int
    path: str
    label: str
    point: tuple[float, float] | None
    annotator: str
    time_ms: float | None
    box: Corners | None
    map_path: str | None
    split: Split | None


def read_rows(content: bytes, *, name: str, units: Units, faults: list[Fault]) -> Iterator[Row]:
    """Read a table's lines; a broken one becomes a fault with its number and is left out.

    The table is UTF-8, with or without byte-order mark, with a header. Its delimiter is the one of comma, semicolon and
    tab that cuts the header into most columns. Every line is a row by itself: quotes cannot run over a line's end.

    Args:
        content: the file's bytes.
        name: of the file, for messages.
        units: of points and boxes: fraction of the picture's width and height, or pixels.
        faults: gathers what is wrong with single lines.

    Raises:
        UserFault: if the table is not UTF-8, or its header is not one.
    """
    header, *lines = re.split(r"\r\n|\n|\r", decoded(content, name))
    delimiter = max(_DELIMITERS, key=header.count)
    columns = _header([column.strip().strip('"') for column in header.split(delimiter)], name)
    for number, line in enumerate(lines, start=2):
        try:
            fields = [field.strip() for field in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
            if any(fields):
                yield _row(number, _named(fields, columns), units)
        except (csv.Error, ValueError) as error:
            faults.append(Fault(f"{name}, line {number}", f"{error}; left out"))


def decoded(content: bytes, name: str) -> str:
    """A table's text.

    Raises:
        UserFault: if it is not UTF-8; it names the line.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UserFault(
            f"{name}, line {line}",
            seen=f"byte 0x{content[error.start]:02x}, which is not UTF-8",
            allowed="UTF-8 text",
            remedy="Save the table as 'CSV UTF-8'",
        ) from None


def _header(columns: list[str], name: str) -> list[str]:
    """Check the columns' names; all that is wrong with them is told at once."""
    wrong = []
    for column in columns:
        if column not in COLUMNS:
            close = difflib.get_close_matches(column.lower(), COLUMNS, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"allowed: {', '.join(COLUMNS)}"
            wrong.append(f"column {column!r} is unknown; {hint}")
    wrong += [f"column {column!r} is there twice" for column in COLUMNS if columns.count(column) > 1]
    wrong += [f"column {column!r} is missing" for column in ("path", "label") if column not in columns]
    for group in (POINT, BOX):
        missing = [column for column in group if column not in columns]
        if 0 < len(missing) < len(group):
            wrong.append(f"column {missing[0]!r} is missing; {', '.join(group)} come together")
    if wrong:
        faults = [Fault(f"{name}, line 1", message) for message in wrong]
        raise FaultsFound(f"header of {name}", faults, remedy="Mend the header: path,label and any other known column")
    return columns


def _named(fields: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    if len(fields) != len(columns):
        raise ValueError(f"{len(fields)} fields; the header has {len(columns)} columns")
    return dict.fromkeys(COLUMNS, "") | dict(zip(columns, fields, strict=True))


def _row(line: int, fields: dict[str, str], units: Units) -> Row:
    if not fields["label"]:
        raise ValueError("label is empty")
    box = _numbers(fields, BOX, units)
    if box is not None and not (box[0] < box[2] and box[1] < box[3]):
        raise ValueError(f"the box is {box}; x0 < x1 and y0 < y1 are expected")
    point = _numbers(fields, POINT, units)
    time_ms = _number("time", fields["time"]) if fields["time"] else None
    if time_ms is not None and time_ms < 0:
        raise ValueError(f"time is {time_ms}; milliseconds >= 0 from showing the picture to the click are expected")
    return Row(
        line=line,
        path=relative_path("path", fields["path"]),
        label=fields["label"],
        point=None if point is None else (point[0], point[1]),
        annotator=fields["annotator"],
        time_ms=time_ms,
        box=None if box is None else (box[0], box[1], box[2], box[3]),
        map_path=relative_path("map_path", fields["map_path"]) if fields["map_path"] else None,
        split=_split(fields["split"]),
    )


def _numbers(fields: dict[str, str], names: Sequence[str], units: Units) -> tuple[float, ...] | None:
    """The numbers of a point or a box; None when all of its fields are empty."""
    if not any(fields[name] for name in names):
        return None
    values = tuple(_number(name, fields[name]) for name in names)
    for name, value in zip(names, values, strict=True):
        if value < 0:
            raise ValueError(f"{name} is {value}; at least 0 is expected")
        if units == "fraction" and value > 1:
            raise ValueError(f"{name} is {value}; a fraction in [0, 1] is expected; for pixels pass --units pixel")
    return values


def _number(name: str, text: str) -> float:
    try:
        value = float(text.replace("_", "?"))  # 1_000 is Python's notation, not a table's
    except ValueError:
        hint = "; write a decimal point" if "," in text else ""
        raise ValueError(f"{name} is {text!r}; a number is expected{hint}") from None
    if not math.isfinite(value):
        raise ValueError(f"{name} is {text!r}; a finite number is expected")
    return value


def _split(text: str) -> Split | None:
    for split in get_args(Split):
        if text == split:
            return split
    if text:
        raise ValueError(f"split is {text!r}; allowed: {', '.join(get_args(Split))}")
    return None
