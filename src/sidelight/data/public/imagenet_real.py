"""ReaL: all the labels that people found right for each of ImageNet's validation photos; none for 3,163 of them.

The labels come by the number in the file's name, 1 to 50,000, so the order of reading does not matter. (The
snippet in the authors' README makes these names with `i+i` where `i+1` is meant, which is right for 117 of 50,000.)
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from sidelight.data.public.imagenet_names import timm_list
from sidelight.data.public.imagenet_val import FOLDERS
from sidelight.data.public.listing import Listing, Part, count_fault, find_folder, pictures_in
from sidelight.records.errors import Fault, UserFault
from sidelight.records.shown import Shown

PHOTOS = 50_000
NAME = re.compile(r"ILSVRC2012_val_(?P<number>[0-9]{8})\.[A-Za-z]+")


@dataclass(frozen=True)
class ImageNetReal:
    """ImageNet's validation photos, in folders by wnid or flat, with ReaL's labels."""

    folder: Path | None = None
    """Folder of the photos, where it is none of the usual ones."""

    labels: Path | None = None
    """The authors' real.json; without it the same file out of timm's package."""

    def read(self, root: Path) -> Listing:
        """List the photos; see `listing.Reader`.

        Source: beyer2020real.
        """
        faults: list[Fault] = []
        labels = _labels(self.labels or timm_list("imagenet_real_labels.json"))
        folder = find_folder(root, self.folder, FOLDERS, name="imagenet_real")
        inside = [entry for entry in sorted(folder.iterdir()) if entry.is_dir()]
        paths = [f"{place.name}/{name}" for place in inside for name in pictures_in(place, faults)]
        if not inside:
            paths = pictures_in(folder, faults)
        rows = []
        for path in paths:
            found = NAME.fullmatch(Path(path).name)
            number = 0 if found is None else int(found["number"])
            if 1 <= number <= PHOTOS:
                rows.append(Shown(path, labels[number - 1]))
            else:
                faults.append(Fault(str(folder / path), "not named ILSVRC2012_val_00000001 to _00050000"))
        faults += count_fault(folder, "photos", len({Path(row.path).name for row in rows}), PHOTOS)
        return Listing((Part(folder, tuple(rows)),), PHOTOS, faults=tuple(faults))


def _labels(file: Path) -> list[tuple[int, ...]]:
    try:
        lists = json.loads(file.read_text("utf-8"))
        labels = [tuple(int(label) for label in labels) for labels in lists]
    except (OSError, ValueError, TypeError) as error:
        raise _refused(file, f"unreadable ({type(error).__name__})") from error
    if len(labels) != PHOTOS:
        raise _refused(file, f"{len(labels)} lists of labels")
    return labels


def _refused(file: Path, seen: str) -> UserFault:
    return UserFault(
        f"ReaL's labels {file}",
        seen=seen,
        allowed=f"a JSON list of {PHOTOS:,} lists of indices",
        remedy="Take real.json of google-research/reassessed-imagenet, or leave --imagenet_real.labels out",
    )
