import json

import pytest
from PIL import Image

from sidelight.data.format.reader import Dataset
from sidelight.data.source.tiny_imagenet import TinyImageNet, read_groups
from sidelight.records.errors import UserFault
from sidelight.records.example import Box

FISH, NEWT = "n01443537", "n01629819"


@pytest.fixture
def source(tmp_path):
    """Two classes of five training photos of 64x32 pixels, and two public validation photos."""
    root = tmp_path / "tiny"
    for wnid in (FISH, NEWT):
        (root / "train" / wnid / "images").mkdir(parents=True)
        lines = [f"{wnid}_{i}.JPEG\t0\t10\t63\t{i + 20}\n" for i in range(5)]
        (root / "train" / wnid / f"{wnid}_boxes.txt").write_text("".join(lines))
        for i in range(5):
            photo(root / "train" / wnid / "images" / f"{wnid}_{i}.JPEG")
    (root / "val" / "images").mkdir(parents=True)
    (root / "val" / "val_annotations.txt").write_text(
        f"val_0.JPEG\t{NEWT}\t3\t4\t3\t4\nval_1.JPEG\t{FISH}\t0\t0\t63\t31\n"
    )
    for i in range(2):
        photo(root / "val" / "images" / f"val_{i}.JPEG")
    (root / "words.txt").write_text(f"{FISH}\tgoldfish, Carassius auratus\n{NEWT}\tnewt\n")
    return root


def photo(path):
    Image.new("RGB", (64, 32)).save(path, format="JPEG")


def boxes_of(source, wnid):
    return source / "train" / wnid / f"{wnid}_boxes.txt"


def convert(source, **options):
    reader = TinyImageNet(**({"validation_per_class": 1, "test_per_class": 2} | options))
    manifest, faults = reader.convert(source, source.parent / "out", progress=lambda done, total: None, overwrite=True)
    examples = {example.id: example for example in Dataset.open(source.parent / "out").examples()}
    return manifest, [str(fault) for fault in faults], examples


def test_inclusive_pixels_become_shares_of_the_photo(source):
    _, faults, examples = convert(source)
    assert faults == []
    assert examples[f"{FISH}_1"].boxes == (Box(0.0, 10 / 32, 1.0, 22 / 32, 0),)
    assert examples["val_0"].boxes == (Box(3 / 64, 4 / 32, 4 / 64, 5 / 32, 1),)


def test_classes_are_named_by_their_first_word(source):
    manifest, _, examples = convert(source)
    assert manifest.classes == ("goldfish", "newt")
    assert examples[f"{NEWT}_0"].labels == (1,)
    assert examples[f"{NEWT}_0"].group == NEWT


def test_classes_of_equal_name_stay_apart(source):
    (source / "words.txt").write_text(f"{FISH}\tcrane\n{NEWT}\tcrane\n")
    assert convert(source)[0].classes == (f"crane ({FISH})", f"crane ({NEWT})")


def test_classes_without_words_keep_their_wnid(source):
    (source / "words.txt").unlink()
    assert convert(source)[0].classes == (FISH, NEWT)


def test_training_photos_are_split_by_class_and_public_validation_is_test(source):
    _, _, examples = convert(source)
    for wnid in (FISH, NEWT):
        splits = [example.split for example in examples.values() if example.id.startswith(wnid)]
        assert sorted(splits) == ["test", "test", "train", "train", "validation"]
    assert {examples["val_0"].split, examples["val_1"].split} == {"test"}


def test_the_seed_draws_the_split(source):
    splits = [[e.split for e in convert(source, seed=seed)[2].values()] for seed in (0, 0, 1)]
    assert splits[0] == splits[1] != splits[2]


@pytest.mark.parametrize("groups", [{FISH: "fish", "n0": "dog"}, {"fish": [FISH], "dog": ["n0"]}])
def test_a_map_in_either_direction_joins_classes_and_leaves_out_the_others(source, groups):
    path = source / "groups.json"
    path.write_text(json.dumps(groups))
    manifest, _, examples = convert(source, group=path)
    assert manifest.classes == ("fish",)
    assert manifest.provenance["left_out"] == "6"
    assert len(examples) == 6


