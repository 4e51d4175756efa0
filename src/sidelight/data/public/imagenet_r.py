"""ImageNet-R: 30,000 renditions (paintings, toys, cartoons, ...) of 200 classes."""

from dataclasses import dataclass
from pathlib import Path

from sidelight.data.public.listing import Listing
from sidelight.data.public.subset import read_subset


@dataclass(frozen=True)
class ImageNetR:
    """The public archive, `imagenet-r/<wnid>/*.jpg`."""

    folder: Path | None = None
    """Folder of the class folders, where it is not imagenet-r/."""

    def read(self, root: Path) -> Listing:
        """List the pictures; see `listing.Reader`.

        Source: hendrycks2021many.
        """
        return read_subset(root, self.folder, ("imagenet-r", "ImageNet-R"), name="imagenet_r", pictures=30_000)
