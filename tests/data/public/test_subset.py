import pytest
from tests.fakes import paint

from sidelight.data.public.imagenet_a import ImageNetA
from sidelight.data.public.imagenet_names import timm_list, wnids
from sidelight.data.public.imagenet_r import ImageNetR


@pytest.mark.parametrize(
    ("reader", "folder", "pictures"), [(ImageNetA(), "imagenet-a", 7_500), (ImageNetR(), "imagenet-r", 30_000)]
)
def test_a_subset_asks_about_its_200_classes_whatever_is_there(tmp_path, reader, folder, pictures):
    name = folder.replace("-", "_")
    indices = [int(line) for line in timm_list(f"{name}_indices.txt").read_text().split()]
    for label in indices[:3]:
        paint(tmp_path / folder / wnids()[label] / "0.1_word _ other word_0.9.jpg", label)
    stranger = next(label for label in range(1000) if label not in indices)
    paint(tmp_path / folder / wnids()[stranger] / "a.jpg", stranger)
    (tmp_path / folder / "README.txt").write_text("...")
    listing = reader.read(tmp_path)
    assert listing.classes == tuple(indices)
    assert [row.labels[0] for row in listing.parts[0].rows] == indices[:3]
    assert listing.expected == pictures
    assert [fault.message for fault in listing.faults] == [
        "this folder's name is no class of the benchmark",
        "3 classes with pictures instead of 200",
        f"3 pictures instead of {pictures}",
    ]
