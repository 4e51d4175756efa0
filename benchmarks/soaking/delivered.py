"""What the browser delivered to a page, told by a log of the page's own, and how much of it is in the store."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec
import numpy as np

from sidelight.collect.wire.chunk import Chunk
from sidelight.collect.wire.log import Pointer

TELL = """
for (const kind of ["pointermove", "pointerdown", "pointerup", "pointercancel"]) {
  addEventListener(kind, (event) => {
    if (!document.querySelector("main:not([inert]) .area > *")) return;
    const moves = kind === "pointermove" ? event.getCoalescedEvents() : [];
    for (const { timeStamp, clientX, clientY } of moves.length ? moves : [event])
      delivered(JSON.stringify([kind.slice(7), performance.timeOrigin + timeStamp, clientX, clientY]));
  }, true);
}
addEventListener("pagehide", () => navigator.sendBeacon("/left"), true);
"""
"""Runs before any script of the page. `delivered` is a binding: what it is given has left the tab's process when it
returns, so that a tab that is killed takes nothing of it along. Whether the browser lets a page know that it is left is
told to the line: a machine without time may end a page like a tab that is killed."""

NEAR_MS = 50.0
"""The browser's two clocks (the page's time and the wall clock, in whole ms) are at most so far apart."""

LAST_MS = 300.0
"""The recorder lays down what is in no chunk yet some 30 to 150 ms after the first of it: so much, and some time for a
machine that is busy, a tab that is killed may take along."""


class Delivered(msgspec.Struct, frozen=True, tag="delivered"):
    """A pointer event reached the page.

    Attributes:
        page: its id.
        kind: move, down, up or cancel.
        at_ms: ms since 1970.
        x: client px.
        y: client px.
    """

    page: str
    kind: str
    at_ms: float
    x: float
    y: float


class Died(msgspec.Struct, frozen=True, tag="died"):
    """The page's tab was killed, or left without the page being told; `at_ms` is in ms since 1970."""

    page: str
    at_ms: float


Line = Delivered | Died


@dataclass
class Log:
    """All lines so far, and the file that keeps them."""

    file: BinaryIO
    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Write one line."""
        self.lines.append(line)
        self.file.write(msgspec.json.encode(line) + b"\n")
        self.file.flush()


def read_log(lines: Iterable[bytes]) -> list[Line]:
    """The log of a soak that may have been cut off in the middle of a line."""
    decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
    found: list[Line] = []
    for line in lines:
        try:
            found.append(decoder.decode(line))
        except msgspec.DecodeError:
            break
    return found


@dataclass(frozen=True)
class Stored:
    """How much of what was delivered is in the store.

    Attributes:
        delivered: events that the browser delivered.
        stored: of these, in the store: the sample, and what was pressed or let go.
        last: of those that are not, how many came within `LAST_MS` before their tab was killed.
        strange: samples in the store that the browser did not deliver, or that are there twice.
    """

    delivered: int = 0
    stored: int = 0
    last: int = 0
    strange: int = 0

    def __add__(self, other: "Stored") -> "Stored":
        """Both together."""
        return Stored(*(a + b for a, b in zip(self.figures(), other.figures(), strict=True)))

    def figures(self) -> tuple[int, int, int, int]:
        """Delivered, stored, last, strange."""
        return self.delivered, self.stored, self.last, self.strange

    @property
    def good(self) -> bool:
        """Whether at least 99.9 % of what a living tab got is stored, and nothing else is."""
        return self.stored >= 0.999 * (self.delivered - self.last) and not self.strange


def compare(lines: Sequence[Line], chunks: Sequence[Chunk]) -> Stored:
    """Look for every event of one page in its chunks: at the same eighth of a pixel, at the same time, each once."""
    samples, actions = _samples(chunks), _actions(chunks)
    deaths = [line.at_ms for line in lines if isinstance(line, Died)]
    found, lost = 0, list[float]()
    events = [line for line in lines if isinstance(line, Delivered)]
    for event in events:
        there = event.kind == "cancel" or _take(samples[_eighth(event.x), _eighth(event.y)], event.at_ms)
        if event.kind != "move":
            there = _take(actions[event.kind], event.at_ms) and there
        if there:
            found += 1
        else:
            lost.append(event.at_ms)
    last = sum(any(death - LAST_MS <= at <= death + NEAR_MS for death in deaths) for at in lost)
    return Stored(len(events), found, last, sum(map(len, samples.values())) + sum(map(len, actions.values())))


def _samples(chunks: Sequence[Chunk]) -> dict[tuple[int, int], list[float]]:
    """Place in eighths of a pixel -> times of the samples there, ms since 1970."""
    found = defaultdict[tuple[int, int], list[float]](list)
    for chunk in chunks:
        columns = zip(chunk.samples.t, chunk.samples.x, chunk.samples.y, strict=True)
        for t, x, y in columns:
            insort(found[_eighth(x), _eighth(y)], _wall(chunk, float(t)))
    return found


def _actions(chunks: Sequence[Chunk]) -> dict[str, list[float]]:
    """Down, up and cancel -> their times, ms since 1970."""
    found = defaultdict[str, list[float]](list)
    for chunk in chunks:
        for entry in chunk.entries:
            if isinstance(entry, Pointer):
                insort(found[entry.action], _wall(chunk, entry.t))
    return found


def _wall(chunk: Chunk, t: float) -> float:
    now, date_now = chunk.anchor
    return date_now + t - now


def _take(times: list[float], at: float) -> bool:
    """Take the nearest of these times away, if it is near enough."""
    nearest = min(times, key=lambda one: abs(one - at), default=None)
    if nearest is None or abs(nearest - at) > NEAR_MS:
        return False
    times.remove(nearest)
    return True


def _eighth(px: float) -> int:
    return int(np.floor(8 * px + 0.5))
