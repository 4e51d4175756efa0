"""Chunks that wait to be acknowledged; what is sent is sent until it is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from sidelight.collect.simulate.journal import Acked, Cut, Happened, Journal, digest_of
from sidelight.collect.simulate.line import Line
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.chunk import Chunk, encode
from sidelight.collect.wire.page import Gaps, Submit, Submitted

AT_ONCE = 3
"""Chunks of one browser under way at the same time."""

MOST_ATTEMPTS = 3


class TurnedAway(Exception):
    """The service answered with a status that no simulated person expects."""


def expect(answer: object, status: int, *allowed: int) -> None:
    """Refuse a status that is not allowed.

    Raises:
        TurnedAway: with what was answered.
    """
    if status not in allowed:
        raise TurnedAway(f"status {status}, {allowed} expected: {answer!r}"[:400])


@dataclass
class Outbox:
    """One tab's chunks, as the browser keeps them on its disk: they survive a reload.

    Attributes:
        tab: id.
        line: to the service.
        journal: of what was cut and acknowledged.
        waiting: chunks without acknowledgement, by number.
        next_seq: of the next chunk.
    """

    tab: str
    line: Line
    journal: Journal
    waiting: dict[int, bytes] = field(default_factory=dict)
    next_seq: int = 0

    def put(self, chunks: Sequence[Chunk]) -> None:
        """Keep chunks, numbered on from `next_seq`."""
        for chunk in chunks:
            body = encode(chunk)
            events = len(chunk.entries) + len(chunk.samples.t)
            self.journal.add(Cut(self.tab, chunk.seq, chunk.page, digest_of(body), events, len(body)))
            self.waiting[chunk.seq] = body
            self.next_seq = chunk.seq + 1

    async def drain(self, order: Sequence[int] | None = None) -> None:
        """Send everything that waits, some at once.

        Args:
            order: numbers in the order to send them; ascending by default.
        """
        numbers = [seq for seq in (order or sorted(self.waiting)) if seq in self.waiting]
        for start in range(0, len(numbers), AT_ONCE):
            await asyncio.gather(*(self._send(seq) for seq in numbers[start : start + AT_ONCE]))

    async def _send(self, seq: int) -> None:
        answer = await self.line.post_bytes("/api/chunk", self.waiting[seq])
        expect(answer.text, answer.status_code, 200)
        self.journal.add(Acked(self.tab, seq))
        del self.waiting[seq]

    async def submit(self, page: str, answer: Answer) -> Submitted:
        """Submit a page; send what the service says is missing, and try again."""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            body = Submit(page, self.tab, self.next_seq - 1, answer, attempt)
            reply = await self.line.post("/api/submit", body)
            if reply.status_code != 409:
                break
            self.journal.add(Happened("gaps", str(msgspec.json.decode(reply.content, type=Gaps).gaps)))
            await self.drain()
        expect(reply.text, reply.status_code, 200)
        return msgspec.json.decode(reply.content, type=Submitted)
