"""ImageNet-1K's 50,000 validation photos: sorted into folders by wnid, or flat with a list of their classes."""

from dataclasses import dataclass
from pathlib import Path

from sidelight.data.public.ground_truth import read_ground_truth
from sidelight.data.public.imagenet_names import CLASSES, index_of
from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder, pictures_in
from sidelight.records.errors import Fault, UserFault
from sidelight.records.shown import Shown

FOLDERS = ("imagenet/val", "ILSVRC2012/val", "ILSVRC/Data/CLS-LOC/val", "ILSVRC2012_img_val", "val")
KAGGLE = "LOC_val_solution.csv"
PER_CLASS = 50


@dataclass(frozen=True)
class ImageNetVal:
    """The validation photos, val/<wnid>/ILSVRC2012_val_XXXXXXXX.JPEG, or all in one folder."""

    folder: Path | None = None
    """Folder of the photos, where it is none of the usual ones."""

    ground_truth: Path | None = None
    """List of classes for photos in one flat folder: lines 'NAME INDEX' or 'NAME,INDEX', or LOC_val_solution.csv (which
    is found by itself in the data root)."""

    def read(self, root: Path) -> Listing:
        """List the photos; see `listing.Reader`.

        Raises:
            UserFault: also for a flat folder without a list of classes.

        Source: russakovsky2015imagenet.
        """
        faults: list[Fault] = []
        folder = find_folder(root, self.folder, FOLDERS, name="imagenet")
        if any(entry.is_dir() for entry in folder.iterdir()):
            rows = tuple(class_folders(folder, index_of, faults, per_class=PER_CLASS))
            faults += count_fault(folder, "classes with pictures", len({row.labels for row in rows}), CLASSES)
        else:
            rows = self._flat(folder, self.ground_truth or _kaggle(root, folder), faults)
        return Listing((Part(folder, rows),), CLASSES * PER_CLASS, faults=tuple(faults))

    def _flat(self, folder: Path, ground_truth: Path, faults: list[Fault]) -> tuple[Shown, ...]:
        labels, wrong = read_ground_truth(ground_truth)
        faults += wrong
        names = pictures_in(folder, faults)
        nameless = [name for name in names if Path(name).stem not in labels]
        faults += [Fault(str(folder / name), f"its class is not in {ground_truth}") for name in nameless]
        of_class = [(label,) for label in range(CLASSES)]
        known = [(name, labels[Path(name).stem]) for name in names if Path(name).stem in labels]
        faults += count_fault(folder, "pictures of known class", len(known), CLASSES * PER_CLASS)
        return tuple(Shown(name, of_class[label]) for name, label in known)


def _kaggle(root: Path, folder: Path) -> Path:
    """Kaggle's list, which its archive puts beside the folders."""
    found = [place / KAGGLE for place in (root, folder.parent) if (place / KAGGLE).is_file()]
    if not found:
        raise UserFault(
            f"ImageNet's validation photos {folder}",
            seen="photos in one flat folder, whose classes nothing says",
            allowed="folders named by wnid, or a list of classes",
            remedy=f"Put {KAGGLE} into the data root, or name a list with the option ground-truth",
        )
    return found[0]
