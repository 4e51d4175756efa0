"""The Backgrounds Challenge: test pictures of ImageNet-9 with the object, its background or both exchanged.

Pictures are 224 pixels wide and must not be resized. Which of ImageNet's classes are in their nine stands in a map in
the authors' repository. It has no licence, so it does not come with sidelight: you bring it. Maps made from today's
WordNet differ from it (it leaves greyhounds and cats out, say), which the counts of its classes show. The names of the
files in mixed_rand and mixed_next say nothing reliable about their backgrounds: nothing is read off them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sidelight.data.public.class_map import read_class_map
from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder
from sidelight.records.errors import Fault, UserFault
from sidelight.records.shown import Shown

VARIANTS = ("original", "mixed_same", "mixed_rand", "mixed_next", "no_fg", "only_bg_b", "only_bg_t", "only_fg")
CLASSES = {
    "00_dog": 116,
    "01_bird": 52,
    "02_wheeled vehicle": 42,
    "03_reptile": 36,
    "04_carnivore": 35,
    "05_insect": 27,
    "06_musical instrument": 26,
    "07_primate": 20,
    "08_fish": 16,
}
"""Folder of each class, and how many of ImageNet's classes it has in the authors' map: 370 of 1000."""
PER_CLASS = 450
FOREGROUND, BACKGROUND = "foreground", "background"

Labels = list[tuple[int, ...]]


@dataclass(frozen=True)
class BackgroundsChallenge:
    """The public archive, `bg_challenge/<variant>/val/<class>/*.JPEG`, and the authors' map of classes."""

    folder: Path | None = None
    """Folder of the variants, where it is none of the usual ones."""

    in9_map: Path | None = None
    """The authors' in_to_in9.json, where it does not lie in the data root or beside the variants."""

    def read(self, root: Path) -> Listing:
        """List the pictures, groups being variants; see `listing.Reader`.

        Raises:
            UserFault: also without the map.

        Source: xiao2021noise.
        """
        faults: list[Fault] = []
        folder, labels = _opened(root, self, "backgrounds_challenge", faults)
        parts = [_part(folder / name / "val", labels, faults, group=name) for name in VARIANTS]
        expected = len(VARIANTS) * len(CLASSES) * PER_CLASS
        return Listing(tuple(parts), expected, faults=tuple(faults))


@dataclass(frozen=True)
class AdversarialBackgrounds:
    """The same archive: originals, their masks `fg_mask/val/<class>/*.npy`, and the tiled backgrounds."""

    folder: Path | None = None
    """Folder of the variants, where it is none of the usual ones."""

    in9_map: Path | None = None
    """The authors' in_to_in9.json, where it does not lie in the data root or beside the variants."""

    def read(self, root: Path) -> Listing:
        """List the originals that have a mask ("foreground"), then the backgrounds; see `listing.Reader`.

        Raises:
            UserFault: also without the map, or without any object or background.

        Source: xiao2021noise.
        """
        faults: list[Fault] = []
        folder, labels = _opened(root, self, "backgrounds_challenge_accuracy", faults)
        objects = _part(folder / "original" / "val", labels, faults, group=FOREGROUND)
        lacking = {row.path for row in objects.rows if not mask_file(objects, row).is_file()}
        faults += [Fault(str(objects.root / path), "no mask in fg_mask/val/") for path in sorted(lacking)]
        masked = Part(objects.root, [row for row in objects.rows if row.path not in lacking])
        behind = _part(folder / "only_bg_t" / "val", labels, faults, group=BACKGROUND)
        if not masked.rows or not behind.rows:
            raise UserFault(
                f"benchmark 'backgrounds_challenge_accuracy', {folder}",
                seen=f"{len(masked.rows)} objects with a mask, {len(behind.rows)} backgrounds",
                allowed=">= 1 of each",
                remedy="Unpack original/, fg_mask/ and only_bg_t/ there",
            )
        return Listing((masked, behind), 2 * len(CLASSES) * PER_CLASS, faults=tuple(faults))


def mask_file(objects: Part, row: Shown) -> Path:
    """Where the mask of an original lies.

    >>> mask_file(Part(Path("bg_challenge/original/val"), []), Shown("00_dog/a.JPEG", (151,))).as_posix()
    'bg_challenge/fg_mask/val/00_dog/a.npy'
    """
    return (objects.root.parents[1] / "fg_mask" / "val" / row.path).with_suffix(".npy")


def read_mask(file: Path, shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """[H, W] where the object is.

    Args:
        file: NumPy's form, zeros and ones.
        shape: (H, W) of its picture.

    Raises:
        UserFault: if it is unreadable, of another shape, or holds other numbers.
    """
    try:
        found = np.load(file, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise _bad_mask(file, f"unreadable ({type(error).__name__})", shape) from error
    if found.shape != shape or not np.isin(found, (0, 1)).all():
        values = f"{found.min():g} to {found.max():g}" if found.size else "nothing"
        raise _bad_mask(file, f"shape {found.shape}, {values}", shape)
    return np.asarray(found, dtype=bool)


def _bad_mask(file: Path, seen: str, shape: tuple[int, int]) -> UserFault:
    return UserFault(f"mask {file}", seen=seen, allowed=f"{shape} of zeros and ones", remedy="Unpack the archive again")


def _opened(
    root: Path, asked: BackgroundsChallenge | AdversarialBackgrounds, name: str, faults: list[Fault]
) -> tuple[Path, Labels]:
    """The folder, and right answers of the nine classes; a map with other counts than the authors' is a fault."""
    usual = ("bg_challenge", "backgrounds_challenge/bg_challenge", "backgrounds_challenge")
    folder = find_folder(root, asked.folder, usual, name=name)
    places = [root / "in_to_in9.json", folder / "in_to_in9.json"] if asked.in9_map is None else [asked.in9_map]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise UserFault(
            f"benchmark '{name}'",
            seen=f"no map of ImageNet's classes: {places[0]}",
            allowed="in_to_in9.json of github.com/MadryLab/backgrounds_challenge",
            remedy=f"Put it there, or name it with --{name}.in9-map",
        )
    members = read_class_map(file)
    labels = [members.get(str(number), ()) for number in range(len(CLASSES))]
    for (coarse, count), some in zip(CLASSES.items(), labels, strict=True):
        faults += count_fault(file, f"classes of ImageNet in '{coarse}'", len(some), count)
    return folder, labels


def _part(folder: Path, labels: Labels, faults: list[Fault], *, group: str) -> Part:
    if not folder.is_dir():
        faults.append(Fault(str(folder), "this folder is missing"))
        return Part(folder, [])
    number = {name: place for place, name in enumerate(CLASSES)}
    found = class_folders(folder, number.get, faults, per_class=PER_CLASS)
    rows = [Shown(row.path, labels[row.labels[0]], group) for row in found]
    faults += count_fault(folder, "pictures", len(rows), len(CLASSES) * PER_CLASS)
    return Part(folder, rows)
