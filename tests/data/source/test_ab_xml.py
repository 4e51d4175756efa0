import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidelight.data.source.ab_file import AbHover, AbObject, AbSample
from sidelight.data.source.ab_xml import MAX_BYTES, RefusedXml, parse_record, read_xml

WHOLE = (Path(__file__).parent / "fixtures" / "n01440764_105.xml").read_bytes()
LAUGHS = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(12))
BOMB = f'<!DOCTYPE annotation [<!ENTITY l0 "ha">{LAUGHS}]><annotation><folder>&l12;</folder></annotation>'


def one(fragment: str) -> bytes:
    return f"<annotation><metadata>{fragment}</metadata></annotation>".encode()


def test_the_complete_record_is_read():
    file = parse_record(WHOLE)
    assert (file.folder, file.filename, file.database, file.segmented) == (
        "n01440764",
        "n01440764_105",
        "ILSVRC_2012",
        "0",
    )
    assert file.size == (500, 375, 3)
    assert file.objects == (AbObject("n01440764", "Unspecified", "0", "0", (43, 88, 499, 295)),)
    assert file.refused == ()


@pytest.mark.parametrize("read", [parse_record, read_xml])
def test_the_complete_metadata_are_read(read):
    (m,) = read(WHOLE).metadata
    assert m.hovered == (AbHover("enter", 1641425051975), AbHover("leave", 1641425052740))
    assert m.clicks == (AbSample(1641425052319, 0.5401234567901234, 0.4732510288065844),)
    assert [s.time - 1641425051975 for s in m.mouse] == [0, 52, 75, 112, 145, 176]
    assert m.mouse[0] == AbSample(1641425051975, 0.0030864197530864196, 0.6296296296296297)
    assert (m.estimate_time, m.hovered_count, m.selected, m.selected_count) == (341, 1, True, 1)
    assert (m.image_height, m.image_width, m.original_image_height, m.original_image_width) == (243, 243, 375, 500)
    assert (m.image_position, m.image_idx, m.page_idx, m.hit_submit_time) == ((857, 1976), 17, 9, 1641426644)
    assert (m.image_id, m.worker_id) == ("n01440764/n01440764_105", "47DBDD543E")
    assert m.imagenet_hit_id == "5cd81d284fee460b887cb67e1612b0a0"
    assert (m.assignment_id, m.hit_id) == ("36DSNE9QZFQKOCZGAHS6R63J6E1OJL", "3URJ6VVYVYFSZAI1H701XKID4JA4OF")


def test_the_word_false_is_false():
    assert parse_record(one("<selected>False</selected>")).metadata[0].selected is False


def test_several_metadata_are_several_records():
    file = parse_record(one("<worker_id>A</worker_id></metadata><metadata><worker_id>B</worker_id>"))
    assert [m.worker_id for m in file.metadata] == ["A", "B"]


def test_no_metadata_is_no_fault():
    assert parse_record(b"<annotation/>").metadata == ()


@pytest.mark.parametrize(
    "empty", ["<mouseTracking/>", "<mouseTracking></mouseTracking>", "<mouseTracking>\n  </mouseTracking>"]
)
def test_empty_repeated_tags_are_no_samples(empty):
    (m,) = parse_record(one(empty * 2 + "<estimateTime/>")).metadata
    assert (m.mouse, m.estimate_time, m.empty) == ((), None, ("mouseTracking", "mouseTracking", "estimateTime"))


def test_zero_and_one_are_places_and_a_pixel_outside_is_kept_as_recorded():
    places = "".join(f"<mouseTracking><time>5</time><x>{x}</x><y>0</y></mouseTracking>" for x in ("0", "1.0", "-0.005"))
    (m,) = parse_record(one(places)).metadata
    assert [(s.x, s.y) for s in m.mouse] == [(0, 0), (1.0, 0), (-0.005, 0)]


def test_equal_and_receding_stamps_are_kept():
    stamps = "".join(f"<mouseTracking><time>{t}</time><x>0.5</x><y>0.5</y></mouseTracking>" for t in (7, 7, 3))
    assert [s.time for s in parse_record(one(stamps)).metadata[0].mouse] == [7, 7, 3]


def test_children_may_come_in_any_order():
    (m,) = parse_record(one("<selectedRecord><y>0.2</y><time>4</time><x>0.1</x></selectedRecord>")).metadata
    assert m.clicks == (AbSample(4, 0.1, 0.2),)


