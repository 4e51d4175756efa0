import gzip
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.byte_stream import CHUNK, ByteStream, DamagedStream, read_chunks

NOISE = random.Random(0).randbytes(3 * CHUNK)


def salvage(data):
    got = []
    try:
        got.extend(read_chunks(io.BytesIO(data)))
    except DamagedStream as error:
        return b"".join(got), str(error)
    return b"".join(got), ""


@pytest.mark.parametrize("data", [b"", b"a", NOISE, bytes(10 * CHUNK)])
def test_content_comes_whole_and_in_small_pieces_gzipped_or_not(data):
    for file in (data, gzip.compress(data)):
        assert salvage(file) == (data, "")
        assert all(0 < len(chunk) <= CHUNK for chunk in read_chunks(io.BytesIO(file)))


def test_gzip_files_in_a_row_are_one():
    assert salvage(gzip.compress(b"one ") + gzip.compress(b"two") + bytes(700)) == (b"one two", "")


def test_a_gzip_file_that_is_cut_off_gives_all_before_the_cut():
    data, damage = salvage(gzip.compress(NOISE)[: 2 * CHUNK])
    assert NOISE.startswith(data)
    assert len(data) > 2 * CHUNK - 200
    assert "cut off" in damage


def test_a_damaged_gzip_file_gives_all_before_the_damage():
    text = b"".join(b"line %d\n" % number for number in range(60_000))
    packed = bytearray(gzip.compress(text))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    data, damage = salvage(bytes(packed))
    assert text[:100_000] == data[:100_000]
    assert "damaged" in damage


def test_a_wrong_checksum_is_told():
    packed = bytearray(gzip.compress(b"hello"))
    packed[-8] ^= 1
    data, damage = salvage(bytes(packed))
    assert data == b"hello"
    assert "incorrect data check" in damage


@given(st.lists(st.binary(min_size=1, max_size=9)), st.lists(st.integers(0, 12)))
def test_portions_join_to_the_content(chunks, sizes):
    stream, whole = ByteStream(iter(chunks)), b"".join(chunks)
    place = 0
    for size in sizes:
        assert stream.offset == place
        assert stream.peek(size) == stream.read(size) == whole[place : place + size]
        place = min(place + size, len(whole))
    stream.skip(10**6)
    assert stream.offset == len(whole)


@given(st.lists(st.binary(min_size=1, max_size=3)), st.integers(0, 4))
def test_a_mark_is_found_across_chunks(chunks, before):
    whole = b"".join(chunks) + b"--mark--"
    stream = ByteStream(iter([*chunks, b"--ma", b"rk--"]))
    found = whole.find(b"mark", before)
    assert stream.skip_to(b"mark", before=before) == (found >= 0)
    assert stream.read(99) == (whole[found - before :] if found >= 0 else b"")


def test_a_stream_remembers_why_it_ended():
    stream = ByteStream(read_chunks(io.BytesIO(gzip.compress(b"hello")[:-4])))
    assert stream.read(9) == b"hello"
    assert "cut off" in stream.damage
