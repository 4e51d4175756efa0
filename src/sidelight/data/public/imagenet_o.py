"""ImageNet-O: 2,000 photos of things that are none of ImageNet's classes, against validation photos that are.

The folders are named by the class that such a photo is *confused with*: they say which 200 classes are asked about, and
are never a label. The photos that do belong are the 10,000 validation photos of the same 200 classes, not all 50,000.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from sidelight.data.public.imagenet_names import index_of
from sidelight.data.public.imagenet_val import PER_CLASS, ImageNetVal
from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder
from sidelight.records.errors import Fault

OUTSIDE, CLASSES_ASKED = 2_000, 200


@dataclass(frozen=True)
class ImageNetO:
    """The public archive, `imagenet-o/<wnid>/*.JPEG`, and ImageNet's validation photos."""

    folder: Path | None = None
    """Folder of the class folders, where it is not imagenet-o/."""

    val_folder: Path | None = None
    """Folder of ImageNet's validation photos, where it is none of the usual ones."""

    val_ground_truth: Path | None = None
    """List of their classes, for a flat folder; as --imagenet.ground-truth."""

    def read(self, root: Path) -> Listing:
        """List the photos, groups "out" (no answer is right) and "in"; see `listing.Reader`.

        Source: hendrycks2021natural.
        """
        faults: list[Fault] = []
        folder = find_folder(root, self.folder, ("imagenet-o", "ImageNet-O"), name="imagenet_o")
        confused = tuple(class_folders(folder, index_of, faults, group="out"))
        classes = tuple(sorted({row.labels[0] for row in confused}))
        faults += count_fault(folder, "classes with pictures", len(classes), CLASSES_ASKED)
        faults += count_fault(folder, "pictures", len(confused), OUTSIDE)
        outside = Part(folder, tuple(msgspec.structs.replace(row, labels=()) for row in confused))
        (val,) = ImageNetVal(self.val_folder, self.val_ground_truth).read(root).parts
        asked = set(classes)
        belonging = tuple(msgspec.structs.replace(row, group="in") for row in val.rows if row.labels[0] in asked)
        faults += count_fault(val.root, "photos of the same classes", len(belonging), PER_CLASS * len(classes))
        parts = (outside, Part(val.root, belonging))
        return Listing(parts, OUTSIDE + PER_CLASS * CLASSES_ASKED, classes, tuple(faults))
