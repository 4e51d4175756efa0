import numpy as np
import pytest
from PIL import Image

from sidelight.data.format.maps import read_map
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.source.progress import silent
from sidelight.data.source.saliency_maps import SaliencyMaps
from sidelight.records.errors import UserFault

GREY = np.arange(36, dtype=np.uint8).reshape(6, 6)


@pytest.fixture
def faces(tmp_path):
    """Six faces of 12 x 12 pixels in two class folders, and a folder for maps."""
    for name in ("Real/r1.png", "Real/r2.png", "Real/r3.png", "Fake/f1.jpg", "Fake/f2.png", "Fake/r1.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (12, 12)).save(tmp_path / name)
    (tmp_path / "maps").mkdir()
    return tmp_path


def put(root, name, levels=GREY):
    (root / "maps" / name).parent.mkdir(exist_ok=True)
    Image.fromarray(levels).save(root / "maps" / name)


def convert(root, *lines, **options):
    (root / "t.csv").write_text("\n".join(lines))
    reader = SaliencyMaps(**({"maps": root / "maps"} | options))
    manifest, faults = reader.convert(root / "t.csv", root / "out", progress=silent, overwrite=True)
    assert validate(root / "out") == []
    return manifest, [str(fault) for fault in faults], {e.id: e for e in Dataset.open(root / "out").examples()}


def test_a_table_without_header_and_a_folder_become_a_dataset(faces):
    put(faces, "r2.png")
    put(faces, "f1.png")
    lines = "train,Real,/Real/r2.png", "train,Synthetic,/Fake/f1.jpg", "test,Real,/Real/r3.png"
    manifest, faults, examples = convert(faces, *lines)
    assert (manifest.classes, manifest.task, faults) == (("Real", "Synthetic"), "single_label", [])
    assert {name: (e.labels, e.split) for name, e in examples.items()} == {
        "Real/r2.png": ((0,), "train"), "Fake/f1.jpg": ((1,), "train"), "Real/r3.png": ((0,), "validation"),
    }  # fmt: skip
    np.testing.assert_array_equal(read_map(faces / "out" / examples["Fake/f1.jpg"].map_path), GREY)
    assert examples["Real/r3.png"].map_path is None
    assert manifest.provenance["maps"] == "2"


def test_everything_that_is_wrong_with_a_map_gives_one_line_each(faces):
    put(faces, "r1.png")
    put(faces, "r2.png", GREY * 0)
    put(faces, "f1.png", GREY[:, :3].copy())
    put(faces, "f2.png", np.dstack([GREY, GREY * 5, GREY]))
    put(faces, "nobody.png")
    names = "Real/r1.png", "Fake/r1.png", "Real/r2.png", "Real/r3.png", "Fake/f1.jpg", "Fake/f2.png"
    _, faults, examples = convert(faces, *(f"train,{name[:4]},{name}" for name in names))
    assert len(examples) == 6
    assert all(example.map_path is None for example in examples.values())
    *told, strays = faults
    for name, line, fault, message in zip(names, range(1, 7), told, (
        "map 'r1.png' fits 'Fake/r1.png' as well",
        "map 'r1.png' fits 'Real/r1.png' as well",
        "map 'r2.png': every pixel is 0",
        "no map in",
        "map 'f1.png': it is 3x6, its picture 12x12: another shape",
        "map 'f2.png': it is in colours",
    ), strict=True):  # fmt: skip
        assert fault.startswith(f"t.csv, line {line}, picture {name!r}: {message}")
        assert fault.endswith("kept without map")
    assert strays.endswith("1 of 5 maps belong to no picture, such as 'nobody.png'")


def test_maps_in_class_folders_are_told_apart(faces):
    put(faces, "Real/r1.png")
    put(faces, "Fake/r1.png", GREY[::-1].copy())
    _, faults, examples = convert(faces, "train,Real,Real/r1.png", "train,Fake,Fake/r1.png")
    assert faults == []
    np.testing.assert_array_equal(read_map(faces / "out" / examples["Fake/r1.png"].map_path), GREY[::-1])


def test_maps_of_another_shape_are_stretched_when_asked_for(faces):
    put(faces, "f2.png", GREY[:, :3].copy())
    _, faults, examples = convert(faces, "train,Fake,Fake/f2.png", stretch_maps=True)
    assert faults == []
    assert examples["Fake/f2.png"].map_path is not None


def test_without_maps_nothing_is_missed(faces):
    _, faults, examples = convert(faces, "train,Real,Real/r1.png", "train,Fake,Fake/f2.png", maps=None)
    assert faults == []
    assert len(examples) == 2


def test_broken_lines_are_told_with_their_number(faces):
    lines = (
        "split,class,path",
        "train,Real,Real/r1.png",
        "train,Real",
        "",
        "dev,Real,Real/r2.png",
        "train,,Real/r2.png",
        "train,Real,../r2.png",
        "train,Real,Real/none.png",
        "train,Fake,Real/r1.png",
    )
    _, faults, examples = convert(faces, *lines, maps=None)
    assert list(examples) == ["Real/r1.png"]
    told = sorted(faults, key=lambda fault: int(fault.split("line ")[1].split(",")[0].split(":")[0]))
    for fault, (line, message) in zip(told, (
        (3, "2 fields; split,class,path are expected"),
        (5, "split is 'dev'; allowed: train, test, val, validation"),
        (6, "the class is empty"),
        (7, "a path without '..' is expected"),
        (8, "there is no such file"),
        (9, "picture 'Real/r1.png' is in line 2 already"),
    ), strict=True):  # fmt: skip
        assert f"t.csv, line {line}" in fault
        assert message in fault


def test_the_order_of_the_classes_can_be_said(faces):
    lines = "train,normal,Real/r1.png", "train,abnormal,Fake/f2.png"
    assert convert(faces, *lines, maps=None)[0].classes == ("abnormal", "normal")
    manifest, _, examples = convert(faces, *lines, maps=None, classes=("normal", "abnormal"))
    assert manifest.classes == ("normal", "abnormal")
    assert examples["Fake/f2.png"].labels == (1,)
    with pytest.raises(UserFault, match="class 'abnormal': a class that --classes lacks"):
        convert(faces, *lines, maps=None, classes=("normal",))


def test_the_word_test_means_what_is_said(faces):
    lines = "train,Real,Real/r1.png", "test,Real,Real/r2.png", "val,Real,Real/r3.png"
    for meaning in ("validation", "test"):
        examples = convert(faces, *lines, maps=None, test_is=meaning)[2]
        assert [e.split for e in examples.values()] == ["train", meaning, "validation"]


def test_pictures_can_be_elsewhere_and_be_copied(faces, tmp_path):
    put(faces, "r1.png")
    (tmp_path / "tables").mkdir()
    table = tmp_path / "tables" / "t.csv"
    table.write_text("train,Real,/Real/r1.png\ntrain,Fake,/Fake/f2.png")
    reader = SaliencyMaps(images=faces, maps=faces / "maps", copy_images=True)
    reader.convert(table, tmp_path / "out", progress=silent)
    assert (tmp_path / "out" / "images" / "Real" / "r1.png").is_file()


def test_what_is_not_there_is_said_at_once(faces):
    with pytest.raises(UserFault, match="no such folder"):
        convert(faces, "train,Real,Real/r1.png", maps=faces / "none")
    with pytest.raises(UserFault, match="Give the CSV file"):
        SaliencyMaps().convert(faces / "none.csv", faces / "out", progress=silent)
    with pytest.raises(UserFault, match="not one picture"):
        convert(faces, "train,Real,Real/none.png", maps=None)
