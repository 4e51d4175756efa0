"""ImageNet's validation photos answered by coarse class, under any map: with in_to_in9.json, ImageNet-9."""

from dataclasses import dataclass
from pathlib import Path

from sidelight.data.public.class_map import read_class_map
from sidelight.data.public.imagenet_val import PER_CLASS, ImageNetVal
from sidelight.data.public.listing import Listing, Part
from sidelight.records.errors import UserFault
from sidelight.records.shown import Shown


@dataclass(frozen=True)
class ImageNet9:
    """The validation photos of the classes that a map puts somewhere."""

    class_map: Path | None = None
    """The map: in_to_in9.json of the Backgrounds Challenge, or any JSON of its form; must be named."""

    folder: Path | None = None
    """Folder of ImageNet's validation photos, where it is none of the usual ones."""

    ground_truth: Path | None = None
    """List of their classes, for a flat folder; as --imagenet.ground-truth."""

    def read(self, root: Path) -> Listing:
        """List the photos, groups being coarse classes; see `listing.Reader`.

        Raises:
            UserFault: also without a map.

        Source: xiao2021noise.
        """
        if self.class_map is None:
            raise UserFault(
                "benchmark 'imagenet_9'",
                seen="no map of classes",
                allowed="a JSON file {index or wnid of ImageNet: coarse class, or -1}",
                remedy="Name one with --imagenet_9.class-map",
            )
        members = read_class_map(self.class_map)
        name_of = {index: name for name, some in members.items() for index in some}
        val = ImageNetVal(self.folder, self.ground_truth).read(root)
        (part,) = val.parts
        asked = [(row, name_of[row.labels[0]]) for row in part.rows if row.labels[0] in name_of]
        rows = tuple(Shown(row.path, members[name], name) for row, name in asked)
        return Listing((Part(part.root, rows),), PER_CLASS * len(name_of), tuple(sorted(name_of)), val.faults)
