"""Cut pictures kept on disk, for the next model that cuts them in the same way."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

Views = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
"""[B] numbers of pictures within a pass."""


class ViewCache:
    """Uncompressed pictures of one pass: `KEY.views` [n, H, W, 3] uint8, and `KEY.done` [n], which of them are there.

    Args:
        folder: of all such files; may be deleted at any time.
        root: of the pictures.
        paths: of the pass, in its order, relative to `root`.
        cut: everything that decides how they are cut.
    """

    def __init__(self, folder: Path, root: Path, paths: Sequence[str], cut: object) -> None:
        digest = hashlib.sha256(f"{root.resolve()} {cut!r}".encode())
        for path in paths:  # a file that was replaced has another size or time
            stat = (root / path).stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
        folder.mkdir(parents=True, exist_ok=True)
        stem = digest.hexdigest()[:16]
        self._views_file, self._done_file, self._count = folder / f"{stem}.views", folder / f"{stem}.done", len(paths)
        self._views: Views | None = None
        self._done: npt.NDArray[np.uint8] | None = None
        if self._views_file.is_file() and self._done_file.is_file():
            self._views = np.load(self._views_file, mmap_mode="r+")
            self._done = np.load(self._done_file, mmap_mode="r+")

    def get(self, group: Places) -> Views | None:
        """The pictures of these places [B, H, W, 3]; None unless all are there."""
        if self._views is None or self._done is None or not self._done[group].all():
            return None
        return np.array(self._views[group])

    def put(self, group: Places, views: Views) -> None:
        """Keep the pictures of these places; marked only when they are written."""
        if self._views is None or self._done is None:
            shape = (self._count, *views.shape[1:])
            self._views = np.lib.format.open_memmap(self._views_file, mode="w+", dtype=np.uint8, shape=shape)
            self._done = np.lib.format.open_memmap(self._done_file, mode="w+", dtype=np.uint8, shape=(self._count,))
        self._views[group] = views
        self._done[group] = 1
