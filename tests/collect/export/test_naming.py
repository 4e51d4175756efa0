import re

from hypothesis import given
from hypothesis import strategies as st

from sidelight.collect.export.naming import coco_ids, folder_names, imagenet_names

RELEASED = re.compile(r"([A-Za-z0-9]{1,40})/(\1_[A-Za-z0-9]{1,40})")
PATHS = st.lists(st.from_regex(r"(n01_)?[a-z0-9]{1,5}\.jpg", fullmatch=True), unique=True, max_size=20)


@given(st.lists(st.text(min_size=1, max_size=50), unique=True, max_size=12))
def test_folders_are_plain_and_different(classes):
    folders = folder_names(classes)
    assert len(set(folders.values())) == len(classes)
    assert all(re.fullmatch("[A-Za-z0-9]{1,40}", folder) for folder in folders.values())


@given(PATHS)
def test_every_picture_gets_a_name_of_the_release_s_form_and_its_own(paths):
    names = imagenet_names(dict.fromkeys(paths, "n01"), {"n01": "n01"})
    assert len(set(names.values())) == len(paths)
    assert all(RELEASED.fullmatch(name) for name in names.values())


def test_imagenet_s_own_names_stay():
    assert imagenet_names({"x/n02_7.JPEG": "n02"}, {"n02": "n02"}) == {"x/n02_7.JPEG": "n02/n02_7"}


def test_two_files_of_one_name_are_told_apart():
    names = imagenet_names({"a/n02_7.jpg": "n02", "b/n02_7.jpg": "n02"}, {"n02": "n02"})
    assert sorted(names.values()) == ["n02/n02_1", "n02/n02_2"]


@given(PATHS)
def test_every_picture_gets_a_number_of_its_own(paths):
    numbers = coco_ids(paths)
    assert len(set(numbers.values())) == len(paths)
    assert all(0 <= number < 10**12 for number in numbers.values())


def test_coco_s_own_numbers_stay():
    assert coco_ids(["COCO_train2014_000000000009.jpg", "000000000025.jpg", "b.jpg"]) == {
        "COCO_train2014_000000000009.jpg": 9,
        "000000000025.jpg": 25,
        "b.jpg": 1,
    }
