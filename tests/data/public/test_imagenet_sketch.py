from tests.fakes import paint

from sidelight.data.public.imagenet_names import wnids
from sidelight.data.public.imagenet_sketch import ImageNetSketch


def test_sketches_lie_in_folders_by_wnid_and_are_50889(tmp_path):
    for label in (0, 999):
        paint(tmp_path / "sketch" / wnids()[label] / f"sketch_{label}.JPEG", label)
    listing = ImageNetSketch().read(tmp_path)
    assert [(row.path, row.labels) for row in listing.parts[0].rows] == [
        (f"{wnids()[0]}/sketch_0.JPEG", (0,)),
        (f"{wnids()[999]}/sketch_999.JPEG", (999,)),
    ]
    assert "2 pictures instead of 50889" in [fault.message for fault in listing.faults]
