import io
import tarfile
import tracemalloc
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidelight.data.source.tar_stream import Member, read_tar
from sidelight.records.errors import Fault

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "pax": tarfile.PAX_FORMAT, "gnu": tarfile.GNU_FORMAT}
FILES = {f"folder/{number}.xml": b"%d" % number * (200 * number) for number in range(8)}


def pack(files, form="ustar", **fields):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=FORMATS[form]) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for field, value in fields.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def read(tmp_path, data, *, limit=10_000, wanted=lambda _: True):
    path = tmp_path / "a.tar"
    path.write_bytes(data)
    found = list(read_tar(path, wanted=wanted, limit=limit))
    members = {each.name: each.data for each in found if isinstance(each, Member)}
    return members, [str(each) for each in found if isinstance(each, Fault)]


@pytest.mark.parametrize("form", FORMATS)
def test_members_come_as_they_were_packed(tmp_path, form):
    assert read(tmp_path, pack(FILES, form)) == (FILES, [])


@pytest.mark.parametrize("form", FORMATS)
def test_long_and_foreign_names_survive(tmp_path, form):
    name = "train_xml/" + ("é" * 40 if form != "ustar" else "e" * 80) + "/" + "x" * 90 + ".xml"
    assert read(tmp_path, pack({name: b"a", "b": b"b"}, form))[0] == {name: b"a", "b": b"b"}


def test_only_wanted_members_carry_bytes(tmp_path):
    members, _ = read(tmp_path, pack(FILES), wanted=lambda name: name.endswith("3.xml"))
    assert [name for name, data in members.items() if data is not None] == ["folder/3.xml"]
    assert len(members) == 8


def test_folders_and_links_are_no_members(tmp_path):
    links = pack({"link": b""}, type=tarfile.SYMTYPE, linkname="/etc/passwd") + pack({"dir": b""}, type=tarfile.DIRTYPE)
    assert read(tmp_path, links + pack({"a": b"a"})) == ({"a": b"a"}, [])


def test_archives_in_a_row_are_read_on(tmp_path):
    assert read(tmp_path, pack({"a": b"a"}) + pack({"b": b"b"})) == ({"a": b"a", "b": b"b"}, [])


def test_a_damaged_header_costs_its_member_alone(tmp_path):
    data = bytearray(pack(FILES))
    place = data.index(b"folder/3.xml")
    data[place] ^= 1
    members, faults = read(tmp_path, bytes(data))
    assert members == {name: content for name, content in FILES.items() if name != "folder/3.xml"}
    assert faults == [f"a.tar, byte {place}: no sound tar header; going on at the next sound one"]


def test_bytes_lost_in_the_middle_cost_the_member_they_belong_to(tmp_path):
    data = pack(FILES)
    place = data.index(b"folder/5.xml") + 512 + 700
    members, faults = read(tmp_path, data[:place] + data[place + 77 :])
    assert FILES.keys() - members.keys() <= {"folder/6.xml"}
    assert len(faults) == 1


def test_a_member_that_is_too_large_is_told_and_passed(tmp_path):
    members, faults = read(tmp_path, pack(FILES), limit=1300)
    assert list(members) == [f"folder/{number}.xml" for number in range(7)]
    assert faults == ["folder/7.xml: 1400 bytes; at most 1300 are read"]


def test_a_header_that_claims_exabytes_hides_nothing(tmp_path):
    header = bytearray(pack({"bomb": b""})[:512])
    header[124:136] = b"\x80" + b"\x00" * 3 + b"\x0f" * 8
    header[148:156] = b"%06o\0 " % (sum(header[:148]) + 8 * 32 + sum(header[156:]))
    members, faults = read(tmp_path, bytes(header) + pack({"a": b"a"}))
    assert members == {"a": b"a"}
    assert faults[0].startswith("bomb: 1085102592571150095 bytes")


def test_a_bomb_of_zeros_takes_no_memory(tmp_path):
    squeeze = zlib.compressobj(wbits=31)
    header = pack({"bomb": b"" * 9})[:512].replace(b"00000000000\x00", b"00040000000\x00", 1)
    header = header[:148] + b"%06o\0 " % (sum(header[:148]) + 256 + sum(header[156:])) + header[156:]
    packed = squeeze.compress(header) + b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(8)) + squeeze.flush()
    tracemalloc.start()
    members, faults = read(tmp_path, packed)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (members, len(faults)) == ({}, 1)
    assert peak < 3 << 20


@pytest.mark.parametrize("rest", [0, 300, 700, 2000])
def test_a_plain_tar_that_is_cut_off_is_told_once(tmp_path, rest):
    data = pack(FILES)
    place = data.index(b"folder/6.xml") + rest
    members, faults = read(tmp_path, data[:place])
    assert len(faults) == 1
    assert "cut off" in faults[0] or "without its end mark" in faults[0]
    assert list(members)[:6] == [f"folder/{number}.xml" for number in range(6)]


@settings(max_examples=40)
@given(st.data())
def test_damage_leaves_all_members_before_it(tmp_path_factory, data):
    whole = pack(FILES)
    place = data.draw(st.integers(0, len(whole)))
    damaged = whole[:place] + data.draw(st.binary(max_size=9)) + whole[place + data.draw(st.integers(0, 2000)) :]
    members, _ = read(tmp_path_factory.mktemp("tar"), damaged)
    for name, content in FILES.items():
        if whole.index(name.encode()) + 512 + len(content) <= place:
            assert members[name] == content


@settings(max_examples=40)
@given(st.binary(max_size=3000))
def test_anything_at_all_is_read_or_told(tmp_path_factory, data):
    members, faults = read(tmp_path_factory.mktemp("tar"), data)
    assert members == {}
    assert len(faults) <= 1 or data.count(b"ustar")
