"""What a simulated browser recorded on a page, and how it is cut into chunks."""

from dataclasses import dataclass, field

import msgspec
import numpy as np
import numpy.typing as npt

from sidelight.collect.wire.chunk import Chunk, Samples
from sidelight.collect.wire.log import Entry

FloatArray = npt.NDArray[np.float64]

CHUNK_MS = 2000.0
"""A chunk is cut at the latest so long after its first event."""

MODALITY = {"mouse": 0, "touch": 1, "pen": 2}


@dataclass
class Recording:
    """One segment of a page's log, in order of time.

    Attributes:
        now: ms since the page was shown; goes forward only.
        modality: of the pointer.
    """

    modality: str = "mouse"
    now: float = 0.0
    _columns: list[FloatArray] = field(default_factory=list)
    _length: int = 0
    _entries: list[Entry] = field(default_factory=list)

    def log(self, kind: type[Entry], **fields: object) -> None:
        """Add an entry that happens now."""
        self._entries.append(kind(t=round(self.now, 1), i=self._length, **fields))  # type: ignore[arg-type]

    def move(self, times: FloatArray, xy: FloatArray, *, pressed: bool = False) -> None:
        """Add pointer samples; the last one's time is now.

        Args:
            times: [n] ms, increasing, not before now.
            xy: [n, 2] client px.
            pressed: whether a button or the tip is down.
        """
        if len(times):
            self._columns.append(np.column_stack([times, xy, np.full(len(times), float(pressed))]))
            self._length += len(times)
            self.now = float(times[-1])

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries so far."""
        return tuple(self._entries)

    @property
    def samples(self) -> int:
        """Number of pointer samples so far."""
        return self._length

    def chunks(
        self, *, page: str, tab: str, segment: int, first_seq: int, shown_at: float, every_ms: float = CHUNK_MS
    ) -> list[Chunk]:
        """Cut the segment as the browser does: every 2 s, never an empty chunk.

        Args:
            page: id of the page.
            tab: of the simulated browser.
            segment: of the page.
            first_seq: number of the first chunk.
            shown_at: wall clock when the page was shown, ms since 1970.
            every_ms: how long a chunk lasts.

        Returns:
            Chunks numbered from `first_seq`; together they hold every event once.
        """
        samples = np.concatenate(self._columns) if self._columns else np.empty((0, 4))
        places = np.array([entry.i for entry in self._entries], dtype=np.intp)
        sample_slots = np.floor(samples[:, 0] / every_ms).astype(np.intp)
        entry_slots = np.floor(np.array([entry.t for entry in self._entries]) / every_ms).astype(np.intp)
        made: list[Chunk] = []
        for slot in np.union1d(sample_slots, entry_slots).tolist():
            first, last = np.searchsorted(sample_slots, [slot, slot + 1]).tolist()
            among = range(*np.searchsorted(entry_slots, [slot, slot + 1]).tolist())
            cut_at = round(min((slot + 1) * every_ms, max(self.now, slot * every_ms)), 1)
            made.append(
                Chunk(
                    page=page,
                    tab=tab,
                    seq=first_seq + len(made),
                    segment=segment,
                    anchor=(cut_at, round(shown_at + cut_at)),
                    coalesced=True,
                    entries=tuple(_placed(self._entries[k], int(places[k]) - first) for k in among),
                    samples=_columns(samples[first:last], MODALITY[self.modality]),
                )
            )
        return made


def _placed(entry: Entry, i: int) -> Entry:
    return msgspec.structs.replace(entry, i=max(0, i))


def _columns(rows: FloatArray, modality: int) -> Samples:
    return Samples(
        t=rows[:, 0],
        x=rows[:, 1],
        y=rows[:, 2],
        modality=np.full(len(rows), modality, dtype=np.uint8),
        pressed=rows[:, 3].astype(np.uint8),
    )
