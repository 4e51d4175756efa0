"""Downloads with a folder for each of 200 of ImageNet's classes, named by wnid: ImageNet-A and ImageNet-R."""

from collections.abc import Sequence
from pathlib import Path

from sidelight.data.public.imagenet_names import index_of, timm_list
from sidelight.data.public.listing import Listing, Part, class_folders, count_fault, find_folder
from sidelight.records.errors import Fault


def read_subset(root: Path, asked: Path | None, candidates: Sequence[str], *, name: str, pictures: int) -> Listing:
    """List such a download.

    Args:
        root: of all downloads.
        asked: its folder, where the user named one.
        candidates: usual folders, relative to `root`.
        name: of the benchmark; the list of its classes is timm's `NAME_synsets.txt`.
        pictures: of the complete download.

    Returns:
        A listing that asks about the 200 classes of the list, whatever is there of them.

    Raises:
        UserFault: if it is not there.
    """
    faults: list[Fault] = []
    wanted = timm_list(f"{name}_synsets.txt").read_text("utf-8").split()
    indices = {wnid: index for wnid in wanted if (index := index_of(wnid)) is not None}
    folder = find_folder(root, asked, candidates, name=name)
    rows = tuple(class_folders(folder, indices.get, faults))
    faults += count_fault(folder, "classes with pictures", len({row.labels for row in rows}), len(indices))
    faults += count_fault(folder, "pictures", len(rows), pictures)
    return Listing((Part(folder, rows),), pictures, tuple(sorted(indices.values())), tuple(faults))
