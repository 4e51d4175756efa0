import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.data.source.ab_file import AbFile, AbHover, AbMetadata, AbObject, AbSample
from sidelight.data.source.ab_layout import read_layout, serialise
from sidelight.data.source.ab_xml import parse_record, read_xml

FIXTURE = Path(__file__).parent / "fixtures" / "n01440764_105.xml"

texts = st.text(string.ascii_letters + string.digits + "_/&<>'\". é", min_size=1).filter(str.strip)
times = st.integers(0, 10**15 - 1)
sides = st.integers(0, 1_000_000)
fractions = st.floats(0.0, 1.0) | st.sampled_from([0, 1, 1.0, -0.005, 1.005])
samples = st.builds(AbSample, times, fractions, fractions)
metadata = st.builds(
    AbMetadata,
    assignment_id=st.none() | texts,
    estimate_time=st.none() | st.integers(-1, 10**9),
    hovered=st.lists(st.builds(AbHover, st.sampled_from(["enter", "leave"]), times), max_size=3).map(tuple),
    image_height=st.none() | sides,
    image_position=st.none() | st.tuples(st.integers(0, 5000), st.floats(0, 5000).map(lambda x: round(x, 3))),
    mouse=st.lists(samples, max_size=4).map(tuple),
    selected=st.none() | st.booleans(),
    clicks=st.lists(samples, max_size=2).map(tuple),
    empty=st.sampled_from([(), ("estimateTime",), ("mouseTracking", "mouseTracking", "selectedRecord")]),
    other=st.sampled_from([{}, {"version": "POINTER_ORIGINAL", "Z": "a&b"}]),
)
corners = st.integers(-10, 600)
objects = st.builds(AbObject, name=st.none() | texts, box=st.none() | st.tuples(corners, corners, corners, corners))
files = st.builds(
    AbFile,
    folder=st.none() | texts,
    database=st.none() | texts,
    size=st.none() | st.tuples(sides, sides, st.just(3)),
    objects=st.lists(objects, max_size=2).map(tuple),
    metadata=st.lists(metadata, max_size=3).map(tuple),
)


def consistent(file):
    """An empty tag stands for a field that is not given."""
    return not any(m.empty[:1] == ("estimateTime",) and m.estimate_time is not None for m in file.metadata)


def test_a_file_of_the_release_comes_back_byte_for_byte():
    data = FIXTURE.read_bytes()
    assert serialise(parse_record(data)) == data


def test_a_file_of_the_release_is_read_at_once_as_by_the_xml_parser():
    data = FIXTURE.read_bytes()
    assert read_layout(data) == read_xml(data)


@settings(max_examples=60)
@given(files.filter(consistent))
def test_what_is_written_is_read_back_and_both_ways_of_reading_agree(file):
    data = serialise(file)
    assert parse_record(data) == read_xml(data) == file
    assert read_layout(data) in (None, file)


@given(st.data())
def test_both_ways_of_reading_agree_on_damaged_files(data):
    whole = FIXTURE.read_bytes()
    start = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 40))
    damaged = whole[:start] + data.draw(st.binary(max_size=6)) + whole[start + length :]
    at_once = read_layout(damaged)
    assert at_once is None or at_once == read_xml(damaged)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"  <folder>", b"    <folder>"),
        (b"\n", b"\r\n"),
        (b"<annotation>", b"<?xml version='1.0'?><annotation>"),
        (b"341", b" 341"),
        (b"<x>0.5401234567901234</x>", b"<x>5.401234567901234E-1</x>"),
    ],
)
def test_another_layout_is_left_to_the_xml_parser(old, new):
    data = FIXTURE.read_bytes().replace(old, new)
    assert data != FIXTURE.read_bytes()
    assert read_layout(data) is None


def test_numbers_are_written_in_their_shortest_form():
    clicks = (AbSample(1641425052319, 1 / 324, 1),)
    text = serialise(AbFile(metadata=(AbMetadata(clicks=clicks, selected=False, selected_count=0),))).decode()
    assert "<x>0.0030864197530864196</x>\n      <y>1</y>" in text
    assert "<selected>False</selected>\n    <selectedCount>0</selectedCount>\n    <selectedRecord>" in text
