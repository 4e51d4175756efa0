"""Which file in a folder of maps belongs to which picture."""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"})


class MapFolder:
    """A folder of maps, and the pictures that they may belong to.

    A map is found by its picture's path without the ending, or by as much of the end of that path as the folder has:
    the map of `train/Real/p1.JPG` is `train/Real/p1.png`, else `Real/p1.png`, else `p1.png`. A map that would go to two
    pictures (class folders that share names) goes to neither.

    Args:
        root: of the folder.
        pictures: paths of all pictures, with forward slashes.
    """

    def __init__(self, root: Path, pictures: Iterable[str]) -> None:
        self._root = root
        self._files: dict[str, list[str]] = {}
        for path in sorted(root.rglob("*")):
            if path.suffix.lower() in ENDINGS and path.is_file():
                name = path.relative_to(root).as_posix()
                self._files.setdefault(_stem(name), []).append(name)
        self._owners: dict[str, list[str]] = {}
        for picture in pictures:
            for name in self._candidates(picture):
                self._owners.setdefault(name, []).append(picture)

    def __len__(self) -> int:
        return sum(map(len, self._files.values()))

    def find(self, picture: str) -> str | None:
        """The name of the picture's map, relative to the folder; None when there is none.

        Raises:
            ValueError: if there are several, or it may be another picture's; it says which.
        """
        names = self._candidates(picture)
        if len(names) > 1:
            raise ValueError(f"maps {', '.join(map(repr, names))} fit it alike; one is allowed")
        if not names:
            return None
        others = [other for other in self._owners[names[0]] if other != picture]
        if others:
            remedy = "put maps into folders like their pictures'"
            raise ValueError(f"map {names[0]!r} fits {others[0]!r} as well; {remedy}")
        return names[0]

    def strays(self) -> Iterator[str]:
        """Names of the maps that belong to no picture."""
        return (name for names in self._files.values() for name in names if name not in self._owners)

    def _candidates(self, picture: str) -> list[str]:
        parts = _stem(picture).split("/")
        tails = ("/".join(parts[start:]) for start in range(len(parts)))
        return next((self._files[tail] for tail in tails if tail in self._files), [])


def _stem(name: str) -> str:
    """The path without the ending of the file.

    >>> _stem("Real/p1.v2.JPG")
    'Real/p1.v2'
    """
    return PurePosixPath(name).with_suffix("").as_posix()
