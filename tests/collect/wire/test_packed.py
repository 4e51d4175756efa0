"""A packed chunk: it comes back, and nothing that is wrong with it costs memory."""

import gzip
import tracemalloc

import pytest

from sidelight.collect.wire.chunk import LONGEST, BadChunk
from sidelight.collect.wire.packed import unpacked


def test_a_chunk_comes_back_packed_or_not():
    body = b"SLC1" * 1000
    assert unpacked(gzip.compress(body), "gzip") == unpacked(body, "") == body


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"SLC1", "br"),
        (b"SLC1", "gzip"),
        (b"", "gzip"),
        (gzip.compress(b"SLC1" * 100)[:-3], "gzip"),
        (gzip.compress(b"SLC1") + b"more", "gzip"),
        (gzip.compress(bytes(LONGEST + 1)), "gzip"),
    ],
    ids=["unknown", "not packed", "empty", "cut off", "more behind it", "too long"],
)
def test_what_is_wrong_with_it_is_refused(body, encoding):
    with pytest.raises(BadChunk):
        unpacked(body, encoding)


def test_a_bomb_is_not_unpacked():
    bomb = gzip.compress(bytes(40_000_000))
    assert len(bomb) < LONGEST
    tracemalloc.start()
    with pytest.raises(BadChunk):
        unpacked(bomb, "gzip")
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
