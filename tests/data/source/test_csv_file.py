import numpy as np
import pytest
from PIL import Image

from sidelight.data.format.maps import read_map
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.source.csv_file import Csv
from sidelight.records.errors import UserFault
from sidelight.records.example import Box


@pytest.fixture
def table(tmp_path):
    """Writes a table beside three pictures of 10x5 pixels."""
    for name in ("1.png", "2.png", "3.png"):
        Image.new("RGB", (10, 5)).save(tmp_path / name)

    def write(*lines):
        (tmp_path / "t.csv").write_text("\n".join(lines))
        return tmp_path / "t.csv"

    return write


def convert(path, **options):
    out = path.parent / "out"
    manifest, faults = Csv(**options).convert(path, out, progress=lambda done, total: None, overwrite=True)
    assert validate(out) == []
    dataset = Dataset.open(out)
    return manifest, [str(fault) for fault in faults], dataset.examples(), list(dataset.annotations())


def test_lines_become_pictures_and_annotations(table):
    path = table(
        "path,label,x,y,annotator,time", "1.png,dog,0.25,0.5,W1,350", "2.png,cat,,,,", "1.png,dog,0.75,0.5,W2,"
    )
    manifest, faults, examples, annotations = convert(path)
    assert (manifest.classes, manifest.point_policies, faults) == (("cat", "dog"), ("final",), [])
    assert [(e.id, e.labels, e.width, e.height) for e in examples] == [("1.png", (1,), 10, 5), ("2.png", (0,), 10, 5)]
    assert [(a.annotator, a.points, a.dwell_ms) for a in annotations] == [
        ("W1", {"final": (0.25, 0.5)}, 350.0),
        ("W2", {"final": (0.75, 0.5)}, None),
    ]
    assert {(a.example_id, a.label, a.selected, a.source) for a in annotations} == {("1.png", 1, True, "csv")}


def test_pixels_are_divided_by_the_picture_size(table):
    path = table("path,label,x,y,x0,y0,x1,y1", "1.png,dog,5,2.5,0,1,10,5")
    _, _, (example,), (annotation,) = convert(path, units="pixel")
    assert annotation.points == {"final": (0.5, 0.5)}
    assert example.boxes == (Box(0.0, 0.2, 1.0, 1.0, 0),)


def test_pixels_outside_the_picture_are_faults(table):
    path = table("path,label,x,y,x0,y0,x1,y1", "1.png,dog,11,2,,,,", "1.png,dog,10,5,,,,", "2.png,dog,,,0,0,5,6")
    _, faults, examples, annotations = convert(path, units="pixel")
    assert faults == [
        "t.csv, line 2: (11.0, 2.0) lies outside the picture of 10x5 pixels; left out",
        "t.csv, line 4: (5.0, 6.0) lies outside the picture of 10x5 pixels; left out",
    ]
    assert [e.id for e in examples] == ["1.png"]
    assert [a.points for a in annotations] == [{"final": (1.0, 1.0)}]


def test_equal_boxes_of_several_people_are_one(table):
    lines = ["1.png,dog,0,0,0.5,1", "1.png,dog,0,0,0.5,1", "1.png,dog,0,0,0.6,1"]
    _, _, (example,), annotations = convert(table("path,label,x0,y0,x1,y1", *lines))
    assert [box.x1 for box in example.boxes] == [0.5, 0.6]
    assert annotations == []


def test_lines_that_contradict_are_told_and_the_first_counts(table):
    path = table(
        "path,label,split,map_path",
        "1.png,dog,train,",
        "1.png,cat,,",
        "1.png,dog,test,",
        "2.png,cat,,a.png",
        "2.png,cat,,b.png",
    )
    _, faults, examples, _ = convert(path)
    one_label = "one label a picture is expected; for several pass --task multi_label"
    assert faults == [
        f"t.csv, line 3: label is 'cat', line 2 says 'dog'; {one_label}; left out",
        "t.csv, line 4: split is 'test', line 2 says 'train'; one a picture is expected; left out",
        "t.csv, line 6: map_path is 'b.png', line 5 says 'a.png'; one a picture is expected; left out",
        "t.csv, line 5: map 'a.png': there is no such file; the picture is kept without it",
    ]
    assert (examples[0].labels, examples[0].split) == ((1,), "train")


def test_several_labels_make_a_multi_label_dataset(table):
    path = table("path,label,x,y", "1.png,dog,0.2,0.2", "1.png,cat,0.8,0.8", "1.png,dog,0.4,0.4")
    manifest, faults, (example,), annotations = convert(path, task="multi_label")
    assert (manifest.point_policies, faults) == (("final_position",), [])
    assert example.labels == (1, 0)
    assert [(a.label, a.points["final_position"][0]) for a in annotations] == [(1, 0.2), (0, 0.8), (1, 0.4)]


def test_maps_are_copied_level_by_level(table, tmp_path):
    levels = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    Image.fromarray(levels).save(tmp_path / "deep.png")
    Image.fromarray(levels.astype(np.uint8)).save(tmp_path / "flat.png")
    path = table("path,label,map_path", "1.png,dog,deep.png", "2.png,dog,flat.png")
    _, _, examples, _ = convert(path, stretch_maps=True)
    for example, expected in zip(examples, (levels, levels.astype(np.uint8)), strict=True):
        found = read_map(tmp_path / "out" / example.map_path)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)


def test_a_coloured_map_is_a_fault(table, tmp_path):
    colours = np.zeros((5, 10, 3), np.uint8)
    colours[2, 3] = 255, 0, 0
    Image.fromarray(colours).save(tmp_path / "2.png")
    _, faults, (example,), _ = convert(table("path,label,map_path", "1.png,dog,2.png"))
    assert "it is in colours (channels differ by up to 255 levels); a grey picture is allowed" in faults[0]
    assert example.map_path is None


def test_the_table_says_the_split_or_it_is_drawn(table):
    path = table("path,label,split", "1.png,dog,validation", "2.png,dog,test", "3.png,dog,")
    splits = [example.split for example in convert(path, validation_share=0.0, test_share=0.0)[2]]
    assert splits == ["validation", "test", "train"]


def test_pictures_that_cannot_be_read_are_told_with_the_line_that_names_them(table, tmp_path):
    (tmp_path / "2.png").write_bytes(b"no picture")
    path = table("path,label", "1.png,dog", "no.png,dog", "2.png,dog", ".,dog")
    _, faults, examples, _ = convert(path)
    assert [e.id for e in examples] == ["1.png"]
    assert faults[0] == "t.csv, line 3: picture 'no.png': there is no such file; left out"
    assert faults[1] == "t.csv, line 4: picture '2.png': it is no picture that can be read; left out"
    assert faults[2].startswith("t.csv, line 5: picture '.': ")


def test_paths_may_be_relative_to_another_folder(table, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "1.png").rename(tmp_path / "elsewhere" / "1.png")
    manifest, _, examples, _ = convert(table("path,label", "1.png,dog"), images=tmp_path / "elsewhere")
    assert manifest.image_root == (tmp_path / "elsewhere").as_posix()
    assert len(examples) == 1


def test_pictures_can_be_copied(table, tmp_path):
    convert(table("path,label", "1.png,dog"), copy_images=True)
    assert (tmp_path / "out" / "images" / "1.png").is_file()


def test_a_table_without_a_good_line_is_refused(table, tmp_path):
    with pytest.raises(UserFault, match="line 2: label is empty"):
        convert(table("path,label", "1.png,"))
    with pytest.raises(UserFault, match="No such file"):
        convert(tmp_path / "none.csv")
    assert not (tmp_path / "out").exists()
