"""Columns against a reader that goes byte by byte and sample by sample, as the wire's README says it."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.wire.columns import (
    ColumnFault,
    check_columns,
    read_columns,
    read_varints,
    write_columns,
    write_varints,
)


def one_by_one(column):
    """The values of a column; None if its bytes are not what a writer makes."""
    values, value, bytes_read = [], 0, 0
    for byte in column:
        value |= (byte & 127) << (7 * bytes_read)
        bytes_read += 1
        if byte < 128:
            if bytes_read > 6 or (bytes_read > 1 and byte == 0):
                return None
            values.append(value)
            value = bytes_read = 0
    return None if bytes_read else values


def expected(columns, n):
    """The samples that columns hold as rows (t, x, y, state); None if they are to be refused."""
    *coded, pairs = map(one_by_one, columns)
    if None in [*coded, pairs] or any(len(values) != n for values in coded) or len(pairs) % 2:
        return None
    states = list(
        itertools.chain.from_iterable(
            [state] * min(run, n + 1) for state, run in zip(pairs[::2], pairs[1::2], strict=True)
        )
    )
    if (
        any(state not in (0, 1, 2, 4, 5, 6) or run < 1 for state, run in zip(pairs[::2], pairs[1::2], strict=True))
        or len(states) != n
    ):
        return None
    rows = []
    for values in coded:
        steps = ((value >> 1) if value % 2 == 0 else -((value + 1) >> 1) for value in values)
        rows.append(list(itertools.accumulate(itertools.accumulate(steps))))
    t, x, y = rows
    if any(time < 0 for time in t) or any(time > 10**10 for time in t) or any(b < a for a, b in itertools.pairwise(t)):
        return None
    if any(abs(place) > 8_000_000 for place in x + y):
        return None
    return [(a / 10, b / 8, c / 8, d) for a, b, c, d in zip(t, x, y, states, strict=True)]


def read(columns, n):
    try:
        got = read_columns(memoryview(b"".join(columns)), tuple(map(len, columns)), n)
    except ColumnFault:
        return None
    return list(zip(*(column.tolist() for column in got), strict=True))


LIMITS = (0, 1, 2, 127, 128, 16_000_000, 16_000_002, 20_000_000_000, 20_000_000_002, 2**42 - 1)
NUMBERS = st.one_of(st.integers(0, 40), st.sampled_from(LIMITS), st.integers(0, 2**42 - 1))
ODD_BYTES = st.lists(st.sampled_from([0, 1, 3, 6, 7, 127, 128, 129, 255]), max_size=9).map(bytes)


@st.composite
def strange_columns(draw):
    """Columns as a writer makes them, some with a few bytes changed, cut or added."""
    n = draw(st.integers(0, 5))
    numbers = st.lists(NUMBERS, min_size=n, max_size=n)
    columns = [write_varints(np.array(draw(numbers), dtype=np.int64)) for _ in "txy"]
    runs = st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, n, n, 1]), max_size=6)
    columns.append(write_varints(np.array(draw(st.one_of(runs, st.just([4, n]))), dtype=np.int64)))
    if draw(st.booleans()):
        which = draw(st.integers(0, 3))
        at = draw(st.integers(0, len(columns[which])))
        columns[which] = columns[which][:at] + draw(ODD_BYTES) + columns[which][at + draw(st.integers(0, 3)) :]
    return columns, n


@given(strange_columns())
def test_what_is_read_and_what_is_refused_is_what_a_slow_reader_says(given_):
    columns, n = given_
    assert read(columns, n) == expected(columns, n)


@given(st.lists(strange_columns(), min_size=1, max_size=5))
def test_several_chunks_are_refused_together_if_one_would_be_alone(given_):
    data = b"".join(b"".join(columns) for columns, _ in given_)
    lengths = [tuple(map(len, columns)) for columns, _ in given_]
    try:
        check_columns(data, lengths, [n for _, n in given_])
        kept = True
    except ColumnFault:
        kept = False
    assert kept == all(expected(columns, n) is not None for columns, n in given_)


def test_the_slow_reader_reads_what_is_written():
    t, x, y = np.array([0.1, 5.0, 5.0]), np.array([1.125, -7.0, 0.0]), np.array([1e6, -1e6, 0.125])
    columns = write_columns(t, x, y, np.array([0, 4, 4], dtype=np.uint8))
    rows = list(zip(t, x, y, [0, 4, 4], strict=True))
    assert expected(columns, 3) == read(columns, 3) == rows


@given(st.lists(st.integers(0, 2**42 - 1), max_size=30))
def test_varints_come_back_with_their_ends(values):
    made = write_varints(np.array(values, dtype=np.int64))
    got, ends = read_varints(np.frombuffer(made, dtype=np.uint8))
    assert got.tolist() == values
    assert [int(made[end - 1] < 128) for end in ends] == [1] * len(values)
    assert ends[-1:].tolist() in ([], [len(made)])


def test_columns_of_the_most_samples_are_read():
    n = 20_000
    t = np.arange(n) / 10
    columns = write_columns(t, t, -t, np.arange(n).astype(np.uint8) % 2)
    assert len(read(columns, n)) == n
