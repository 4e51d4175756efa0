import pytest

from sidelight.data.format.reader import Dataset
from sidelight.pipeline.parent import image_root, refuse_own_place
from sidelight.records.errors import UserFault


def test_pictures_are_found_from_the_new_place(decoy, tmp_path):
    parent = Dataset.open(decoy)
    root = image_root(parent, tmp_path / "new")
    assert not root.is_absolute()
    assert (tmp_path / "new" / root).resolve() == (decoy / "images").resolve()


@pytest.mark.parametrize("place", [".", "images", ".."])
def test_neither_the_dataset_nor_its_pictures_nor_what_holds_them_is_overwritten(decoy, place):
    with pytest.raises(UserFault, match="which is read from"):
        refuse_own_place(Dataset.open(decoy), decoy / place)


def test_beside_it_is_free(decoy):
    refuse_own_place(Dataset.open(decoy), decoy.parent / "beside")
