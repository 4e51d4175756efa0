import gzip
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.store.packing import KNOWN, pack, pack_together, unpack, unpack_together
from sidelight.collect.wire.chunk import LONGEST, Chunk, Samples, encode
from sidelight.collect.wire.log import Hover, Shown


@given(st.binary(max_size=3000))
def test_what_is_packed_comes_out_as_it_was(body):
    assert unpack(pack(body)) == body
    assert len(pack(body)) <= len(body) + 1


def test_the_longest_chunk_comes_out_whole():
    for body in (bytes(LONGEST), np.random.default_rng(0).bytes(LONGEST)):
        assert unpack(pack(body)) == body
        assert list(unpack_together(pack_together([body, body]))) == [body, body]


@given(st.binary(max_size=3000))
def test_what_came_gzipped_is_kept_as_it_came_unless_that_is_longer(body):
    came = gzip.compress(body)
    kept = pack(body, came)
    assert unpack(kept) == body
    assert len(kept) <= len(body) + 1
    assert (kept[1:] == came) == (len(came) < len(body))


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_what_is_packed_together_comes_out_one_by_one(bodies):
    assert list(unpack_together(pack_together(bodies))) == bodies


def test_bundles_of_earlier_versions_are_still_unpacked():
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=KNOWN)
    bodies = [b"SLC1 first", b"SLC1 second" * 9]
    parts = [deflate.compress(len(body).to_bytes(4, "little") + body) for body in bodies]
    assert list(unpack_together(b"".join([*parts, deflate.flush()]))) == bodies


def page_of(rate: float) -> tuple[list[bytes], int]:
    """Chunks of a 90 s page, the pointer moving in minimum-jerk strokes, and the number of samples."""
    rng, bodies, n = np.random.default_rng(0), [], 0
    place = np.array([600.0, 400.0])
    for seq in range(45):
        goal = rng.uniform([50, 50], [1200, 700])
        moving = int(rng.uniform(0.2, 0.7) * 2 * rate)
        u = np.linspace(0, 1, moving)
        path = place + (goal - place) * (10 * u**3 - 15 * u**4 + 6 * u**5)[:, None]
        times = 2000.0 * seq + np.cumsum(np.round(rng.normal(1000 / rate, 0.3, moving), 1))
        entries = [Hover(t=float(times[i]), i=i, image="aBcDeFgHiJkLmNoP", inside=True) for i in (5, 10)]
        if seq == 0:
            entries.insert(0, Shown(t=0.0, i=0))
        kind = np.zeros(moving, np.uint8)
        samples = Samples(times, *path.T, kind, kind)
        anchor = (float(times[-1]), 1.8e12 + 2000 * seq)
        bodies.append(encode(Chunk("p" * 16, "t" * 16, seq, 0, anchor, True, tuple(entries), samples)))
        n, place = n + moving, goal
    return bodies, n


@pytest.mark.parametrize("rate", [60, 125])
def test_a_pages_pointer_events_take_at_most_four_bytes_each(rate):
    bodies, n = page_of(rate)
    assert sum(map(len, bodies)) <= 1.1 * 30 * 1024
    assert len(pack_together(bodies)) / n < 3.5
    assert sum(len(pack(body)) for body in bodies) / n < 5.0
