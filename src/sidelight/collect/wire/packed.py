"""A chunk on its way: the browser may send it gzipped, since entries are JSON and shrink to a fifth."""

import zlib

from sidelight.collect.wire.chunk import LONGEST, BadChunk

_GZIP = 31
"""zlib's number for the gzip format."""


def unpacked(body: bytes, encoding: str) -> bytes:
    """A request's body as the chunk that it is, in memory and time bounded by `LONGEST`.

    Args:
        body: as it came.
        encoding: the request's `Content-Encoding`: "" or "gzip".

    Raises:
        BadChunk: another encoding, broken data, or a chunk that is too long unpacked.

    >>> import gzip
    >>> unpacked(gzip.compress(b"SLC1..."), "gzip")
    b'SLC1...'
    """
    if not encoding:
        return body
    if encoding != "gzip":
        raise _bad(f"encoding {encoding[:20]!r}", "gzip, or none")
    stream = zlib.decompressobj(_GZIP)
    try:
        made = stream.decompress(body, LONGEST + 1)
    except zlib.error as fault:
        raise _bad(str(fault), "gzip data") from None
    if len(made) > LONGEST:
        raise _bad(f"more than {LONGEST} bytes when unpacked", f"at most {LONGEST}")
    if not stream.eof or stream.unused_data:
        raise _bad("data that is cut off, or more after its end", "one whole gzip stream")
    return made


def _bad(seen: str, allowed: str) -> BadChunk:
    remedy = "Send it as src/sidelight/collect/wire/README.md says"
    return BadChunk("packed chunk", seen=seen, allowed=allowed, remedy=remedy)
