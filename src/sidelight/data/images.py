"""Picture files to arrays, kept in memory where they fit."""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from sidelight.records.errors import UserFault

# OpenCV prints what it thinks of a broken file; our own fault says it once, with the file's name.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

Image = npt.NDArray[np.uint8]
"""[H, W, 3] RGB."""


def read_image(path: Path) -> Image:
    """Decode one picture to RGB, turned upright by its EXIF tag; grey and transparent ones become RGB.

    Args:
        path: a JPEG, PNG, WebP, BMP or TIFF file.

    Returns:
        uint8 [H, W, 3].

    Raises:
        UserFault: if the file is missing or is no readable picture.
    """
    try:
        encoded = np.fromfile(path, dtype=np.uint8)
    except OSError as error:
        raise _unreadable(path, f"{type(error).__name__}: {error.strerror}") from None
    decoded = cv2.imdecode(encoded, cv2.IMREAD_COLOR_RGB) if len(encoded) else None
    if decoded is None:
        raise _unreadable(path, f"{len(encoded)} bytes that do not decode")
    return np.asarray(decoded, dtype=np.uint8)


class ImageStore:
    """The pictures of a list of files, decoded once when they fit into memory.

    Args:
        paths: of the files; pictures are asked for by their place in this list.
        budget_bytes: how much decoded data to keep; pictures beyond it are decoded again whenever they are asked for.
        change: applied to each picture right after decoding (place, picture) -> picture; None leaves them as they are.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        budget_bytes: int = 4 << 30,
        change: Callable[[int, Image], Image] | None = None,
    ) -> None:
        self._paths = list(paths)
        self._free = budget_bytes
        self._change = change
        self._kept: dict[int, Image] = {}

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, place: int) -> Image:
        kept = self._kept.get(place)
        if kept is not None:
            return kept
        image = read_image(self._paths[place])
        if self._change is not None:
            image = self._change(place, image)
        if image.nbytes <= self._free:
            self._free -= image.nbytes
            self._kept[place] = image
        return image


def _unreadable(path: Path, seen: str) -> UserFault:
    return UserFault(
        f"picture {path}",
        seen=seen,
        allowed="a JPEG, PNG, WebP, BMP or TIFF file",
        remedy="Restore the file, or run 'sidelight data validate' to list every such file",
    )
