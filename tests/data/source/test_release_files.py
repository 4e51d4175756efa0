import os

import pytest

from sidelight.data.source.release_files import is_apple_double, read_files
from sidelight.data.source.tar_stream import Member
from sidelight.records.errors import Fault, UserFault


def read(root, **options):
    return list(read_files(root, **({"wanted": lambda _: True, "limit": 100} | options)))


def test_a_folder_is_gone_through_in_the_order_of_names(tmp_path):
    for name in ("b/2", "b/1", "a/3", "0"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert [m.name for m in read(tmp_path)] == ["0", "a/3", "b/1", "b/2"]
    assert read(tmp_path)[1] == Member("a/3", b"a/3")


def test_only_wanted_files_are_opened(tmp_path):
    (tmp_path / "a").write_text("a")
    assert read(tmp_path, wanted=lambda _: False) == [Member("a", None)]


def test_files_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "large").write_bytes(bytes(101))
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    assert read(tmp_path) == [
        Fault("gone", "unreadable: No such file or directory"),
        Fault("large", "101 bytes; at most 100 are read"),
        Fault("pipe", "no regular file"),
    ]


def test_nothing_at_the_place_is_the_users_fault(tmp_path):
    with pytest.raises(UserFault, match="nothing there"):
        read(tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "is_twin"), [("a/._b.xml", True), ("._b.xml", True), ("a/b.xml", False), ("._a/b", False)]
)
def test_twins_of_macos_are_known_by_their_names(name, is_twin):
    assert is_apple_double(name) == is_twin
