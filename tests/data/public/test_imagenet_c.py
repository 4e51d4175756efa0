import pytest
from tests.public_trees import imagenet_c

from sidelight.data.public.imagenet_c import ARCHIVES, ImageNetC
from sidelight.data.public.imagenet_names import wnids
from sidelight.records.errors import UserFault

FIFTEEN = {name for archive, names in ARCHIVES.items() for name in names if archive != "extra"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("downloads")
    imagenet_c(root / "ImageNet-C", lambda name, severity, label: label)
    return root


def test_every_corruption_and_severity_is_a_group(root):
    listing = ImageNetC().read(root)
    assert (listing.count, listing.expected) == (15 * 5 * 2, 3_750_000)
    rows = [row for part in listing.parts for row in part.rows]
    assert {row.group for row in rows} == {f"{name}/{severity}" for name in FIFTEEN for severity in range(1, 6)}
    assert {(row.path, row.labels) for row in rows} == {
        (f"{wnids()[label]}/ILSVRC2012_val_{label:08d}.JPEG", (label,)) for label in (1, 500)
    }
    assert all((part.root / part.rows[0].path).is_file() for part in listing.parts)


def test_a_name_that_comes_75_times_is_kept_once(root):
    rows = [row for part in ImageNetC().read(root).parts for row in part.rows]
    assert len({id(row.path) for row in rows}) == 2
    assert len({id(row.labels) for row in rows}) == 2


def test_what_is_missing_is_named(root, tmp_path):
    imagenet_c(tmp_path / "imagenet-c", lambda name, severity, label: label)
    (tmp_path / "imagenet-c" / "fog").rename(tmp_path / "imagenet-c" / "mist")
    said = [str(fault) for fault in ImageNetC().read(tmp_path).faults]
    assert f"{tmp_path}/imagenet-c/fog/3: this folder is missing" in said
    assert f"{tmp_path}/imagenet-c/snow/1: 2 classes with pictures instead of 1000" in said
    assert any(line.endswith("snow/1/n01443537: 1 pictures instead of 50") for line in said)


def test_archives_may_lie_in_folders_of_their_own_and_the_extra_one_is_asked_for(tmp_path):
    folder = tmp_path / "ImageNet-C"
    imagenet_c(folder, lambda name, severity, label: label, extra=True)
    for archive, names in ARCHIVES.items():
        (folder / archive).mkdir()
        for name in names:
            (folder / name).rename(folder / archive / name)
    assert ImageNetC().read(tmp_path).count == 150
    assert ImageNetC(extra=True).read(tmp_path).count == 190
    assert ImageNetC(extra=True).read(tmp_path).expected == 4_750_000


def test_an_empty_folder_says_what_to_unpack(tmp_path):
    (tmp_path / "ImageNet-C").mkdir()
    with pytest.raises(UserFault, match=r"no corruption in it.*Unpack noise\.tar"):
        ImageNetC().read(tmp_path)
