"""What of the public benchmarks is on disk, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sidelight.data.public.listing import Listing, Reader
from sidelight.data.source.progress import Progress, silent
from sidelight.pipeline.public_pass import open_picture
from sidelight.records.errors import Fault, UserFault

WORKERS = 8


@dataclass(frozen=True)
class State:
    """How a benchmark lies on disk.

    Attributes:
        name: of the benchmark.
        state: whole, faulty (something is there), or missing.
        count: pictures that were found.
        expected: pictures of the whole benchmark; None while nothing is there.
        faults: everything that is wrong; of a missing one, what was looked for.
    """

    name: str
    state: Literal["whole", "faulty", "missing"]
    count: int
    expected: int | None
    faults: tuple[Fault, ...]


def check_downloads(
    readers: Mapping[str, Reader], root: Path, *, decode: bool = False, progress: Progress = silent
) -> Iterator[State]:
    """Look at benchmarks.

    Args:
        readers: by name.
        root: folder of the downloads.
        decode: also open every picture; takes minutes for fifty thousand.
        progress: told (pictures opened, of how many in this benchmark).

    Raises:
        UserFault: if there is no such folder.

    Yields:
        One state a benchmark, in the order given.
    """
    if not root.is_dir():
        raise UserFault(
            f"folder {root}", seen="no such folder", allowed="the folder of the downloads", remedy="Check the path"
        )
    for name, reader in readers.items():
        try:
            listing = reader.read(root)
        except UserFault as fault:
            yield State(name, "missing", 0, None, (Fault(fault.thing, f"{fault.seen}; allowed: {fault.allowed}"),))
            continue
        faults = listing.faults + (tuple(_unreadable(listing, progress)) if decode else ())
        yield State(name, "faulty" if faults else "whole", listing.count, listing.expected, faults)


def _unreadable(listing: Listing, progress: Progress) -> Iterator[Fault]:
    """Pictures that do not decode."""
    files = [part.root / row.path for part in listing.parts for row in part.rows]
    with ThreadPoolExecutor(WORKERS) as pool:
        for done, fault in enumerate(pool.map(_opened, files), start=1):
            progress(done, len(files))
            if fault is not None:
                yield fault


def _opened(file: Path) -> Fault | None:
    try:
        open_picture(file)
    except UserFault as fault:
        return Fault(str(file), fault.seen)
    return None
