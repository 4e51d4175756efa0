"""A dataset made of another one: where its pictures are, and what it must not overwrite."""

import os
from pathlib import Path

from sidelight.data.format.reader import Dataset
from sidelight.records.errors import UserFault


def image_root(parent: Dataset, out: Path) -> Path:
    """Where the pictures are, seen from `out`: absolute stays absolute, so that what could be moved still can."""
    root = Path(parent.manifest.image_root)
    if root.is_absolute():
        return root
    return Path(os.path.relpath((parent.root / root).resolve(), out.resolve()))


def refuse_own_place(parent: Dataset, out: Path) -> None:
    """Replacing `out` must not delete what is read, nor the pictures.

    Raises:
        UserFault: if it would.
    """
    target = out.resolve()
    for place in (parent.root.resolve(), (parent.root / parent.manifest.image_root).resolve()):
        if target == place or target in place.parents:
            raise UserFault(
                f"output {str(out)!r}",
                seen=f"the folder of {str(place)!r}, which is read from",
                allowed="a folder that does not hold the dataset or its pictures",
                remedy="Choose another folder",
            )
