"""Chunks made small: each for itself as it comes, a page's together when it is done."""

import lzma
import zlib
from collections.abc import Iterator, Sequence

KNOWN = (
    b'"select","image":"","by":"mouse","at":[0."deselect"{"k":"pointer","action":"down","by":"touch""pen""keyboard"'
    b'{"k":"panel","panel":{"k":"add","label":"","by":{"k":"move"{"k":"remove"{"k":"pick"{"k":"put_back"{"k":"decide"'
    b'{"k":"stroke","tool":"brush""eraser","radius":"cells":[{"k":"undo"{"k":"redo"{"k":"clear"'
    b'{"k":"visibility","visible":true},{"k":"focus","focused":false},{"k":"image","image":"","state":"loaded"},"failed"'
    b'{"k":"health","samples":"dropped":0,"handler_ms":"granularity_ms":0.1}{"k":"layout","view":[1280,720],"scroll":[0,0],'
    b'"zoom":1,"dpr":1,"images":{"":[0,0,{"k":"on_screen","image":"","seen":true},{"k":"hover","t":,"i":,"image":"",'
    b'"inside":true},{"k":"hover","t":,"i":,"image":"","inside":false},SLC1{"page":"","tab":"","seq":,"segment":0,'
    b'"anchor":[,17],"n":,"bytes":[],"coalesced":true,"entries":[]}'
)
"""What most chunks say again and again: the compressor starts with it. Never to be changed: a better one gets a mark of
its own."""

PLAIN, DEFLATED, GZIPPED = b"\0", b"\1", b"\2"
"""First byte of what is stored: how the rest is packed."""

_GZIP = 31
"""zlib's number for the gzip format."""

LONGEST = 64 * 1024
"""Bytes of a chunk (the wire's limit)."""

LEVEL = 6


def pack(body: bytes, gzipped: bytes = b"") -> bytes:
    """What is stored of a chunk's bytes.

    Args:
        body: the chunk.
        gzipped: the same as one gzip stream, if it came so: it is kept as it is. Packing it better would cost a
            twentieth of all the work for a chunk, and would last only until the page is done.

    >>> unpack(pack(b"SLC1" + 100 * b"a")) == b"SLC1" + 100 * b"a"
    True
    """
    if 0 < len(gzipped) < len(body):
        return GZIPPED + gzipped
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -15, zdict=KNOWN)
    packed = deflate.compress(body) + deflate.flush()
    return DEFLATED + packed if len(packed) < len(body) else PLAIN + body


def unpack(stored: bytes) -> bytes:
    """The chunk's bytes, exactly as they were sent."""
    if stored[:1] == PLAIN:
        return bytes(stored[1:])
    if stored[:1] == GZIPPED:
        return zlib.decompressobj(_GZIP).decompress(stored[1:], LONGEST)
    return zlib.decompressobj(-15, zdict=KNOWN).decompress(stored[1:], LONGEST)


LENGTH = 4
"""Bytes before each chunk that say how long it is."""

MOST = 512
"""Chunks of one bundle: unpacking takes bounded memory."""

XZ = b"\xfd7zXZ\0"
"""How a bundle begins. Those of earlier versions are deflated, and no deflated data begin with 0xfd: it would announce
more codes than there are."""

WINDOW = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 20}]
"""Of the compressor: as far as it looks back, memory is taken."""


def pack_together(bodies: Sequence[bytes]) -> bytes:
    """Several chunks as one.

    >>> list(unpack_together(pack_together([b"SLC1 a", b"SLC1 b"])))
    [b'SLC1 a', b'SLC1 b']
    """
    plain = b"".join(len(body).to_bytes(LENGTH, "little") + body for body in bodies)
    return lzma.compress(plain, check=lzma.CHECK_CRC32, filters=WINDOW)


def unpack_together(stored: bytes) -> Iterator[bytes]:
    """The chunks, one after the other, exactly as they were sent."""
    if stored.startswith(XZ):
        plain = lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(stored, MOST * (LONGEST + LENGTH))
    else:
        plain = zlib.decompressobj(-15, zdict=KNOWN).decompress(stored, MOST * (LONGEST + LENGTH))
    at = 0
    while at < len(plain):
        length = int.from_bytes(plain[at : at + LENGTH], "little")
        yield plain[at + LENGTH : at + LENGTH + length]
        at += LENGTH + length
