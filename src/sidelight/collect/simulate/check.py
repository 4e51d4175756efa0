"""Whether the store holds what people were told it holds: nothing acknowledged lost, nothing twice."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from sidelight.collect.fold.table import fold
from sidelight.collect.simulate.journal import Acked, Cut, Handed, Journal, digest_of
from sidelight.collect.wire.answer import Answer, PaintAnswer
from sidelight.collect.wire.chunk import decode
from sidelight.collect.wire.page import Task

ChunkRow = tuple[str, int, bytes]
"""(tab, seq, body)."""


class PageRow(msgspec.Struct, frozen=True):
    """A page as the store has it.

    Attributes:
        id: of the page.
        answer: as stored; None before a submit.
        complete: whether no chunk is missing.
        bodies: its chunks, in order of segment, time and number.
    """

    id: str
    answer: Answer | None
    complete: bool
    bodies: tuple[bytes, ...]


class Verdict(msgspec.Struct, frozen=True):
    """What a run came to. All numbers of events count pointer samples and log entries.

    Attributes:
        acknowledged: events the service said it has.
        lost: of these, not in the store.
        doubled: events stored more than once.
        altered: chunks stored with other bytes than were sent.
        unknown: chunks in the store, of this run's browsers, that none of them sent.
        delivered: events recorded on pages that were submitted.
        stored: of these, in the store.
        pages: submitted.
        missing_pages: submitted, but without an answer in the store.
        disagreeing: pages whose answer is not what their log folds to, or not what was sent.
        incomplete: pages taken with gaps.
        late: pages taken after their lease.
        notes: first few faults, in words.
    """

    acknowledged: int
    lost: int
    doubled: int
    altered: int
    unknown: int
    delivered: int
    stored: int
    pages: int
    missing_pages: int
    disagreeing: int
    incomplete: int
    late: int
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether every promise was kept: nothing lost, doubled or altered; 99.9 % stored; every page agrees."""
        kept = self.stored >= 0.999 * self.delivered
        return kept and not (
            self.lost or self.doubled or self.altered or self.unknown or self.missing_pages or self.disagreeing
        )


def check(
    journal: Journal,
    chunks: Iterable[ChunkRow],
    pages: Iterable[PageRow],
    *,
    task: Task,
) -> Verdict:
    """Hold the store against what the simulated people know.

    Args:
        journal: of all clients.
        chunks: every row of the store, of these and other tabs.
        pages: those of the journal's submitted pages.
        task: of the campaign.
    """
    cut = {(line.tab, line.seq): line for line in journal.lines if isinstance(line, Cut)}
    tabs = {tab for tab, _ in cut}
    held = Counter[tuple[str, int]]()
    altered, unknown, notes = 0, 0, list[str]()
    for tab, seq, body in chunks:
        if tab not in tabs:
            continue
        held[tab, seq] += 1
        if (tab, seq) not in cut:
            unknown += 1
            notes.append(f"chunk {tab}/{seq} was never sent")
        elif digest_of(body) != cut[tab, seq].digest:
            altered += 1
            notes.append(f"chunk {tab}/{seq} was changed")
    acked = {(line.tab, line.seq) for line in journal.lines if isinstance(line, Acked)}
    gone = sorted(acked - held.keys())
    notes += [f"chunk {tab}/{seq} was acknowledged and is not there" for tab, seq in gone]
    handed = {line.page: line for line in journal.lines if isinstance(line, Handed)}
    delivered = [key for key, line in cut.items() if line.page in handed]
    missing, disagreeing = _compare_pages(handed, pages, notes, task=task)
    return Verdict(
        acknowledged=sum(cut[key].events for key in acked),
        lost=sum(cut[key].events for key in gone),
        doubled=sum((count - 1) * cut[key].events for key, count in held.items() if count > 1 and key in cut),
        altered=altered,
        unknown=unknown,
        delivered=sum(cut[key].events for key in delivered),
        stored=sum(cut[key].events for key in delivered if key in held),
        pages=len(handed),
        missing_pages=missing,
        disagreeing=disagreeing,
        incomplete=sum(not line.complete for line in handed.values()),
        late=sum(line.late for line in handed.values()),
        notes=tuple(notes[:20]),
    )


def _compare_pages(
    handed: dict[str, Handed], pages: Iterable[PageRow], notes: list[str], *, task: Task
) -> tuple[int, int]:
    """How many submitted pages are not in the store, and how many have an answer that their log does not give."""
    missing, disagreeing = set(handed), 0
    for page in pages:
        if page.id not in handed or page.answer is None:
            continue
        missing.discard(page.id)
        folded = _folded(page, task) if page.complete else page.answer
        if not page.answer == folded == handed[page.id].answer:
            disagreeing += 1
            notes.append(f"page {page.id}: stored {page.answer}, its log gives {folded}, sent {handed[page.id].answer}")
    notes += [f"page {page} was submitted and has no answer" for page in sorted(missing)]
    return len(missing), disagreeing


def _folded(page: PageRow, task: Task) -> Answer:
    grid = page.answer.grid if isinstance(page.answer, PaintAnswer) else (0, 0)
    return fold(task, [entry for body in page.bodies for entry in decode(body).entries], grid=grid)
