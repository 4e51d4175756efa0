import json

import pytest
from tests.public_trees import OBJECTS, objectnet

from sidelight.data.public.objectnet import ObjectNet
from sidelight.data.public.objectnet_mappings import read_mappings
from sidelight.records.errors import UserFault


@pytest.fixture
def root(tmp_path):
    objectnet(tmp_path / "objectnet-1.0", {"tv": [851, 851, 3]})
    return tmp_path


def test_folders_get_their_classes_by_label_not_by_order(root):
    indices = read_mappings(root / "objectnet-1.0" / "mappings")
    assert indices == {name: classes for name, (*_, classes) in OBJECTS.items()}
    labels = sorted(label for label, *_ in OBJECTS.values())  # what the ids of others' lists index
    wrong = [name for place, name in enumerate(sorted(OBJECTS)) if labels[place] != OBJECTS[name][0]]
    assert wrong == ["blender", "full_sized_towel", "tape", "tv"]


def test_photos_of_objects_that_imagenet_lacks_are_left_out_unless_asked_for(root):
    listing = ObjectNet().read(root)
    (part,) = listing.parts
    assert {row.path.split("/")[0]: row.labels for row in part.rows} == {
        name: classes for name, (*_, classes) in OBJECTS.items() if classes
    }
    assert (listing.count, listing.classes) == (6, (409, 434, 530, 533, 851))
    every = ObjectNet(others=True).read(root)
    assert (every.count, every.expected) == (8, 50_273)


def test_counts_and_stray_folders_are_faults(root):
    (root / "objectnet-1.0" / "images" / "bath_towel").mkdir()
    said = [fault.message for fault in ObjectNet().read(root).faults]
    assert said == ["this folder's name is no class of the benchmark", "8 pictures instead of 50273"]


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("objectnet_to_imagenet_1k.json", {"Bath towels": "bath towel"}, "'Bath towels' is no label"),
        ("objectnet_to_imagenet_1k.json", {"TV": "telly"}, r"'telly' is not in imagenet_to_label_2012_v2"),
        ("objectnet_to_imagenet_1k.json", {"TV": "crane"}, "'crane' is not in .*, or twice"),
        ("pytorch_to_imagenet_2012_id.json", {"0": 3}, "1 entries; each of 1000"),
        ("folder_to_objectnet_label.json", ["tv"], "a list"),
    ],
)
def test_mappings_that_do_not_fit_together_are_refused(root, file, content, said):
    (root / "objectnet-1.0" / "mappings" / file).write_text(json.dumps(content))
    with pytest.raises(UserFault, match=said):
        ObjectNet().read(root)


def test_missing_mappings_are_named(root):
    (root / "objectnet-1.0" / "mappings" / "imagenet_to_label_2012_v2").unlink()
    with pytest.raises(UserFault, match=r"imagenet_to_label_2012_v2: unreadable \(FileNotFoundError\).*Unpack"):
        ObjectNet().read(root)
