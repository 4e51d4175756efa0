"""The members of a tar file, one after the other, past every damage that can be passed.

Python's `tarfile` ends silently at a damaged header, keeps a note of every member for ever, and takes several times as
long. Here memory holds one member; after a damaged header the next sound one is searched for, at any offset. Nothing
is ever extracted to disk, so a member's name is only a name.
"""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from sidelight.data.source.byte_stream import ByteStream, read_chunks
from sidelight.data.source.excerpt import printable
from sidelight.records.errors import Fault

_BLOCK = 512
_MAGIC, _MAGIC_AT = b"ustar", 257
_NAMING_KINDS = (b"L", b"x")
_FILE_KINDS = (b"0", b"\0", b"7")


class Member(NamedTuple):
    """A regular file of an archive: its name, and its bytes if they were asked for."""

    name: str
    data: bytes | None


class _Header(NamedTuple):
    name: str
    size: int
    kind: bytes


def read_tar(path: Path, *, wanted: Callable[[str], bool], limit: int) -> Iterator[Member | Fault]:
    """Go through a tar file, gzipped or not, from its beginning to its end.

    Args:
        path: of the archive (ustar, pax or GNU); its first bytes tell whether it is gzipped.
        wanted: says by its name whether a member's bytes are needed.
        limit: the largest member, in bytes.

    Yields:
        Regular files in their order, and one fault for every place that could not be read: a member that is too large,
        a damaged header, a compressed stream that is damaged, an archive that is cut off.
    """
    with path.open("rb") as file:
        archive = _Archive(ByteStream(read_chunks(file)), path.name, limit)
        for header in archive.headers():
            if isinstance(header, Fault):
                yield header
            elif header.kind in _FILE_KINDS:
                yield archive.member(header, wanted)
        yield from archive.end_faults()


class _Archive:
    """Where in an archive the reading is."""

    def __init__(self, stream: ByteStream, name: str, limit: int) -> None:
        self._stream = stream
        self._name = name
        self._limit = limit
        self._whole = False
        self._long_name = ""

    def headers(self) -> Iterator[_Header | Fault]:
        """Every sound header, with the stream right behind it; what the caller leaves of the content is passed over."""
        searching = False
        while len(block := self._stream.peek(_BLOCK)) == _BLOCK:
            header = _read_header(block)
            self._whole = header is None and not block.strip(b"\0")
            if header is None and not self._whole:
                if not searching:
                    place = f"{self._name}, byte {self._stream.offset}"
                    yield Fault(place, "no sound tar header; going on at the next sound one")
                self._stream.skip(1)
                searching = self._search()
                continue
            self._stream.skip(_BLOCK)
            searching = False
            if header is not None and header.size > self._limit:
                yield Fault(printable(header.name), f"{header.size} bytes; at most {self._limit} are read")
                searching = self._search()
            elif header is not None:
                end = self._stream.offset + header.size + -header.size % _BLOCK
                yield from self._named(header)
                self._stream.skip(end - self._stream.offset)
        self._whole |= searching  # the fault that began the search says it

    def member(self, header: _Header, wanted: Callable[[str], bool]) -> Member | Fault:
        """The file behind a header."""
        data = self._stream.read(header.size)
        if len(data) < header.size:
            self._whole = True  # this fault says it
            return Fault(printable(header.name), f"cut off after {len(data)} of {header.size} bytes")
        return Member(header.name, data if wanted(header.name) else None)

    def end_faults(self) -> Iterator[Fault]:
        """What is wrong with the end."""
        if self._stream.damage:
            yield Fault(f"{self._name}, byte {self._stream.offset} unpacked", self._stream.damage)
        elif not self._whole:
            yield Fault(self._name, "the archive ends without its end mark; members may be missing")

    def _search(self) -> Literal[True]:
        self._stream.skip_to(_MAGIC, before=_MAGIC_AT)
        return True

    def _named(self, header: _Header) -> Iterator[_Header]:
        """The header under its long name; nothing for a header that only names the next one."""
        if header.kind in _NAMING_KINDS:
            self._long_name = _long_name(header.kind, self._stream.read(header.size))
            return
        name, self._long_name = self._long_name or header.name, ""
        yield header._replace(name=name)


def _read_header(block: bytes) -> _Header | None:
    """A member's header; None if the block is none, or is damaged."""
    if not block.startswith(_MAGIC, _MAGIC_AT):
        return None
    try:
        checksum = _octal(block[148:156])
        size = int.from_bytes(block[125:136], "big") if block[124] == 0x80 else _octal(block[124:136])
    except ValueError:
        return None
    # The checksum adds all bytes, its own eight counted as blanks. Adler-32 holds the same sum plus 1, modulo 65521,
    # in its lower half, and is thirty times as fast.
    if zlib.adler32(block[:148] + b" " * 8 + block[156:]) & 0xFFFF != (checksum + 1) % 65521:
        return None
    name = block[:100].split(b"\0", 1)[0]
    prefix = block[345:500].split(b"\0", 1)[0] if block[262:265] == b"\0" + b"00" else b""
    return _Header(_decode(prefix + b"/" + name if prefix else name), size, block[156:157])


def _octal(field: bytes) -> int:
    return int(field.strip(b" \0") or b"0", 8)


def _decode(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")


def _long_name(kind: bytes, data: bytes) -> str:
    """The next member's name, from a GNU header, or from a pax header's `path`; "" if it names none."""
    if kind == b"L":
        return _decode(data.rstrip(b"\0"))
    for line in data.split(b"\n"):
        _length, _blank, record = line.partition(b" ")
        if record.startswith(b"path="):
            return _decode(record[5:])
    return ""
