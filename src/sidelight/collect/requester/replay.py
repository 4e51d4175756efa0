"""What a replay is drawn from: a page's chunks, byte for byte as they came."""

import struct
from collections.abc import Iterable


def pack(chunks: Iterable[bytes]) -> bytes:
    r"""Chunks one after the other, each behind its length (uint32, little-endian); the browser takes them apart.

    >>> pack([b"ab", b""])
    b'\x02\x00\x00\x00ab\x00\x00\x00\x00'
    """
    return b"".join(struct.pack("<I", len(chunk)) + chunk for chunk in chunks)
