import json

import pytest
from tests.fakes import paint

from sidelight.data.public.imagenet_9 import ImageNet9
from sidelight.data.public.imagenet_names import wnids
from sidelight.records.errors import UserFault


def test_photos_of_the_map_s_classes_are_shown_with_every_right_answer(tmp_path):
    for label in (0, 1, 7, 20):
        paint(tmp_path / "val" / wnids()[label] / f"ILSVRC2012_val_{label + 1:08d}.JPEG", label)
    (tmp_path / "map.json").write_text(json.dumps({"fish": [0, 1, 5], "bird": [7, 8]}))
    listing = ImageNet9(class_map=tmp_path / "map.json").read(tmp_path)
    (part,) = listing.parts
    assert [(row.path.split("_")[-1], row.labels, row.group) for row in part.rows] == [
        ("00000001.JPEG", (0, 1, 5), "fish"),
        ("00000002.JPEG", (0, 1, 5), "fish"),
        ("00000008.JPEG", (7, 8), "bird"),
    ]
    assert (listing.expected, listing.classes) == (250, (0, 1, 5, 7, 8))
    assert "4 classes with pictures instead of 1000" in {fault.message for fault in listing.faults}


def test_without_a_map_it_says_how_to_name_one(tmp_path):
    with pytest.raises(UserFault, match=r"no map of classes.*--imagenet_9\.class-map"):
        ImageNet9().read(tmp_path)
