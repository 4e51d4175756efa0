"""A file, gzipped or not, as one stream of bytes, up to the last byte that can be had from it."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 1 << 16


class DamagedStream(Exception):
    """The stream ends here before its end; says why."""


def read_chunks(file: BinaryIO) -> Iterator[bytes]:
    """The content of a file in pieces of at most 64 KiB, unpacked if it is a gzip file.

    Raises:
        DamagedStream: after the last sound byte of a gzip file that is cut off or damaged.
    """
    head = file.read(CHUNK)
    if head.startswith(b"\x1f\x8b"):
        yield from _gunzip(file, head)
        return
    while head:
        yield head
        head = file.read(CHUNK)


def _gunzip(file: BinaryIO, packed: bytes) -> Iterator[bytes]:
    inflate = zlib.decompressobj(wbits=31)
    while True:
        before = inflate.copy()
        try:
            plain = inflate.decompress(packed, CHUNK)
        except zlib.error as error:
            yield from filter(None, _salvage(before, packed))
            raise DamagedStream(f"the compressed data are damaged ({error}); what follows cannot be read") from None
        if plain:
            yield plain
        if inflate.eof:  # several gzip files in a row are one, and zeros may follow
            packed = inflate.unused_data.lstrip(b"\0") or file.read(CHUNK).lstrip(b"\0")
            if not packed:
                return
            inflate = zlib.decompressobj(wbits=31)
        else:
            packed = inflate.unconsumed_tail or file.read(CHUNK)
            if not packed and not plain:
                raise DamagedStream("the compressed file is cut off; what follows is missing")


def _salvage(inflate: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    """What comes before the damage, found one packed byte at a time."""
    for place in range(len(packed)):
        try:
            yield inflate.decompress(packed[place : place + 1])
        except zlib.error:
            return


class ByteStream:
    """Chunks to read from in any portion.

    Args:
        chunks: pieces of the content; may end with `DamagedStream`.

    Attributes:
        damage: why the stream ended early; "" as long as it has not.

    >>> stream = ByteStream(iter([b"abc", b"defgh"]))
    >>> stream.read(2), stream.skip_to(b"f", before=1), stream.offset, stream.read(9)
    (b'ab', True, 4, b'efgh')
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.damage = ""
        self._chunks = chunks
        self._buffer = b""
        self._at = 0
        self._gone = 0

    @property
    def offset(self) -> int:
        """How many bytes lie before the next one."""
        return self._gone + self._at

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, which stay the next; fewer at the end only."""
        if self._at + size > len(self._buffer):
            self._fill(size)
        return self._buffer[self._at : self._at + size]

    def read(self, size: int) -> bytes:
        """The next `size` bytes; fewer at the end only."""
        data = self.peek(size)
        self._at += len(data)
        return data

    def skip(self, size: int) -> None:
        """Pass over `size` bytes, or over all that are left."""
        while size > 0:
            passed = len(self.read(min(size, CHUNK)))
            size = size - passed if passed else 0

    def skip_to(self, mark: bytes, *, before: int) -> bool:
        """Go forward to `before` bytes ahead of the next `mark`; to the end, and False, if there is none."""
        while (found := self._buffer.find(mark, self._at + before)) < 0:
            self._at = max(self._at, len(self._buffer) - before - len(mark) + 1)
            known = len(self._buffer) - self._at
            self._fill(known + 1)
            if len(self._buffer) == known:
                self._at = known
                return False
        self._at = found - before
        return True

    def _fill(self, size: int) -> None:
        """Forget what was read, and hold at least the next `size` bytes if there are so many."""
        self._gone += self._at
        parts = [self._buffer[self._at :]]
        held = len(parts[0])
        try:
            while held < size and (chunk := next(self._chunks, b"")):
                parts.append(chunk)
                held += len(chunk)
        except DamagedStream as error:
            self.damage = str(error)
        self._buffer, self._at = b"".join(parts), 0
