import os

import pytest
from PIL import Image

from sidelight.data.format.reader import Dataset
from sidelight.data.source.image_folder import ImageFolder
from sidelight.records.errors import UserFault


def draw(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 6)).save(root / name)


def convert(root, **options):
    seen = []
    manifest, faults = ImageFolder(**options).convert(
        root, root.parent / "out", progress=lambda done, total: seen.append((done, total)), overwrite=True
    )
    assert seen[-1][0] == seen[-1][1]
    return manifest, [str(fault) for fault in faults], Dataset.open(root.parent / "out").examples()


def test_folders_are_classes_in_natural_order(tmp_path):
    draw(tmp_path / "in", "c10/a.png", "c9/b.jpg", "c9/deep/er.webp", "c10/c.BMP")
    manifest, faults, examples = convert(tmp_path / "in")
    assert manifest.classes == ("c9", "c10")
    assert faults == []
    assert {e.path: e.labels for e in examples} == {
        "c9/b.jpg": (0,),
        "c9/deep/er.webp": (0,),
        "c10/a.png": (1,),
        "c10/c.BMP": (1,),
    }
    assert {(e.width, e.height) for e in examples} == {(8, 6)}


def test_folders_of_splits_are_splits(tmp_path):
    draw(tmp_path / "in", "train/a/1.png", "val/a/2.png", "test/b/3.png")
    manifest, _, examples = convert(tmp_path / "in", validation_share=0.9, test_share=0.05)
    assert manifest.classes == ("a", "b")
    assert [(e.id, e.split) for e in examples] == [
        ("test/b/3.png", "test"),
        ("train/a/1.png", "train"),
        ("val/a/2.png", "validation"),
    ]


def test_a_class_may_be_called_train_beside_others(tmp_path):
    draw(tmp_path / "in", "train/1.png", "bus/2.png")
    assert convert(tmp_path / "in")[0].classes == ("bus", "train")


def test_splits_without_a_folder_are_drawn_from_train(tmp_path):
    draw(tmp_path / "in", "validation/a/x.png", *(f"train/a/{i}.png" for i in range(40)))
    splits = [e.split for e in convert(tmp_path / "in", validation_share=0.4, test_share=0.5)[2]]
    assert splits.count("validation") == 1
    assert 10 <= splits.count("test") <= 30


def test_a_new_picture_moves_no_other(tmp_path):
    draw(tmp_path / "in", *(f"a/{i}.png" for i in range(20)))
    before = {e.id: e.split for e in convert(tmp_path / "in")[2]}
    draw(tmp_path / "in", "a/0_new.png")
    after = {e.id: e.split for e in convert(tmp_path / "in")[2]}
    assert before.items() <= after.items()
    assert before != {e.id: e.split for e in convert(tmp_path / "in", seed=5)[2]}


def test_what_cannot_be_taken_is_told_and_the_rest_kept(tmp_path):
    draw(tmp_path / "in", "a/good.png", "stray.png")
    (tmp_path / "in" / "a" / "bad.png").write_bytes(b"no picture")
    (tmp_path / "in" / "a" / "notes.txt").write_text("no picture")
    (tmp_path / "in" / "a" / ".hidden.png").write_text("no picture")
    (tmp_path / "in" / ".git" / "a").mkdir(parents=True)
    manifest, faults, examples = convert(tmp_path / "in")
    assert [e.path for e in examples] == ["a/good.png"]
    assert faults == [
        "stray.png: it lies in no class's folder; left out",
        "a/notes.txt: ends in '.txt'; allowed: .bmp, .jpeg, .jpg, .png, .webp; left out",
        "a/bad.png: it is no picture that can be read; left out",
    ]
    assert (manifest.provenance["examples"], manifest.provenance["faults"]) == ("1", "3")


def test_a_name_that_is_no_text_is_told(tmp_path):
    draw(tmp_path / "in", "a/good.png")
    (tmp_path / "in" / "a" / os.fsdecode(b"\xff.png")).write_bytes(b"")
    assert convert(tmp_path / "in")[1] == ["'a/\\udcff.png': its name is not UTF-8; left out"]


def test_an_upright_size_is_stored(tmp_path):
    (tmp_path / "in" / "a").mkdir(parents=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8, 6)).save(tmp_path / "in" / "a" / "turned.jpg", exif=exif)
    (example,) = convert(tmp_path / "in")[2]
    assert (example.width, example.height) == (6, 8)


@pytest.mark.parametrize(("make", "said"), [(False, "no such folder"), (True, "no folder in it")])
def test_a_source_without_folders_is_refused(tmp_path, make, said):
    if make:
        draw(tmp_path / "in", "1.png")
    with pytest.raises(UserFault, match=said):
        convert(tmp_path / "in")


def test_a_source_without_a_good_picture_is_refused(tmp_path):
    (tmp_path / "in" / "a").mkdir(parents=True)
    (tmp_path / "in" / "a" / "bad.png").write_bytes(b"no picture")
    with pytest.raises(UserFault, match=r"a/bad.png: it is no picture"):
        convert(tmp_path / "in")
    assert not (tmp_path / "out").exists()


def test_shares_that_leave_nothing_are_refused(tmp_path):
    with pytest.raises(UserFault, match="less than 1"):
        convert(tmp_path, validation_share=0.6, test_share=0.4)


def test_pictures_can_be_copied(tmp_path):
    draw(tmp_path / "in", "a/1.png")
    manifest, _, (example,) = convert(tmp_path / "in", copy_images=True)
    assert manifest.image_root == "images"
    assert (tmp_path / "out" / "images" / "a" / "1.png").is_file()
    assert Dataset.open(tmp_path / "out").image_path(example).is_file()
