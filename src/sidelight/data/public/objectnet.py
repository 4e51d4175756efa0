"""ObjectNet: 50,273 photos of 313 household objects; ImageNet-1K has 113 of them, as 125 classes.

Its licence forbids tuning anything on it, and showing its photos on the web without their red border.
"""

from dataclasses import dataclass
from pathlib import Path

from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder
from sidelight.data.public.objectnet_mappings import read_mappings
from sidelight.records.errors import Fault
from sidelight.records.shown import Shown

PHOTOS, OVERLAPPING = 50_273, 18_574
"""Photos in all, and about how many are of the 113 classes: other counts of the latter are published too."""


@dataclass(frozen=True)
class ObjectNet:
    """The public archive, `objectnet-1.0/images/<object>/*.png` and `objectnet-1.0/mappings/`."""

    folder: Path | None = None
    """Folder that holds images/ and mappings/, where it is not objectnet-1.0/."""

    others: bool = False
    """Also show the photos of the 200 classes that ImageNet-1K does not have, none of which can be right: gives
    top1_of_all too, whose denominator is that of the authors' template."""

    def read(self, root: Path) -> Listing:
        """List the photos; see `listing.Reader`.

        Raises:
            UserFault: also if the mappings are missing or malformed.

        Source: barbu2019objectnet.
        """
        faults: list[Fault] = []
        folder = find_folder(root, self.folder, ("objectnet-1.0", "objectnet/objectnet-1.0"), name="objectnet")
        indices = read_mappings(folder / "mappings")
        images = find_folder(folder, None, ("images",), name="objectnet")
        number = {name: place for place, name in enumerate(indices)}
        of_number = list(indices.values())
        found = list(class_folders(images, number.get, faults))
        faults += count_fault(images, "objects with pictures", len({row.labels for row in found}), len(indices))
        faults += count_fault(images, "pictures", len(found), PHOTOS)
        rows = [Shown(row.path, of_number[row.labels[0]]) for row in found]
        shown = tuple(row for row in rows if row.labels or self.others)
        classes = tuple(sorted(index for some in of_number for index in some))
        expected = PHOTOS if self.others else OVERLAPPING if faults else len(shown)
        return Listing((Part(images, shown),), expected, classes, tuple(faults))
