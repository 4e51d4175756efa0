import pytest

from sidelight.data.source.map_folder import MapFolder


@pytest.fixture
def folder(tmp_path):
    def make(files, pictures):
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
        return MapFolder(tmp_path, pictures)

    return make


@pytest.mark.parametrize(
    ("file", "picture"),
    [
        ("p1.png", "train/Real/p1.png"),
        ("Real/p1.png", "train/Real/p1.png"),
        ("train/Real/p1.png", "train/Real/p1.png"),
        ("p1.png", "p1.JPG"),
        ("p1.TIFF", "Real/p1.jpeg"),
        ("p1.v2.png", "Real/p1.v2.jpg"),
    ],
)
def test_a_map_is_called_as_its_picture_whatever_folders_and_ending(folder, file, picture):
    assert folder([file], [picture]).find(picture) == file


@pytest.mark.parametrize("file", ["p2.png", "P1.png", "other/p1.png", "p1.txt", "p1.png/p1.png"])
def test_another_name_is_another_map(folder, file):
    assert folder([file], ["Real/p1.png"]).find("Real/p1.png") is None


def test_the_map_in_the_picture_s_own_folder_comes_first(folder):
    pictures = ["Real/p1.png", "Fake/p1.png", "Fake/p2.png"]
    found = folder(["Real/p1.png", "Fake/p1.png", "p2.png"], pictures)
    assert [found.find(picture) for picture in pictures] == ["Real/p1.png", "Fake/p1.png", "p2.png"]


def test_class_folders_that_share_a_name_do_not_share_a_map(folder):
    found = folder(["p1.png"], ["Real/p1.png", "Fake/p1.png"])
    for picture, other in (("Real/p1.png", "Fake/p1.png"), ("Fake/p1.png", "Real/p1.png")):
        with pytest.raises(ValueError, match=f"map 'p1.png' fits '{other}' as well"):
            found.find(picture)


def test_two_endings_of_one_name_are_not_chosen_between(folder):
    with pytest.raises(ValueError, match=r"maps 'p1.jpg', 'p1.png' fit it alike"):
        folder(["p1.png", "p1.jpg"], ["p1.png"]).find("p1.png")


def test_maps_of_nobody_are_counted(folder):
    found = folder(["p1.png", "p2.png", "x/p3.png"], ["Real/p1.png"])
    assert (len(found), sorted(found.strays())) == (3, ["p2.png", "x/p3.png"])
