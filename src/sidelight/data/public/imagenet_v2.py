"""ImageNetV2: three sets of 10,000 new photos for the classes of ImageNet-1K.

The class folders are named by index without leading zeros. Sorted as text ('0', '1', '10', '100', ...), as in
torchvision's ImageFolder, 988 of the 1000 classes get another one's index: here a folder's name *is* its index.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sidelight.data.public.imagenet_names import CLASSES
from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder
from sidelight.records.errors import Fault

Set = Literal["matched_frequency", "threshold_0.7", "top_images"]

FOLDERS: dict[Set, tuple[str, ...]] = {
    "matched_frequency": ("imagenetv2-matched-frequency-format-val", "imagenetv2-matched-frequency"),
    "threshold_0.7": ("imagenetv2-threshold0.7-format-val", "imagenetv2-threshold0.7"),
    "top_images": ("imagenetv2-top-images-format-val", "imagenetv2-top-images"),
}
"""As the archives unpack: the present release first, then the older one; accuracies lie 0.1 to 0.4 points apart."""
PER_CLASS = 10


@dataclass(frozen=True)
class ImageNetV2:
    """The three public archives, unpacked into one folder."""

    folder: Path | None = None
    """Folder that holds `imagenetv2-*-format-val/`, where it is not the data root or its imagenetv2/."""

    sets: tuple[Set, ...] = ("matched_frequency",)
    """Which of the three; the papers mean matched_frequency."""

    def read(self, root: Path) -> Listing:
        """List the pictures of the chosen sets; see `listing.Reader`.

        Source: recht2019imagenetv2.
        """
        faults: list[Fault] = []
        parts = [self._part(root, name, faults) for name in self.sets]
        return Listing(tuple(parts), CLASSES * PER_CLASS * len(self.sets), faults=tuple(faults))

    def _part(self, root: Path, name: Set, faults: list[Fault]) -> Part:
        top = root if self.folder is None else self.folder
        candidates = [f"{nest}{folder}" for folder in FOLDERS[name] for nest in ("", "imagenetv2/")]
        folder = find_folder(top, None, candidates, name="imagenet_v2")
        rows = tuple(class_folders(folder, _index, faults, per_class=PER_CLASS, group=name))
        faults += count_fault(folder, "classes with pictures", len({row.labels for row in rows}), CLASSES)
        return Part(folder, rows)


def _index(name: str) -> int | None:
    """The class that a folder's name stands for.

    >>> _index("10"), _index("010"), _index("1000")
    (10, None, None)
    """
    plain = name.isascii() and name.isdigit() and name == str(int(name))
    return int(name) if plain and int(name) < CLASSES else None
