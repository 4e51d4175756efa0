"""ImageNet-Sketch: 50,889 black-and-white sketches of all thousand classes (its README says 50,000)."""

from dataclasses import dataclass
from pathlib import Path

from sidelight.data.public.imagenet_names import CLASSES, index_of
from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder
from sidelight.records.errors import Fault

PICTURES = 50_889


@dataclass(frozen=True)
class ImageNetSketch:
    """The public archive, sketch/<wnid>/sketch_*.JPEG."""

    folder: Path | None = None
    """Folder of the class folders, where it is none of the usual ones."""

    def read(self, root: Path) -> Listing:
        """List the sketches; see `listing.Reader`.

        Source: wang2019sketch.
        """
        faults: list[Fault] = []
        places = ("sketch", "imagenet-sketch/sketch", "ImageNet-Sketch/sketch", "imagenet-sketch", "ImageNet-Sketch")
        folder = find_folder(root, self.folder, places, name="imagenet_sketch")
        rows = tuple(class_folders(folder, index_of, faults))
        faults += count_fault(folder, "classes with pictures", len({row.labels for row in rows}), CLASSES)
        faults += count_fault(folder, "pictures", len(rows), PICTURES)
        return Listing((Part(folder, rows),), PICTURES, faults=tuple(faults))
