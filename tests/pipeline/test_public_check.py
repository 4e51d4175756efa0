import pytest
from tests.fakes import paint

from sidelight.data.public.imagenet_a import ImageNetA
from sidelight.data.public.imagenet_names import wnids
from sidelight.data.public.imagenet_sketch import ImageNetSketch
from sidelight.data.public.imagenet_v2 import FOLDERS, ImageNetV2
from sidelight.pipeline.public_check import check_downloads
from sidelight.records.errors import UserFault

SET = FOLDERS["matched_frequency"][0]


@pytest.fixture
def broken(tmp_path):
    """One download with five faults, one that is missing."""
    for label in range(3):
        for number in range(10):
            paint(tmp_path / SET / str(label) / f"{number}.jpeg", label)
    (tmp_path / SET / "1" / "3.jpeg").unlink()
    (tmp_path / SET / "2" / "4.jpeg").write_bytes(b"")
    (tmp_path / SET / "0" / "5.jpeg").write_bytes(b"\xff\xd8 torn")
    (tmp_path / SET / "n01440764").mkdir()
    (tmp_path / SET / "2" / "notes.doc").write_text("...")
    return tmp_path


def test_every_fault_is_named(broken):
    states = {s.name: s for s in check_downloads({"v2": ImageNetV2(), "a": ImageNetA()}, broken)}
    assert (states["v2"].state, states["v2"].count, states["v2"].expected) == ("faulty", 28, 10_000)
    said = {str(fault).removeprefix(f"{broken}/") for fault in states["v2"].faults}
    assert said == {
        f"{SET}/1: 9 pictures instead of 10",
        f"{SET}/2/4.jpeg: an empty file",
        f"{SET}/2/notes.doc: not a picture by its name",
        f"{SET}/2: 9 pictures instead of 10",
        f"{SET}/n01440764: this folder's name is no class of the benchmark",
        f"{SET}: 3 classes with pictures instead of 1000",
    }
    assert (states["a"].state, states["a"].count) == ("missing", 0)
    assert "imagenet-a/" in states["a"].faults[0].message


def test_pictures_are_opened_where_asked_for(broken):
    told = []
    (state,) = check_downloads({"v2": ImageNetV2()}, broken, decode=True, progress=lambda *now: told.append(now))
    torn = [fault for fault in state.faults if "unreadable" in fault.message]
    assert [fault.location for fault in torn] == [str(broken / SET / "0" / "5.jpeg")]
    assert told[-1] == (28, 28)


def test_what_is_whole_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("sidelight.data.public.imagenet_sketch.PICTURES", 2)
    monkeypatch.setattr("sidelight.data.public.imagenet_sketch.CLASSES", 2)
    for label in (0, 1):
        paint(tmp_path / "sketch" / wnids()[label] / "sketch_0.JPEG", label)
    (state,) = check_downloads({"sketch": ImageNetSketch()}, tmp_path, decode=True)
    assert (state.state, state.count, state.expected, state.faults) == ("whole", 2, 2, ())


def test_a_folder_that_is_not_there_is_no_lack_of_benchmarks(tmp_path):
    with pytest.raises(UserFault, match="no such folder"):
        list(check_downloads({"v2": ImageNetV2()}, tmp_path / "elsewhere"))