def test_the_order_of_superclasses_is_alphabetic(source):
    path = source / "groups.json"
    path.write_text(json.dumps({FISH: "swimmer", NEWT: "crawler"}))
    manifest, _, examples = convert(source, group=path)
    assert manifest.classes == ("crawler", "swimmer")
    assert examples[f"{FISH}_0"].labels == (1,)


@pytest.mark.parametrize("text", ["[]", "{", '{"n0": 3}', '{"a": ["n0"], "b": ["n0"]}'])
def test_a_broken_map_is_refused(tmp_path, text):
    (tmp_path / "map.json").write_text(text)
    with pytest.raises(UserFault, match="superclass"):
        read_groups(tmp_path / "map.json")


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        ("9\t0\t8\t5", "(9, 0, 8, 5); 0 <= x0 <= x1 <= 63"),
        ("0\t0\t64\t5", "(0, 0, 64, 5)"),
        ("0\t0\t6\t32", "y1 <= 31"),
        ("-1\t0\t6\t5", "(-1, 0, 6, 5)"),
        ("a\t0\t6\t5", "'a 0 6 5'; four whole numbers"),
        ("1\t2\t3", "four whole numbers"),
    ],
)
def test_an_impossible_box_is_dropped_and_its_photo_kept(source, corners, said):
    boxes_of(source, FISH).write_text(
        boxes_of(source, FISH).read_text().replace(f"{FISH}_1.JPEG\t0\t10\t63\t21", f"{FISH}_1.JPEG\t{corners}")
    )
    _, faults, examples = convert(source)
    assert len(faults) == 1
    assert faults[0].startswith(f"train/{FISH}/{FISH}_boxes.txt, line 2: ")
    assert said in faults[0]
    assert examples[f"{FISH}_1"].boxes == ()


def test_a_photo_without_a_line_is_kept_without_a_box(source):
    boxes_of(source, FISH).unlink()
    _, faults, examples = convert(source)
    assert len(faults) == 5
    assert faults[0] == f"train/{FISH}/images/{FISH}_0.JPEG: no box is listed for it; the photo is kept without a box"
    assert len(examples) == 12


def test_photos_that_are_missing_or_damaged_are_left_out(source):
    folder = source / "train" / FISH / "images"
    (folder / f"{FISH}_0.JPEG").unlink()
    (folder / f"{FISH}_1.JPEG").write_bytes(b"not a photo")
    _, faults, examples = convert(source)
    assert faults == [
        f"train/{FISH}/images/{FISH}_0.JPEG: there is no such file; left out",
        f"train/{FISH}/images/{FISH}_1.JPEG: it is no picture that can be read; left out",
    ]
    assert len(examples) == 10


def test_broken_lines_of_the_public_validation_list_are_faults(source):
    with (source / "val" / "val_annotations.txt").open("a") as lines:
        lines.write(f"val_2.JPEG\nval_1.JPEG\t{NEWT}\t0\t0\t1\t1\n\n")
    photo(source / "val" / "images" / "val_9.JPEG")
    _, faults, examples = convert(source)
    assert len(faults) == 3
    assert "line 3: ['val_2.JPEG'] has no wnid" in faults[0]
    assert "line 4: val/images/val_1.JPEG is listed twice" in faults[1]
    assert "val_9.JPEG: it has no line" in faults[2]
    assert examples["val_1"].labels == (0,)


def test_another_layout_is_refused(tmp_path):
    (tmp_path / "tiny").mkdir()
    with pytest.raises(UserFault, match="no folder train/<wnid>"):
        convert(tmp_path / "tiny")
    assert not (tmp_path / "out").exists()


def test_a_split_that_leaves_nothing_to_train_on_is_refused(source):
    with pytest.raises(UserFault, match="has 5 photos"):
        convert(source, test_per_class=4)


def test_a_map_without_any_class_of_the_source_is_refused(source):
    (source / "groups.json").write_text('{"n0": "dog"}')
    with pytest.raises(UserFault, match="no picture"):
        convert(source, group=source / "groups.json")
    assert not (source.parent / "out").exists()


def test_photos_can_be_copied(source):
    manifest, _, examples = convert(source, copy_images=True)
    assert manifest.image_root == "images"
    dataset = Dataset.open(source.parent / "out")
    assert dataset.image_path(examples["val_0"]).read_bytes() == (source / "val/images/val_0.JPEG").read_bytes()
