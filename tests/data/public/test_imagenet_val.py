import pytest
from tests.fakes import paint

from sidelight.data.public.imagenet_names import wnids
from sidelight.data.public.imagenet_val import KAGGLE, ImageNetVal
from sidelight.records.errors import UserFault


def photo(number):
    return f"ILSVRC2012_val_{number:08d}.JPEG"


@pytest.mark.parametrize("folder", ["val", "imagenet/val", "ILSVRC/Data/CLS-LOC/val"])
def test_folders_by_wnid_are_found_in_the_usual_places(tmp_path, folder):
    for label in (0, 1, 10, 999):
        paint(tmp_path / folder / wnids()[label] / photo(label + 1), label)
    listing = ImageNetVal().read(tmp_path)
    assert [row.labels for row in listing.parts[0].rows] == [(0,), (1,), (10,), (999,)]
    assert listing.parts[0].root == tmp_path / folder
    assert f"{tmp_path / folder}: 4 classes with pictures instead of 1000" in map(str, listing.faults)
    assert sum("1 pictures instead of 50" in fault.message for fault in listing.faults) == 4


def flat(tmp_path):
    for number in (1, 2, 3):
        paint(tmp_path / "val" / photo(number), number)


def test_a_flat_folder_takes_its_classes_from_a_list(tmp_path):
    flat(tmp_path)
    (tmp_path / "list.txt").write_text(f"{photo(1)} 65\n{photo(2)} 970\n")
    listing = ImageNetVal(ground_truth=tmp_path / "list.txt").read(tmp_path)
    assert [(row.path, row.labels) for row in listing.parts[0].rows] == [(photo(1), (65,)), (photo(2), (970,))]
    said = [fault.message for fault in listing.faults]
    assert said == [f"its class is not in {tmp_path / 'list.txt'}", "2 pictures of known class instead of 50000"]


def test_kaggle_s_list_is_found_beside_its_folders(tmp_path):
    flat(tmp_path)
    lines = "".join(f"{photo(n).removesuffix('.JPEG')},{wnids()[n]} 1 2 3 4\n" for n in (1, 2, 3))
    (tmp_path / KAGGLE).write_text(f"ImageId,PredictionString\n{lines}")
    assert [row.labels for row in ImageNetVal().read(tmp_path).parts[0].rows] == [(1,), (2,), (3,)]


def test_a_flat_folder_without_a_list_is_refused(tmp_path):
    flat(tmp_path)
    with pytest.raises(UserFault, match=r"whose classes nothing says.*LOC_val_solution"):
        ImageNetVal().read(tmp_path)


def test_a_folder_that_was_named_must_be_there(tmp_path):
    with pytest.raises(UserFault, match=r"no such folder: .*elsewhere"):
        ImageNetVal(folder=tmp_path / "elsewhere").read(tmp_path)
