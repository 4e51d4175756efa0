import contextlib
import itertools
import zlib

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collect.chunks import browsing
from tests.collect.golden.make import chunk, chunks, curve, every_kind, samples

from sidelight.collect.wire import log
from sidelight.collect.wire.chunk import (
    LONGEST,
    MOST_SAMPLES,
    BadChunk,
    Samples,
    check,
    check_columns_of,
    check_entries,
    decode,
    encode,
    peek,
)

NO_LAYOUT = log.Layout(0.1, 0, (9.0, 9.0), (0.0, 0.0), 1.0, 1.0, {})
GOOD = encode(chunk(*every_kind(NO_LAYOUT), rows=curve(40)))


def equal(one, other):
    columns = ("t", "x", "y", "modality", "pressed")
    return all(np.array_equal(getattr(one.samples, c), getattr(other.samples, c)) for c in columns) and all(
        getattr(one, name) == getattr(other, name) for name in ("page", "tab", "seq", "segment", "anchor", "entries")
    )


def parts(data=GOOD):
    size = int.from_bytes(data[4:8], "little")
    return msgspec.json.decode(data[8 : 8 + size]), data[8 + size :]


def built(head, columns, *, magic=b"SLC1"):
    text = head if isinstance(head, bytes) else msgspec.json.encode(head)
    return magic + len(text).to_bytes(4, "little") + text + columns


def refused(data, words):
    for read in (decode, check):
        with pytest.raises(BadChunk, match=words):
            read(data)


@pytest.mark.parametrize(("name", "made"), list(chunks()))
def test_what_is_encoded_is_decoded(name, made):
    again = decode(encode(made))
    assert equal(made, again)
    assert again.coalesced == made.coalesced
    assert again.samples.modality.dtype == again.samples.pressed.dtype == np.uint8


@st.composite
def paths(draw):
    n = draw(st.integers(0, 60))
    steps = st.lists(st.integers(0, 2**31), min_size=n, max_size=n)
    places = st.lists(st.integers(-8_000_000, 8_000_000), min_size=n, max_size=n)
    t = np.minimum(np.cumsum(draw(steps)), 10**10) / 10 if n else np.empty(0)
    states = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=n, max_size=n)
    return np.column_stack([t, *(np.array(draw(places)) / 8 for _ in "xy"), np.array(draw(states)).reshape(-1, 2)])


@given(paths())
def test_any_path_within_the_limits_comes_back(rows):
    made = chunk(log.Shown(t=0.0, i=0), rows=rows)
    assert equal(made, decode(encode(made)))


def test_rounding_is_to_nearest_halves_up():
    got = decode(encode(chunk(rows=[(0.049, 0.0625, -0.0625, 0, 0), (0.05, 0.06, -0.07, 0, 0)]))).samples
    assert got.t.tolist() == [0.0, 0.1]
    assert got.x.tolist() == [0.125, 0.0]
    assert got.y.tolist() == [0.0, -0.125]


def test_checking_says_where_a_chunk_belongs():
    head, known = check(GOOD), peek(GOOD)
    assert [getattr(head, name) for name in known.__struct_fields__] == list(msgspec.structs.astuple(known))


def test_columns_of_several_chunks_are_checked_together_and_each_is_told_its_own_fault():
    head, columns = parts()
    bodies = [GOOD, built(head, b"\x80" + columns[1:]), encode(chunk(log.Shown(t=0.0, i=0))), GOOD]
    first, second, third, fourth = check_columns_of([(check_entries(body), body) for body in bodies])
    assert first is third is fourth is None
    with pytest.raises(BadChunk) as alone:
        check(bodies[1])
    assert str(second) == str(alone.value)
    assert check_columns_of([]) == []


def test_columns_that_are_large_together_are_checked_one_by_one():
    rows = [(float(t), 1000.0 * (t % 2), 0.0, 0, 0) for t in range(9000)]
    large = encode(chunk(rows=rows))
    assert check_columns_of([(check_entries(large), large)] * 3) == [None] * 3


