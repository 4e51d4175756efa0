"""A page's log on one line of time, its pointer samples on the pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Generic, NamedTuple, Self, TypeVar

import numpy as np

from sidelight.collect.placed import Placed, place
from sidelight.collect.showing import Showing, showings
from sidelight.collect.wire.chunk import Chunk
from sidelight.collect.wire.log import Entry
from sidelight.records.event import Event
from sidelight.records.trace import Trace

W = TypeVar("W")


class Row(NamedTuple, Generic[W]):
    """Something with its place in the log; sorted by the first three, a log is in order.

    Attributes:
        time: ms since the page was first shown.
        showing: index of the showing.
        at: samples of the showing that were recorded before it; a sample's own is its index + 1/2.
        what: an entry or an event.
    """

    time: float
    showing: int
    at: float
    what: W


@dataclass(frozen=True)
class PageLog:
    """All that was recorded of a page.

    Attributes:
        showings: in order.
        placed: where each showing's samples lay.
        rows: all entries, in order of time.
    """

    showings: tuple[Showing, ...]
    placed: tuple[Placed, ...]
    rows: tuple[Row[Entry], ...]

    @classmethod
    def of(cls, chunks: Iterable[Chunk], pictures: Sequence[str], *, around_px: float = 0.0) -> Self:
        """Put chunks together.

        Args:
            chunks: of one page, in any order.
            pictures: ids of its pictures.
            around_px: how far outside a picture, in CSS px, samples still belong to it.
        """
        shown = tuple(showings(chunks))
        placed = tuple(place(showing, pictures, around_px=around_px) for showing in shown)
        rows = [
            Row(round(showing.start_ms + entry.t, 1), number, float(before), entry)
            for number, showing in enumerate(shown)
            for before, entry in zip(showing.before.tolist(), showing.entries, strict=True)
        ]
        return cls(shown, placed, in_order(rows))

    def ended(self, showing: int) -> float:
        """When a showing ended, on the page's line."""
        return round(self.showings[showing].start_ms + self.showings[showing].end_ms, 1)

    def moves(self, picture: int) -> list[Row[Event]]:
        """The pointer's path over the picture of this index, as events."""
        rows: list[Row[Event]] = []
        for number, (showing, placed) in enumerate(zip(self.showings, self.placed, strict=True)):
            on = np.flatnonzero(placed.picture == picture)
            times = np.round(showing.start_ms + showing.samples.t[on], 1).tolist()
            samples = zip(on.tolist(), times, placed.x[on].tolist(), placed.y[on].tolist(), strict=True)
            rows += [Row(time, number, k + 0.5, Event("move", time, x, y)) for k, time, x, y in samples]
        return rows


def in_order(rows: Iterable[Row[W]]) -> tuple[Row[W], ...]:
    """Rows by time; those of one time as they were recorded."""
    return tuple(sorted(rows, key=itemgetter(0, 1, 2)))


def trace_of(events: Iterable[Event]) -> Trace:
    """The pointer samples among events.

    >>> len(trace_of([Event("enter", 1.0), Event("move", 2.0, 0.5, 0.5)]))
    1
    """
    samples = [(event.elapsed_ms, event.x, event.y) for event in events if event.kind == "move"]
    t, x, y = np.array(samples, dtype=np.float64).reshape(-1, 3).T
    return Trace(t, x, y)
