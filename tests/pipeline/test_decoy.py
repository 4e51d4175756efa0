from collections import Counter

import numpy as np
import pytest

from sidelight.data.decoy.settings import Decoy
from sidelight.data.format.maps import read_map
from sidelight.data.format.reader import Dataset
from sidelight.data.format.validator import validate
from sidelight.data.images import read_image
from sidelight.pipeline.decoy import draw_decoy
from sidelight.records.errors import UserFault

SMALL = Decoy(annotated=6, large=12, validation=6, validation_annotated=4, test_genuine=4, test_a_generator=2, side=40)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    out = tmp_path_factory.mktemp("decoy") / "faces"
    draw_decoy(SMALL, out)
    return Dataset.open(out)


def test_the_dataset_has_no_fault_and_says_that_people_are_simulated(drawn):
    assert validate(drawn.root) == []
    assert "people who painted" in drawn.manifest.simulated
    assert drawn.manifest.provenance["option.shortcut"] == "medium"
    assert drawn.manifest.provenance["agreement"] == "0.8"


def test_maps_are_on_the_annotated_parts_and_masks_on_all(drawn):
    examples = drawn.examples()
    assert Counter((e.split, e.map_path is not None) for e in examples) == {
        ("train", True): 6, ("train", False): 12, ("validation", True): 4, ("validation", False): 2,
        ("test", False): 14,
    }  # fmt: skip
    assert all(example.mask_path for example in examples)


def test_masks_name_the_class_and_boxes_are_the_tightest(drawn):
    for example in drawn.examples():
        mask = read_map(drawn.root / example.mask_path)
        assert set(np.unique(mask)) == {0, example.labels[0] + 1}
        rows, columns = np.nonzero(mask)
        edges = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / 40
        (box,) = example.boxes
        assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx(tuple(edges))


def test_pictures_lie_with_the_data_and_can_be_read(drawn):
    for example in drawn.examples():
        assert read_image(drawn.image_path(example)).shape == (40, 40, 3)


def test_equal_settings_give_equal_data_and_another_seed_others(drawn, tmp_path):
    again = draw_decoy(SMALL, tmp_path / "again")
    assert again.fingerprint == drawn.manifest.fingerprint
    first, second = (read_image(d.image_path(d.examples()[0])) for d in (drawn, Dataset.open(tmp_path / "again")))
    assert np.array_equal(first, second)


def test_what_is_there_is_kept_unless_asked(drawn):
    with pytest.raises(UserFault, match="already there"):
        draw_decoy(SMALL, drawn.root)
