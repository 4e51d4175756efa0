"""The files of a release, from a folder or straight from its tar."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from sidelight.data.source.excerpt import printable
from sidelight.data.source.tar_stream import Member, read_tar
from sidelight.records.errors import Fault, UserFault


def read_files(source: Path, *, wanted: Callable[[str], bool], limit: int) -> Iterator[Member | Fault]:
    """Go through a folder (sorted by name) or a tar, gzipped or not (in its order).

    Args:
        source: the folder or the archive.
        wanted: says by its name, relative to the source, whether a file's bytes are needed.
        limit: the largest file that is read, in bytes.

    Yields:
        Files, and a fault for each that cannot be read.

    Raises:
        UserFault: if there is no such source.
    """
    if source.is_dir():
        return _read_folder(source, wanted, limit)
    if source.is_file():
        return read_tar(source, wanted=wanted, limit=limit)
    raise UserFault(
        f"source {str(source)!r}",
        seen="nothing there",
        allowed="a folder or a .tar or .tar.gz file",
        remedy="Check the path",
    )


def is_apple_double(name: str) -> bool:
    """Whether a file is one of macOS's `._` twins, which hold attributes of another file and never a record.

    >>> is_apple_double("train_xml/n01440764/._n01440764_105.xml")
    True
    """
    return name.rpartition("/")[2].startswith("._")


def _read_folder(root: Path, wanted: Callable[[str], bool], limit: int) -> Iterator[Member | Fault]:
    for folder, folders, files in os.walk(root):
        folders.sort()
        for file in sorted(files):
            path = Path(folder, file)
            name = path.relative_to(root).as_posix()
            yield _read_file(path, name, limit) if wanted(name) else Member(name, None)


def _read_file(path: Path, name: str, limit: int) -> Member | Fault:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Fault(printable(name), "no regular file")
        if status.st_size > limit:
            return Fault(printable(name), f"{status.st_size} bytes; at most {limit} are read")
        return Member(name, path.read_bytes())
    except OSError as error:
        return Fault(printable(name), f"unreadable: {error.strerror}")
