"""The objects of a very large JSON list, one at a time, past damaged ones."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

from sidelight.data.source.byte_stream import ByteStream, read_chunks
from sidelight.records.errors import Fault, UserFault

MAX_ITEM = 16 << 20
"""Largest object of the list, in bytes."""
MAX_DEPTH = 4
"""How deep objects may be nested, the list's own included."""
_WINDOW = 1 << 18

Decoded = TypeVar("Decoded")


class Located(NamedTuple):
    """Where an object is: its number in the list, from 1, and the offset of its first byte."""

    number: int
    offset: int

    def __str__(self) -> str:
        return f"record {self.number} (byte {self.offset})"


def _object_pattern(depth: int) -> bytes:
    """An object by its braces and strings alone; elsewhere what JSON allows there, and the tokens that Python adds.

    Everything is possessive, so matching never goes back. A bare word ends it at once: behind a lost quotation mark the
    inside and the outside of strings change places, which must not run on to the end of the file.
    """
    string = rb'"(?:[^"\\\x00-\x1f]|\\.)*+"'
    between = rb"[\s,:\[\]0-9+\-.eE]++|true|false|null|NaN|Infinity"
    inner = b"|" + _object_pattern(depth - 1) if depth > 1 else b""
    return rb"\{(?>" + between + b"|" + string + inner + rb")*+\}"


_match_object = re.compile(_object_pattern(MAX_DEPTH)).match
_match_separator = re.compile(rb"[\s,]*+").match


def read_list(path: Path, decode: Callable[[bytes], Decoded]) -> Iterator[tuple[Located, Decoded] | Fault]:
    """Go through the objects of a file that is one JSON list.

    The file is split by braces and strings. Where an object cannot be told or decoded, the search goes on at the very
    next opening brace, inside it, until an object decodes again; so one that lacks its end does not take its
    neighbours along. Memory holds a window of 256 KiB, up to `MAX_ITEM` around a damaged place. Commas between objects
    are not checked.

    Args:
        path: of the JSON, gzipped or not.
        decode: makes a record of an object's text; ValueError with the reason if it is none. It must refuse the objects
            that lie inside a record.

    Yields:
        Each record with its place, and one fault for every damaged place.

    Raises:
        UserFault: if the file is no JSON list.
    """
    with path.open("rb") as file:
        splitter = _Splitter(ByteStream(read_chunks(file)), path)
        yield from splitter.items(decode)


class _Splitter:
    """A window on the file, and how far it was read."""

    def __init__(self, stream: ByteStream, path: Path) -> None:
        self._stream = stream
        self._path = path
        self._window = b""
        self._at = 0
        self._ended = False

    def items(self, decode: Callable[[bytes], Decoded]) -> Iterator[tuple[Located, Decoded] | Fault]:
        """Everything between the list's brackets."""
        if self._next_byte() != b"[":
            raise self._no_list()
        self._at += 1
        number, damage = 0, None
        while (byte := self._next_byte()) and (byte != b"]" or damage):
            place = self._place
            try:
                decoded = self._object(byte, decode)
            except ValueError as error:
                if damage is None:
                    number += 1
                    damage = Fault(str(Located(number, place)), str(error))
                self._search()
                continue
            if damage is not None:
                yield damage
                damage = None
            number += 1
            yield Located(number, place), decoded
        yield from [damage] if damage else self._end_faults(closed=byte == b"]")

    @property
    def _place(self) -> int:
        return self._stream.offset + self._at

    def _object(self, byte: bytes, decode: Callable[[bytes], Decoded]) -> Decoded:
        """The object that begins here."""
        if byte != b"{":
            raise ValueError(f"{byte!r} where an object of the list is expected")
        while not (match := _match_object(self._window, self._at)):
            if not self._widen():
                raise ValueError(f"no whole JSON object of at most {MAX_ITEM >> 20} MiB and {MAX_DEPTH} levels")
        decoded = decode(match[0])
        self._at = match.end()
        return decoded

    def _search(self) -> None:
        """Go to the next opening brace, or to the end."""
        self._at += 1
        while (found := self._window.find(b"{", self._at)) < 0:
            self._at = len(self._window)
            if not self._widen():
                return
        self._at = found

    def _next_byte(self) -> bytes:
        """The next byte that is no blank and no comma; none at the end."""
        while True:
            separator = _match_separator(self._window, self._at)
            self._at = separator.end() if separator else self._at
            if self._at < len(self._window) or not self._widen():
                return self._window[self._at : self._at + 1]

    def _widen(self) -> bool:
        """Let go of what was read, and look twice as far ahead; False at the end, or when the window is as wide as
        allowed.
        """
        rest = len(self._window) - self._at
        if self._ended or rest >= MAX_ITEM:
            return False
        size = max(_WINDOW, 2 * rest)
        self._stream.skip(self._at)
        self._window, self._at = self._stream.peek(size), 0
        self._ended = len(self._window) < size
        return len(self._window) > rest

    def _end_faults(self, *, closed: bool) -> Iterator[Fault]:
        self._at += closed
        if self._stream.damage:
            yield Fault(f"{self._path.name}, byte {self._place} unpacked", self._stream.damage)
        elif not closed:
            yield Fault(
                f"{self._path.name}, byte {self._place}", "the file ends inside the list; records may be missing"
            )
        elif self._next_byte():
            yield Fault(
                f"{self._path.name}, byte {self._place}", "something follows the end of the list; it is not read"
            )

    def _no_list(self) -> UserFault:
        return UserFault(
            f"source {str(self._path)!r}",
            seen=f"it begins with {self._window[self._at : self._at + 20]!r}",
            allowed="a JSON list of objects",
            remedy="Give the file of the release, coco_ab_v1_0.json",
        )
