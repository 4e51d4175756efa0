"""ImageNet-C: ImageNet's validation photos, each corrupted in 15 ways (and four extra ones) at five severities.

The archives hold JPEGs of 224 pixels that must not be resized, and were compressed once more after the corruption:
corrupting photos in memory instead gives torchvision's first ResNet-50 about 4 points more.
"""

from dataclasses import dataclass
from pathlib import Path

from sidelight.data.public.imagenet_names import CLASSES, index_of
from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder
from sidelight.records.errors import Fault, UserFault
from sidelight.records.shown import Shown

ARCHIVES: dict[str, tuple[str, ...]] = {
    "noise": ("gaussian_noise", "shot_noise", "impulse_noise"),
    "blur": ("defocus_blur", "glass_blur", "motion_blur", "zoom_blur"),
    "weather": ("snow", "frost", "fog", "brightness"),
    "digital": ("contrast", "elastic_transform", "pixelate", "jpeg_compression"),
    "extra": ("speckle_noise", "gaussian_blur", "spatter", "saturate"),
}
"""Corruptions by the archive that brings them; "extra" is not part of the benchmark's fifteen."""
SEVERITIES = range(1, 6)
PER_CLASS = 50


@dataclass(frozen=True)
class ImageNetC:
    """The public archives, `ImageNet-C/<corruption>/<1..5>/<wnid>/*.JPEG`."""

    folder: Path | None = None
    """Folder of the corruptions, where it is none of the usual ones; they may lie in folders named by archive."""

    extra: bool = False
    """Also show the four corruptions of extra.tar, as the authors' script does: gives accuracy_19 too."""

    def read(self, root: Path) -> Listing:
        """List the pictures, groups "CORRUPTION/SEVERITY"; see `listing.Reader`.

        Source: hendrycks2019benchmarking.
        """
        faults: list[Fault] = []
        folder = find_folder(root, self.folder, ("ImageNet-C", "imagenet-c", "imagenet_c"), name="imagenet_c")
        wanted = [(archive, name) for archive, names in ARCHIVES.items() for name in names]
        wanted = [(archive, name) for archive, name in wanted if self.extra or archive != "extra"]
        paths: dict[str, str] = {}  # the 75 folders hold the same names: one text for all of a name
        of_class = [(label,) for label in range(CLASSES)]
        parts = []
        for archive, name in wanted:
            nested = folder / archive / name
            for severity in SEVERITIES:
                place = (nested if nested.is_dir() else folder / name) / str(severity)
                if not place.is_dir():
                    faults.append(Fault(str(place), "this folder is missing"))
                    continue
                rows = class_folders(place, index_of, faults, per_class=PER_CLASS)
                group = f"{name}/{severity}"
                kept = [Shown(paths.setdefault(r.path, r.path), of_class[r.labels[0]], group) for r in rows]
                faults += count_fault(place, "classes with pictures", len({row.labels for row in kept}), CLASSES)
                parts.append(Part(place, kept))
        if not parts:
            raise _none(folder)
        return Listing(tuple(parts), len(wanted) * len(SEVERITIES) * CLASSES * PER_CLASS, faults=tuple(faults))


def _none(folder: Path) -> UserFault:
    return UserFault(
        f"benchmark 'imagenet_c', {folder}",
        seen="no corruption in it",
        allowed="folders such as gaussian_noise/1/",
        remedy="Unpack noise.tar, blur.tar, weather.tar and digital.tar there",
    )
