"""ImageNet-A: 7,500 photos of 200 classes that torchvision's first ResNet-50 gets wrong, every one of them."""

from dataclasses import dataclass
from pathlib import Path

from sidelight.data.public.listing import Listing
from sidelight.data.public.subset import read_subset


@dataclass(frozen=True)
class ImageNetA:
    """The public archive, `imagenet-a/<wnid>/*.jpg`."""

    folder: Path | None = None
    """Folder of the class folders, where it is not imagenet-a/."""

    def read(self, root: Path) -> Listing:
        """List the photos; see `listing.Reader`.

        Source: hendrycks2021natural.
        """
        return read_subset(root, self.folder, ("imagenet-a", "ImageNet-A"), name="imagenet_a", pictures=7_500)
