"""Where the time of a page went: active, idle, hidden. Every moment is counted once.

The rules, so that the figures can be relied on:

- A page's time is the time it was shown: of each showing (segment), from 0 to the last moment that its chunks know of
  (its last sample, entry or cut). Between two showings no time passes.
- *Hidden* is the time between the document's being hidden and its being shown again (another tab, a minimised window).
- A sign of life is a pointer sample, an act (select, add, stroke, undo ...), a press, a change of layout (scrolling,
  zooming, resizing), the focus coming or going, the page's being hidden or shown. A picture's loading, what comes into
  view, and the recorder's own entries are none.
- *Idle* is the whole of every stretch longer than 30 s without a sign of life, as far as the page was not hidden. A
  person who reads for 29 s is active, one who is away for 31 s was idle for 31 s.
- *Active* is the rest.
- Two showings at the same time (two windows) count once; then active goes before idle, and idle before hidden.
"""

import typing
from collections.abc import Iterable

import msgspec
import numpy as np
import numpy.typing as npt

from sidelight.collect.showing import Showing, showings
from sidelight.collect.wire.chunk import Chunk
from sidelight.collect.wire.log import Focus, Layout, Pointer, TaskEntry, Visibility

IDLE_MS = 30_000.0
"""A stretch without a sign of life that is longer than this is idle."""

LIFE = (*typing.get_args(TaskEntry), Pointer, Layout, Focus, Visibility)

ACTIVE, IDLE, HIDDEN = range(3)

Spans = npt.NDArray[np.float64]
"""[n, 2] from and until, ms."""


class Activity(msgspec.Struct, frozen=True):
    """Time of a page, ms; the three add up to the time it was shown."""

    active_ms: float
    idle_ms: float
    hidden_ms: float

    @property
    def shown_ms(self) -> float:
        """Time that the page was shown."""
        return self.active_ms + self.idle_ms + self.hidden_ms


def activity(chunks: Iterable[Chunk]) -> Activity:
    """Say where a page's time went.

    Args:
        chunks: of one page, in any order.

    >>> activity([])
    Activity(active_ms=0.0, idle_ms=0.0, hidden_ms=0.0)
    """
    pieces = [_pieces(showing) for showing in showings(chunks)]
    spans = np.concatenate([np.empty((0, 2)), *(spans for spans, _ in pieces)])
    kinds = np.concatenate([np.empty(0, dtype=np.int64), *(kinds for _, kinds in pieces)])
    active, awake, shown = (_length(spans[kinds <= most]) for most in (ACTIVE, IDLE, HIDDEN))
    return Activity(round(active, 1), round(awake - active, 1), round(shown - awake, 1))


def _pieces(showing: Showing) -> tuple[Spans, npt.NDArray[np.int64]]:
    """One showing cut where its kind may change: spans on the page's line, and what each was."""
    signs = np.array([entry.t for entry in showing.entries if isinstance(entry, LIFE)], dtype=np.float64)
    times = np.unique(np.concatenate([[0.0], showing.samples.t, signs, [showing.end_ms]]))
    quiet = np.flatnonzero(np.diff(times) > IDLE_MS)
    idle, hidden = np.column_stack([times[quiet], times[quiet + 1]]), _hidden(showing)
    borders = np.unique(np.concatenate([[0.0, showing.end_ms], idle.ravel(), hidden.ravel()]))
    spans = np.column_stack([borders[:-1], borders[1:]])
    middles = spans.mean(axis=1)
    kinds = np.where(_within(middles, hidden), HIDDEN, np.where(_within(middles, idle), IDLE, ACTIVE))
    return showing.start_ms + spans, kinds


def _hidden(showing: Showing) -> Spans:
    since, spans = None, []
    for entry in showing.entries:
        if isinstance(entry, Visibility):
            if not entry.visible and since is None:
                since = entry.t
            elif entry.visible and since is not None:
                spans.append((since, entry.t))
                since = None
    if since is not None:
        spans.append((since, showing.end_ms))
    return np.array(spans, dtype=np.float64).reshape(-1, 2)


def _within(times: npt.NDArray[np.float64], spans: Spans) -> npt.NDArray[np.bool_]:
    """Which times lie in one of the spans, which are in order and apart."""
    return np.searchsorted(spans[:, 0], times, side="right") > np.searchsorted(spans[:, 1], times, side="right")


def _length(spans: Spans) -> float:
    """Length of the union."""
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reached = np.maximum.accumulate(np.concatenate([[-np.inf], spans[:, 1]]))[:-1]
    return float(np.maximum(0.0, spans[:, 1] - np.maximum(spans[:, 0], reached)).sum())
