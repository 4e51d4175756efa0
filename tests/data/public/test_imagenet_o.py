import pytest
from tests.fakes import paint

from sidelight.data.public.imagenet_names import wnids
from sidelight.data.public.imagenet_o import ImageNetO
from sidelight.records.errors import UserFault


@pytest.fixture
def root(tmp_path):
    """Two of the 200 classes, a README among the folders, and validation photos of three classes."""
    for label in (5, 990):
        for number in range(2):
            paint(tmp_path / "imagenet-o" / wnids()[label] / f"{number}.JPEG", 500)
    (tmp_path / "imagenet-o" / "README.txt").write_text("...")
    for label in (5, 7, 990):
        for number in range(50):
            paint(tmp_path / "val" / wnids()[label] / f"ILSVRC2012_val_{label * 50 + number + 1:08d}.JPEG", label)
    return tmp_path


def test_a_folder_s_name_is_never_a_label(root):
    strange, _ = ImageNetO().read(root).parts
    assert [(row.labels, row.group) for row in strange.rows] == [((), "out")] * 4


def test_only_photos_of_the_same_classes_stand_against_them(root):
    listing = ImageNetO().read(root)
    assert listing.classes == (5, 990)
    belonging = listing.parts[1].rows
    assert {row.labels for row in belonging} == {(5,), (990,)}
    assert (len(belonging), {row.group for row in belonging}) == (100, {"in"})
    assert listing.expected == 12_000


def test_what_is_missing_is_counted(root):
    (root / "val" / wnids()[5] / "ILSVRC2012_val_00000251.JPEG").unlink()
    said = [fault.message for fault in ImageNetO().read(root).faults]
    assert said == [
        "2 classes with pictures instead of 200",
        "4 pictures instead of 2000",
        "99 photos of the same classes instead of 100",
    ]


def test_without_imagenet_s_photos_there_is_nothing_to_hold_them_against(root):
    (root / "val").rename(root / "elsewhere")
    with pytest.raises(UserFault, match="benchmark 'imagenet': nothing of it"):
        ImageNetO().read(root)
    assert ImageNetO(val_folder=root / "elsewhere").read(root).count == 104
