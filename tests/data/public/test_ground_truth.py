import pytest

from sidelight.data.public.ground_truth import read_ground_truth
from sidelight.records.errors import UserFault

NAME = "ILSVRC2012_val_00000001"


@pytest.mark.parametrize(
    "text",
    [
        f"{NAME}.JPEG 65\n",
        f"val/{NAME}.JPEG,65\n",
        f"{NAME}.JPEG n01751748\n",
        f"ImageId,PredictionString\n{NAME},n01751748 111 108 441 193 \n",
        f"name,index\n{NAME},65\n",
    ],
    ids=["caffe", "wsolevaluation", "wnids", "kaggle", "headings"],
)
def test_every_public_form_says_the_same(tmp_path, text):
    (tmp_path / "list").write_text(text)
    assert read_ground_truth(tmp_path / "list") == ({NAME: 65}, [])


def test_lines_that_are_not_understood_are_named(tmp_path):
    (tmp_path / "list").write_text(f"{NAME}.JPEG 65\n\nb.JPEG 1000\nc.JPEG n00000000\nd\n")
    labels, faults = read_ground_truth(tmp_path / "list")
    assert labels == {NAME: 65}
    assert [fault.location.rpartition(" ")[2] for fault in faults] == ["3", "4", "5"]


def test_the_development_kit_s_numbers_are_refused_as_another_order(tmp_path):
    (tmp_path / "ILSVRC2012_validation_ground_truth.txt").write_text("490\n361\n171\n")
    with pytest.raises(UserFault, match="own order of classes"):
        read_ground_truth(tmp_path / "ILSVRC2012_validation_ground_truth.txt")


@pytest.mark.parametrize(("content", "seen"), [(b"\xff\xfe", "unreadable"), (b"", "no line"), (None, "unreadable")])
def test_what_is_no_list_is_refused(tmp_path, content, seen):
    if content is not None:
        (tmp_path / "list").write_bytes(content)
    with pytest.raises(UserFault, match=seen):
        read_ground_truth(tmp_path / "list")
