import json

import pytest
from tests.public_trees import in9_map

from sidelight.data.public.class_map import read_class_map
from sidelight.data.public.imagenet_names import wnids
from sidelight.records.errors import UserFault


def written(tmp_path, content):
    file = tmp_path / "map.json"
    file.write_text(json.dumps(content))
    return file


def test_the_form_of_in_to_in9(tmp_path):
    members = read_class_map(written(tmp_path, in9_map()))
    assert {name: len(some) for name, some in members.items()} == dict(
        zip("012345678", (116, 52, 42, 36, 35, 27, 26, 20, 16), strict=True)
    )
    assert members["8"] == (0, 1, 2, 3, 4, 5, 6, 389, 390, 391, 392, 393, 394, 395, 396, 397)


def test_all_forms_mean_the_same(tmp_path):
    expected = {"bird": (7, 8), "fish": (0, 1)}
    wnid = wnids()
    for content in (
        {"0": "fish", "1": "fish", "7": "bird", "8": "bird", "9": -1},
        {wnid[8]: "bird", wnid[7]: "bird", wnid[1]: "fish", wnid[0]: "fish", wnid[9]: None, wnid[10]: ""},
        {"fish": [1, 0], "bird": [wnid[7], "8"]},
    ):
        assert read_class_map(written(tmp_path, content)) == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"1000": 0}, "'1000' is no class"),
        ({"n00000000": 0}, "'n00000000' is no class"),
        ({"fish": [0], "bird": [0]}, "class 0 twice"),
        ({"0": 1, "n01440764": 1}, "class 0 twice"),
        ({"0": -1}, "no class belongs anywhere"),
        ([0, 1], "a list"),
    ],
)
def test_other_files_are_refused(tmp_path, content, said):
    with pytest.raises(UserFault, match=said):
        read_class_map(written(tmp_path, content))