def test_unknown_leaves_are_kept():
    file = parse_record(b"<annotation><note>a</note><metadata><version>B</version></metadata></annotation>")
    assert (file.other, file.metadata[0].other) == ({"note": "a"}, {"version": "B"})


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("<selected>true</selected>", "selected is 'true'; 'True' or 'False' is expected"),
        ("<estimateTime>1_0</estimateTime>", "estimateTime is '1_0'; a whole number"),
        ("<estimateTime>٣</estimateTime>", "a whole number"),
        ("<estimateTime>12345678901234567</estimateTime>", "at most 15 digits"),
        ("<hit_submit_time>-4</hit_submit_time>", "hit_submit_time is -4; a time stamp is not negative"),
        ("<imageHeight>2000000</imageHeight>", "0 to 1000000 pixels are allowed"),
        ("<mouseTracking><time>1</time><x>NaN</x><y>0</y></mouseTracking>", "mouseTracking 1: x is 'NaN'; a number"),
        ("<mouseTracking><time>1</time><x>Infinity</x><y>0</y></mouseTracking>", "x is 'Infinity'"),
        ("<mouseTracking><time>1</time><x>1e999</x><y>0</y></mouseTracking>", "x is inf; -0.05 to 1.05 are allowed"),
        ("<selectedRecord><time>1</time><x>324</x><y>0</y></selectedRecord>", "selectedRecord 1: x is 324; -0.05"),
        ("<selectedRecord><time>1</time><x>0.5</x></selectedRecord>", "holds 'time', 'x'; time, x, y are expected"),
        ("<selectedRecord><time>1</time><x>.5<b/></x><y>0</y></selectedRecord>", "'x' holds other elements"),
        ("<hoveredRecord><action>jump</action><time>1</time></hoveredRecord>", "'enter' or 'leave' is expected"),
        ("<imagePosition><x>1</x><y>\n</y></imagePosition>", "y is '\\n'; a number is expected"),
        ("<worker_id>a</worker_id><worker_id>b</worker_id>", "a second worker_id"),
        ("<bag><bag><bag/></bag></bag>", "'bag' holds other elements"),
    ],
)
def test_a_faulty_part_is_one_message_and_costs_itself_alone(fragment, said):
    good = "<metadata><worker_id>A</worker_id></metadata>"
    file = parse_record(f"<annotation>{good}<metadata>{fragment}</metadata>{good}</annotation>".encode())
    assert [m.worker_id for m in file.metadata] == ["A", "A"]
    (message,) = file.refused
    assert message.startswith("'metadata' 2: ")
    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("<size><width>5</width></size>", "'size' 1: size holds 'width'; width, height, depth are expected"),
        ("<folder>b</folder>", "'folder' 2: a second one"),
        ("<object><bndbox><xmin>a</xmin><ymin>0</ymin><xmax>1</xmax><ymax>1</ymax></bndbox></object>", "xmin is 'a'"),
    ],
)
def test_a_faulty_header_keeps_the_annotators_part(part, said):
    file = parse_record(f"<annotation><folder>a</folder>{part}<metadata/></annotation>".encode())
    assert said in file.refused[0]
    assert len(file.metadata) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_entity_bombs_are_refused_by_their_document_type(encoding):
    started = time.process_time()
    declared = f"<?xml version='1.0' encoding='{encoding[:6]}'?>{BOMB}"
    with pytest.raises(RefusedXml, match=r"DOCTYPE|no well-formed XML"):
        parse_record(declared.encode(encoding))
    assert time.process_time() - started < 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1", "ascii"])
def test_a_document_type_is_found_in_any_encoding(encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><annotation><folder>&e;</folder></annotation>'
    with pytest.raises(RefusedXml, match="DOCTYPE"):
        parse_record((head + text).encode(encoding))


@pytest.mark.parametrize("encoding", ["cp037", "utf-7", "shift_jis"])
def test_encodings_that_could_hide_one_are_refused(encoding):
    text = "<!DOCTYPE a [<!ENTITY e 'e'>]><annotation><folder>&e;</folder></annotation>"
    with pytest.raises(RefusedXml):
        parse_record(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + text.encode(encoding))


def test_utf_16_without_tricks_is_read():
    assert parse_record("<annotation><folder>é</folder></annotation>".encode("utf-16")).folder == "é"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no element found"),
        (b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", "not well-formed"),
        (WHOLE[:-40], "unclosed token: line 88"),
        (b"<annotation>&nothing;</annotation>", "undefined entity"),
        (b"<html/>", "the document is 'html'"),
        (b'<annotation version="1"/>', "'annotation' has attributes"),
        (b'<?xml version="1.0" encoding="no-such"?><annotation/>', "unknown encoding"),
        (b"<!-- -->" + b"<a>" * 5_000 + b"</a>" * 5_000, "nested more than 8 deep"),
        (b"<annotation>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</annotation>", None),
        (b"<annotation>" + b" " * MAX_BYTES, f"at most {MAX_BYTES} are read"),
    ],
)
def test_what_is_no_record_is_one_message(data, said):
    if said is None:
        assert parse_record(data).refused == ("'a' 1: 'a' holds other elements; text is expected",)
        return
    with pytest.raises(RefusedXml, match=said) as refused:
        parse_record(data)
    assert "\n" not in str(refused.value)


@given(st.data())
def test_damage_of_any_kind_is_refused_or_read_but_never_an_accident(data):
    start = data.draw(st.integers(0, len(WHOLE)))
    damaged = WHOLE[:start] + data.draw(st.binary(max_size=8)) + WHOLE[start + data.draw(st.integers(0, 99)) :]
    try:
        said = parse_record(damaged).refused
    except RefusedXml as refused:
        said = (str(refused),)
    assert all(message.isprintable() for message in said)
