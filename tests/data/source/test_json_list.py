import gzip
import json
import random
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.data.source import json_list
from sidelight.data.source.json_list import read_list
from sidelight.records.errors import Fault, UserFault

RECORDS = [{"id": n, "text": 'a "{[" b\\', "points": [{"x": n, "at": {"t": -1.5e-3}}, {}]} for n in range(9)]


class Record(msgspec.Struct):
    id: int
    points: list[msgspec.Raw]


def read(path, data):
    path.write_bytes(data)
    found = list(read_list(path, msgspec.json.Decoder(Record).decode))
    return [each[1].id for each in found if not isinstance(each, Fault)], [
        str(e) for e in found if isinstance(e, Fault)
    ]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "list.json"


@pytest.fixture(scope="module")
def path_for_all(tmp_path_factory):
    return tmp_path_factory.mktemp("json") / "list.json"


@pytest.mark.parametrize("indent", [None, 2])
def test_every_object_comes_in_its_order(path, indent):
    assert read(path, json.dumps(RECORDS, indent=indent).encode()) == (list(range(9)), [])
    assert read(path, gzip.compress(json.dumps(RECORDS).encode())) == (list(range(9)), [])


def test_an_empty_list_is_a_list(path):
    assert read(path, b" [ ] \n") == ([], [])


def test_places_are_numbers_and_offsets(path):
    data = json.dumps(RECORDS).encode()
    path.write_bytes(data)
    place, record = list(read_list(path, msgspec.json.Decoder(Record).decode))[4]
    assert (place.number, record.id, data[place.offset :][:8]) == (5, 4, b'{"id": 4')
    assert str(place) == f"record 5 (byte {place.offset})"


@pytest.mark.parametrize("data", [b"", b"{}", b'{"id": 1}\n{"id": 2}', b"\x89PNG", b"null"])
def test_what_is_no_list_is_refused(path, data):
    with pytest.raises(UserFault, match="a JSON list of objects"):
        read(path, data)


DAMAGE = {
    "a wrong type": ('{"id": 4', '{"id": "four"', {4}),
    "a missing field": ('"id": 4, ', "", {4}),
    "a lost closing brace": ('{"t": -0.0015}}, {}]}, {"id": 4', '{"t": -0.0015}}, {}], {"id": 4', {3}),
    "an extra opening brace": ('{"id": 4', '{{"id": 4', set()),
    "an extra closing brace": ('}, {"id": 4', '}}, {"id": 4', set()),
    "a lost quotation mark": ('{"id": 4', '{"id: 4', {4}),
    "a bare word": ('{"id": 4', '{"id": four', {4}),
    "a scalar between": ('{"id": 4', 'null, 7, "x", {"id": 4', set()),
    "garbage between": ('{"id": 4', '\x00\x7f"{" [[[ {"id": 4', set()),
    "an item nested too deeply": ('{"id": 4', '{"a": {"b": {"c": {"d": {"e": 1}}}}}, {"id": 4', set()),
    "a record cut in two": ('"id": 4, "text"', '"id": 4, {"id": 3, "te', {4}),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_one_line_and_costs_its_record_alone(path, name):
    old, new, lost = DAMAGE[name]
    data = json.dumps(RECORDS)
    assert data.count(old) == 1
    ids, faults = read(path, data.replace(old, new).encode())
    assert ids == [n for n in range(9) if n not in lost]
    assert len(faults) == 1
    assert faults[0].startswith(("record 4 (byte", "record 5 (byte"))


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.93])
def test_a_file_that_is_cut_off_keeps_what_came_before(path, keep):
    data = json.dumps(RECORDS).encode()
    ids, faults = read(path, data[: int(keep * len(data))])
    assert ids == list(range(int(keep * 9)))
    assert len(faults) == 1


def test_a_list_that_is_not_closed_or_is_followed_by_something_is_told(path):
    assert "ends inside the list" in read(path, json.dumps(RECORDS)[:-1].encode())[1][0]
    assert "something follows" in read(path, (json.dumps(RECORDS) + "]").encode())[1][0]


def test_a_damaged_gzip_file_is_told(path):
    noise = random.Random(0)
    data = json.dumps([{**record, "noise": noise.random()} for record in RECORDS]).encode()
    packed = gzip.compress(data)
    ids, faults = read(path, packed[:-10])
    assert ids == list(range(9))[: len(ids)]
    assert len(faults) == 1


def test_records_larger_than_the_window_are_read_and_too_large_ones_are_told(path, monkeypatch):
    monkeypatch.setattr(json_list, "MAX_ITEM", 1 << 20)
    sizes = {1: 1 << 19, 2: 1 << 21}
    middle, huge = (json.dumps({"id": n, "points": [], "pad": "x" * size}) for n, size in sizes.items())
    ids, faults = read(path, f'[{middle}, {huge}, {middle}, {{"id": 3, "points": []}}]'.encode())
    assert ids == [1, 1, 3]
    assert len(faults) == 1


@pytest.mark.parametrize(
    "bomb", [b"{" * 50_000, b'{"' * 25_000, b'{"a":' + b"[" * 10**6, b'{"a":' * 10_000, b'{"\\' * 10_000]
)
def test_bombs_are_told_in_time(path, bomb):
    started = time.process_time()
    ids, faults = read(path, b'[{"id": 1, "points": []}, ' + bomb + b', {"id": 2, "points": []}]')
    assert ids[0] == 1
    assert len(faults) == 1
    assert time.process_time() - started < 5


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_no_damage_is_an_accident_and_earlier_records_survive(path_for_all, data):
    whole = json.dumps(RECORDS).encode()
    place = data.draw(st.integers(0, len(whole)))
    damaged = whole[:place] + data.draw(st.binary(max_size=9)) + whole[place + data.draw(st.integers(0, 60)) :]
    try:
        ids, _ = read(path_for_all, damaged)
    except UserFault:
        assert place <= 1
        return
    for number in range(9):
        start = whole.index(b'{"id": %d' % number)
        end = whole.find(b'{"id": %d' % (number + 1), start)
        if end <= place and end > 0:
            assert number in ids
