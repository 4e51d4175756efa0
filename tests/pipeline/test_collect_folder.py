import pytest

from sidelight.pipeline.collect_folder import EXPORT_FILE, appearing
from sidelight.records.errors import UserFault


def fill(out, text, **more):
    with appearing(out, overwrite=more.pop("overwrite", False)) as place:
        (place / EXPORT_FILE).write_text(text)
        if more:
            raise more["error"]


def test_a_folder_appears_whole(tmp_path):
    fill(tmp_path / "x" / "out", "one")
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["out"]
    assert (tmp_path / "x" / "out" / EXPORT_FILE).read_text() == "one"


def test_nothing_is_left_after_an_error(tmp_path):
    with pytest.raises(OSError, match="disk"):
        fill(tmp_path / "out", "one", error=OSError("disk"))
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_export_stays_when_its_replacement_fails(tmp_path):
    fill(tmp_path / "out", "one")
    with pytest.raises(OSError, match="disk"):
        fill(tmp_path / "out", "two", overwrite=True, error=OSError("disk"))
    assert (tmp_path / "out" / EXPORT_FILE).read_text() == "one"
    fill(tmp_path / "out", "three", overwrite=True)
    assert (tmp_path / "out" / EXPORT_FILE).read_text() == "three"


def test_other_folders_are_never_replaced(tmp_path):
    (tmp_path / "photo.jpg").write_text("mine")
    with pytest.raises(UserFault, match="something that is no export"):
        fill(tmp_path, "one", overwrite=True)
    assert (tmp_path / "photo.jpg").read_text() == "mine"
