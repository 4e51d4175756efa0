import pytest
from tests.fakes import paint

from sidelight.data.public.imagenet_v2 import FOLDERS, ImageNetV2
from sidelight.records.errors import UserFault

MATCHED, OLDER = FOLDERS["matched_frequency"]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The public layout with few pictures in it: folders named by index, without zeros before it."""
    root = tmp_path_factory.mktemp("downloads")
    for label in (0, 1, 2, 9, 10, 11, 100, 999):
        for number in range(10 if label else 9):
            paint(root / MATCHED / str(label) / f"{number:x}e.jpeg", label)
    return root


def test_a_folder_s_name_is_the_index(root):
    (part,) = ImageNetV2().read(root).parts
    assert {row.path.split("/")[0]: row.labels for row in part.rows} == {
        name: (int(name),) for name in ("0", "1", "2", "9", "10", "11", "100", "999")
    }
    assert {row.group for row in part.rows} == {"matched_frequency"}


def test_folders_in_the_order_of_text_would_mislabel_988_classes():
    as_text = sorted(map(str, range(1000)))
    assert sum(name != str(place) for place, name in enumerate(as_text)) == 988


def test_what_is_missing_is_named_with_counts(root):
    listing = ImageNetV2().read(root)
    assert (listing.count, listing.expected) == (79, 10_000)
    assert [fault.message for fault in listing.faults] == [
        "9 pictures instead of 10",
        "8 classes with pictures instead of 1000",
    ]


def test_a_stray_folder_and_stray_files_are_named(root, tmp_path):
    folder = tmp_path / MATCHED
    paint(folder / "7" / "a.jpeg", 7)
    (folder / "007").mkdir()
    (folder / "7" / "list.txt").write_text("a")
    (folder / "7" / "b.jpeg").touch()
    (folder / "README").write_text("beside the classes: nobody's picture")
    said = [str(fault) for fault in ImageNetV2().read(tmp_path).faults]
    assert f"{folder}/007: this folder's name is no class of the benchmark" in said
    assert f"{folder}/7/list.txt: not a picture by its name" in said
    assert f"{folder}/7/b.jpeg: an empty file" in said
    assert not any("README" in line for line in said)


def test_the_older_release_and_a_common_folder_are_found(tmp_path):
    paint(tmp_path / "imagenetv2" / OLDER / "3" / "a.jpeg", 3)
    assert ImageNetV2().read(tmp_path).count == 1
    assert ImageNetV2(folder=tmp_path / "imagenetv2").read(tmp_path / "elsewhere").count == 1


def test_a_missing_download_says_where_it_is_looked_for(tmp_path):
    with pytest.raises(UserFault, match=r"benchmark 'imagenet_v2': nothing of it in .*imagenetv2-matched-frequency"):
        ImageNetV2().read(tmp_path)