def test_the_head_alone_says_where_a_chunk_belongs():
    head = peek(GOOD)
    assert (head.page, head.tab, head.seq, head.segment, head.n) == ("page-1", "tab-1", 0, 0, 40)
    assert head.anchor == (2000.5, 1_795_000_000_000.0)
    with pytest.raises(BadChunk):
        peek(GOOD + b"0")
    with pytest.raises(BadChunk):
        peek(GOOD[:30])


def test_a_varint_is_read_as_written_one_value_at_a_time():
    """An independent decoder, value by value."""
    head, columns = parts()
    values, value, shift = [], 0, 0
    for byte in columns:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append(value)
            value = shift = 0
    n, place = head["n"], decode(GOOD).samples
    for column, scale in ((place.t, 10), (place.x, 8), (place.y, 8)):
        coded, values = values[:n], values[n:]
        seconds = [(v >> 1) ^ -(v & 1) for v in coded]
        whole = list(itertools.accumulate(itertools.accumulate(seconds)))
        assert (np.array(whole) / scale).tolist() == column.tolist()
    states = [state for state, run in zip(values[::2], values[1::2], strict=True) for _ in range(run)]
    assert states == (4 * place.pressed + place.modality).tolist()


@given(st.data())
def test_broken_bytes_are_refused_or_read_but_never_raise_anything_else(data):
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(broken) - 1))
        what = data.draw(st.sampled_from(["set", "cut", "insert"]))
        if what == "set":
            broken[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del broken[at : at + data.draw(st.integers(1, 30))]
        else:
            broken[at:at] = data.draw(st.binary(max_size=30))
        if not broken:
            break
    for read in (decode, check, peek):
        with contextlib.suppress(BadChunk):
            read(bytes(broken))


@given(st.binary(max_size=200))
def test_random_columns_are_refused_or_read_but_never_raise_anything_else(columns):
    head, _ = parts()
    for split in ((len(columns), 0, 0, 0), (len(columns) // 4,) * 3 + (len(columns) - 3 * (len(columns) // 4),)):
        for n in (0, 1, len(columns) // 6):
            try:
                got = decode(
                    built(head | {"n": n, "bytes": split, "entries": [{"k": "shown", "t": 0, "i": 0}]}, columns)
                )
            except BadChunk:
                continue
            assert len(got.samples) == n


def test_limits_hold():
    head, columns = parts()
    refused(b"SLC1" + bytes(LONGEST), "65540 bytes")
    refused(built(b" " * (48 * 1024 + 1), b""), "announced")
    refused(GOOD[:4] + b"\xff\xff\xff\xff" + GOOD[8:], "4294967295 bytes announced")
    refused(built(head | {"n": MOST_SAMPLES + 1}, columns), "20000")
    refused(built(head | {"n": 41}, columns), "columns")
    refused(built(head | {"n": 100_000_000_000_000}, columns), "JSON as the protocol says")
    refused(built(head | {"entries": [], "n": 0, "bytes": [0, 0, 0, 0]}, b""), "neither entries nor samples")
    with pytest.raises(BadChunk, match="20001 samples"):
        encode(chunk(rows=np.zeros((MOST_SAMPLES + 1, 5))))


@pytest.mark.parametrize(
    "change",
    [
        {"seq": -1},
        {"seq": 2**31},
        {"seq": 1.5},
        {"page": ""},
        {"page": "a" * 65},
        {"tab": "ä"},
        {"tab": "a b"},
        {"segment": "0"},
        {"anchor": [1.0]},
        {"anchor": [-1.0, 5.0]},
        {"n": None},
        {"bytes": [1, 2, 3]},
        {"bytes": [-1, 1, 0, 0]},
        {"coalesced": 1},
        {"entries": {}},
        {"entries": [{"k": "unheard_of", "t": 0.0, "i": 0}]},
        {"entries": [{"k": "shown", "t": 0.0}]},
        {"entries": [{"k": "shown", "t": -0.1, "i": 0}]},
        {"entries": [{"k": "shown", "t": 2e9, "i": 0}]},
        {"entries": [{"k": "shown", "t": 0.0, "i": 0, "more": 1}]},
        {"entries": [{"k": "shown", "t": 0.0, "i": 41}]},
        {"entries": [{"k": "shown", "t": 0.0, "i": -1}]},
        {"entries": [{"k": "select", "t": 0.0, "i": 0, "image": "a", "by": "thought"}]},
        {"entries": [{"k": "select", "t": 0.0, "i": 0, "image": "a", "by": "mouse", "at": [0.5, 1.06]}]},
        {"entries": [{"k": "select", "t": 0.0, "i": 0, "image": "a" * 300, "by": "mouse"}]},
        {"entries": [{"k": "select", "t": 0.0, "i": 0, "image": "a\0", "by": "mouse"}]},
        {"entries": [{"k": "stroke", "t": 0.0, "i": 0, "tool": "brush", "radius": 1, "cells": [1], "by": "pen"}]},
        {"entries": [{"k": "stroke", "t": 0.0, "i": 0, "tool": "brush", "radius": 1, "cells": [], "by": "pen"}]},
        {"entries": [{"k": "stroke", "t": 0.0, "i": 0, "tool": "brush", "radius": 65, "cells": [1, 1], "by": "pen"}]},
        {"entries": [{"k": "stroke", "t": 0.0, "i": 0, "tool": "brush", "radius": 1, "cells": [1, 5000], "by": "pen"}]},
        {"entries": [{"k": "shown", "t": 2.0, "i": 0}, {"k": "shown", "t": 1.9, "i": 0}]},
        {"entries": [{"k": "shown", "t": 1.0, "i": 3}, {"k": "shown", "t": 1.0, "i": 2}]},
        {"surplus": 1},
    ],
)
def test_heads_that_break_the_protocol_are_refused(change):
    head, columns = parts()
    decode(built(head, columns))
    refused(built(head | change, columns), "allowed: ")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff",
        b'{"page":NaN}',
        b"[" * 40_000,
        b'{"entries":' + b"[" * 40_000,
        b'{"page":"\\ud800"}',
    ],
)
def test_heads_that_are_no_head_are_refused(text):
    refused(built(text, b""), "JSON as the protocol says")


def test_a_number_that_is_none_is_refused():
    head, columns = parts()
    for number in (b"NaN", b"Infinity", b"1e999", b"-1e400"):
        text = msgspec.json.encode(head).replace(b'"n":40', b'"n":40,"anchor":[0.0,' + number + b"]")
        refused(built(text, columns), "JSON as the protocol says")


def test_text_that_is_not_utf_8_is_refused():
    head, columns = parts()
    text = msgspec.json.encode(head).replace(b"page-1", b"page-\xff")
    refused(built(text, columns), "JSON as the protocol says")


ZERO = b"\x00"


@pytest.mark.parametrize(
    ("t", "x", "y", "state", "words"),
    [
        (b"\x80\x00", ZERO, ZERO, b"\x00\x01", "longer than it need be"),
        (b"\x80\x80\x80\x80\x80\x80\x01", ZERO, ZERO, b"\x00\x01", "than 6, which suffice"),
        (ZERO, ZERO, ZERO, b"\x00\x81", "cut off"),
        (ZERO, b"\x80", b"\x01", b"\x00\x01", "across their border"),
        (ZERO, ZERO, b"\x00\x00", b"\x00\x01", "values for 1 samples"),
        (ZERO, ZERO, ZERO, b"\x03\x01", "state 3"),
        (ZERO, ZERO, ZERO, b"\x07\x01", "state 7"),
        (ZERO, ZERO, ZERO, b"\x80\x02\x01", "state 256"),
        (ZERO, ZERO, ZERO, b"\x00\x02", "cover 2 of 1"),
        (ZERO, ZERO, ZERO, b"", "cover 0 of 1"),
        (ZERO, ZERO, ZERO, b"\x00\x00", "cover 0 of 1"),
        (ZERO, ZERO, ZERO, b"\x00\x00\x00\x01", "cover 1 of 1"),
        (ZERO, ZERO, ZERO, b"\x00", "values for 1 samples"),
        (b"\x01", ZERO, ZERO, b"\x00\x01", "negative"),
        (ZERO, b"\x82\xc8\xd0\x07", ZERO, b"\x00\x01", "beyond the limits"),
        (b"\x82\x90\xdf\xc0\x4a", ZERO, ZERO, b"\x00\x01", "beyond the limits"),
    ],
)
def test_columns_that_break_the_protocol_are_refused(t, x, y, state, words):
    head, _ = parts()
    lengths = [len(t), len(x), len(y), len(state)]
    refused(built(head | {"n": 1, "entries": [], "bytes": lengths}, t + x + y + state), words)


def test_the_largest_places_and_times_are_read():
    head, _ = parts()
    most_x, most_t = b"\x80\xc8\xd0\x07", b"\x80\x90\xdf\xc0\x4a"
    columns = most_t + most_x + ZERO + b"\x06\x01"
    got = decode(built(head | {"n": 1, "entries": [], "bytes": [5, 4, 1, 2]}, columns)).samples
    assert (got.t[0], got.x[0], got.y[0], got.modality[0], got.pressed[0]) == (1e9, 1e6, 0.0, 2, 1)


def test_times_may_repeat_but_never_fall():
    decode(encode(chunk(rows=[(5, 0, 0, 0, 0), (5, 1, 1, 0, 0)])))
    with pytest.raises(BadChunk, match="fall"):
        encode(chunk(rows=[(5, 0, 0, 0, 0), (4.9, 1, 1, 0, 0)]))


def test_differences_that_would_overflow_are_refused():
    """Steps of the largest size that six bytes hold, 20,000 times: the sums pass 2^63 where nobody looks."""
    n, step = 7_000, b"\xfe\xff\xff\xff\xff\x7f"
    columns = step * n + bytes(2 * n) + b"\x00\xd8\x36"
    head, _ = parts()
    refused(built(head | {"n": n, "entries": [], "bytes": [6 * n, n, n, 3]}, columns), "beyond the limits")


def test_samples_refuse_columns_of_different_lengths():
    with pytest.raises(ValueError, match=r"\[1, 2\]"):
        Samples(np.zeros(2), np.zeros(2), np.zeros(1), np.zeros(2, np.uint8), np.zeros(2, np.uint8))
    assert len(samples()) == len(Samples.none()) == 0


def test_messages_have_four_parts():
    with pytest.raises(BadChunk) as caught:
        decode(b"PNG?")
    fault = caught.value
    assert fault.thing == "chunk"
    assert "PNG?" in fault.seen
    assert "SLC1" in fault.allowed
    assert "README" in fault.remedy


def as_the_browser_says_it(value):
    """JavaScript writes whole numbers without a fraction."""
    if isinstance(value, dict):
        return {name: as_the_browser_says_it(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_the_browser_says_it(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_a_page_of_90_seconds_is_small():
    """60 Hz, moving 45 % of the time, 48 pictures: what is sent fits 30 KiB; deflated it takes 4 bytes an event."""
    made = browsing(seconds=90.0, page="Zk3v9Qy1TnW8sLb2", tab="h7Rj5cXAq0Ud").chunks()
    bodies = []
    for head, columns in (parts(encode(each)) for each in made):
        bodies.append(built(as_the_browser_says_it(head), columns))
    samples = sum(len(each.samples) for each in made)
    events = samples + sum(len(each.entries) for each in made)
    assert events > 2000
    assert len(b"".join(bodies)) <= 30 * 1024
    assert sum(sum(peek(body).bytes) for body in bodies) <= 4 * samples
    assert len(zlib.compress(b"".join(bodies))) <= 4 * events


def test_a_page_is_cut_without_loss():
    script = browsing(seconds=20.0)
    made = [decode(encode(each)) for each in script.chunks(first_seq=5)]
    assert [each.seq for each in made] == list(range(5, 5 + len(made)))
    rows = np.concatenate([np.column_stack([each.samples.t, each.samples.x, each.samples.y]) for each in made])
    assert rows.tolist() == [list(row[:3]) for row in script.rows]
    assert sum(len(each.entries) for each in made) == len(script.entries)
