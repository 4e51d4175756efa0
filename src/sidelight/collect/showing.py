"""A page's chunks put together: one showing a segment, all on one line of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from sidelight.collect.wire.chunk import Chunk, Samples
from sidelight.collect.wire.log import Entry

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Showing:
    """One segment of a page.

    Attributes:
        number: of the segment.
        tab: in which it was shown.
        start_ms: where its time 0 lies on the page's line; 0 for the first showing.
        end_ms: the last moment known of it, on its own clock.
        epoch_ms: wall clock at its time 0, ms since 1970.
        entries: in order.
        before: [entries] how many of the showing's samples were recorded before each entry.
        samples: of the pointer, on the showing's own clock.
    """

    number: int
    tab: str
    start_ms: float
    end_ms: float
    epoch_ms: float
    entries: tuple[Entry, ...]
    before: IntArray
    samples: Samples


def showings(chunks: Iterable[Chunk]) -> list[Showing]:
    """Put a page's chunks together.

    The wall clock says how much later than the first a showing began; within a showing only its own, monotonic clock
    counts. If the wall clock was put back between two showings of one tab, the later one follows the earlier at once.

    Args:
        chunks: of one page, in any order; some may be missing.

    Returns:
        In order of the segments.

    >>> showings([])
    []
    """
    ordered = sorted(chunks, key=lambda chunk: (*_segment(chunk), chunk.seq))
    made: list[Showing] = []
    for _, together in groupby(ordered, key=_segment):
        showing = _put_together(list(together))
        behind = max((each.start_ms + each.end_ms for each in made if each.tab == showing.tab), default=0.0)
        start = max(behind, showing.epoch_ms - made[0].epoch_ms) if made else 0.0
        made.append(replace(showing, start_ms=start))
    return made


def _segment(chunk: Chunk) -> tuple[int, str]:
    return chunk.segment, chunk.tab


def _put_together(chunks: Sequence[Chunk]) -> Showing:
    counts = [len(chunk.samples) for chunk in chunks]
    first = np.cumsum([0, *counts])
    before = [int(start) + entry.i for start, chunk in zip(first, chunks, strict=False) for entry in chunk.entries]
    entries = tuple(entry for chunk in chunks for entry in chunk.entries)
    samples = joined([chunk.samples for chunk in chunks])
    last = [chunk.anchor[0] for chunk in chunks] + [entry.t for entry in entries] + samples.t[-1:].tolist()
    return Showing(
        number=chunks[0].segment,
        tab=chunks[0].tab,
        start_ms=0.0,
        end_ms=max(last),
        epoch_ms=float(np.median([date_now - now for now, date_now in (chunk.anchor for chunk in chunks)])),
        entries=entries,
        before=np.array(before, dtype=np.int64),
        samples=samples,
    )


def joined(parts: Sequence[Samples]) -> Samples:
    """Samples one after the other."""
    columns = ("t", "x", "y", "modality", "pressed")
    return Samples(*(np.concatenate([getattr(part, column) for part in parts]) for column in columns))
