"""A simulated annotator from arrival to payment, over the service's own routes."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from sidelight.collect.fold.table import fold
from sidelight.collect.simulate.hands import Hands
from sidelight.collect.simulate.journal import Handed, Happened, Journal
from sidelight.collect.simulate.labour import perform, steps_of
from sidelight.collect.simulate.line import Line
from sidelight.collect.simulate.outbox import Outbox, expect
from sidelight.collect.simulate.person import Annotator, World
from sidelight.collect.wire.page import Agreement, Arrival, Completion, ConsentText, Next, PageSpec, Session

PAUSE_MS = 4000.0
"""Pause between two pages."""

MOST_TRIES = 4
"""Practice pages are repeated so often at most."""


class Empty(msgspec.Struct, frozen=True):
    """A body without fields."""


@dataclass(frozen=True)
class Habits:
    """What people do that a service must bear; shares of pages.

    Attributes:
        reload: in the middle of a page.
        abandon: leave for good in the middle of a page.
        give_back: return the assignment.
        shuffle: send chunks out of order.
        hold_back: submit before some chunks were sent.
        late: submit only after `late_s`.
        late_s: seconds.
        publish: tick the box for publication (share of people).
    """

    reload: float = 0.0
    abandon: float = 0.0
    give_back: float = 0.0
    shuffle: float = 0.0
    hold_back: float = 0.0
    late: float = 0.0
    late_s: float = 0.0
    publish: float = 0.8


GOOD = Habits()
HARD = Habits(reload=0.08, abandon=0.02, give_back=0.01, shuffle=0.3, hold_back=0.1, late=0.02)


@dataclass
class Client:
    """One person's whole visit.

    Attributes:
        annotator: who.
        world: what the pictures show.
        line: to the service.
        journal: of all clients.
        habits: what may go wrong at this end.
        clock: wall clock in ms since 1970; simulated time is added to what it says at arrival.
        run: of the simulation, so that tabs of two runs differ.
        parameters: of the address the person comes by.
        most_pages: the person leaves after so many; None never does.
    """

    annotator: Annotator
    world: World
    line: Line
    journal: Journal
    habits: Habits
    clock: Callable[[], float]
    run: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    most_pages: int | None = None
    _pages: int = 0
    _lived_ms: float = 0.0

    async def work(self) -> None:
        """Arrive, consent, label until nothing is left, finish."""
        self._began_ms = self.clock()
        self._rng = self.annotator.rng("habits")
        self._outbox = Outbox(self._tab(), self.line, self.journal)
        session = await self._enter(Session, "/api/arrive", Arrival(dict(self.parameters)))
        self.journal.add(Happened("arrived"))
        if session.stage == "consent":
            await self._consent()
        if await self._work_through() and self._pages:
            await self._finish()

    async def _work_through(self) -> bool:
        """Page after page; False when the person left before the end."""
        tries = 0
        while (page := await self._next()) is not None:
            if page.practice and tries == MOST_TRIES:
                self.journal.add(Happened("failed_practice"))
                return False
            if page.practice:
                tries += 1
                await self._practise(page, tries)
            elif self._pages == self.most_pages:
                self.journal.add(Happened("left"))
                return False
            elif not await self._label(page):
                return False
        return True

    def _tab(self) -> str:
        return f"{self.run}{self.annotator.number:06d}"

    async def _enter(self, kind: type[Session], path: str, body: msgspec.Struct) -> Session:
        reply = await self.line.post(path, body)
        expect(reply.text, reply.status_code, 200)
        session = msgspec.json.decode(reply.content, type=kind)
        self.line.token = session.token
        return session

    async def _consent(self) -> None:
        reply = await self.line.get("/api/consent")
        expect(reply.text, reply.status_code, 200)
        text = msgspec.json.decode(reply.content, type=ConsentText)
        publish = bool(self._rng.random() < self.habits.publish)
        await self._enter(Session, "/api/consent", Agreement(text.version, agreed=True, publish=publish))
        self.journal.add(Happened("consented"))

    async def _next(self) -> PageSpec | None:
        reply = await self.line.get("/api/page")
        expect(reply.text, reply.status_code, 200)
        return msgspec.json.decode(reply.content, type=Next).page

    async def _practise(self, page: PageSpec, tries: int) -> None:
        """Practice records nothing: no chunk is sent. People are careful there."""
        hands = perform(page, self.annotator.careful, self.world, nth=-tries, first=0, last=steps_of(page))
        answer = fold(page.task, hands.recording.entries, grid=page.grid)
        reply = await self._outbox.submit(page.id, answer)
        self.journal.add(Happened("practised", "passed" if reply.passed else "failed"))

    async def _label(self, page: PageSpec) -> bool:
        """Work on a page and submit it; False when the person left for good."""
        steps, habits, draws = steps_of(page), self.habits, self._rng.random(5).tolist()
        self._pages += 1
        first = 0
        if draws[0] < habits.reload + habits.abandon + habits.give_back and steps > 1:
            first = 1 + int(draws[1] * (steps - 1))
            await self._segment(page, first=0, last=first)
            again = await self._interrupted(page, draws[0])
            if again is None:
                return False
            page = again
        shuffled, hold_back = draws[2] < habits.shuffle, draws[3] < habits.hold_back
        hands = await self._segment(page, first=first, last=steps, shuffled=shuffled, hold_back=hold_back)
        if draws[4] < habits.late:
            await asyncio.sleep(habits.late_s)
        answer = fold(page.task, (*page.log, *hands.recording.entries), grid=page.grid)
        reply = await self._outbox.submit(page.id, answer)
        self.journal.add(Handed(page.id, complete=reply.complete, late=reply.late, answer=answer))
        return True

    async def _interrupted(self, page: PageSpec, draw: float) -> PageSpec | None:
        """In the middle of a page the person leaves, gives the work back (None), or loads the page again."""
        if draw < self.habits.abandon:
            self.journal.add(Happened("abandoned"))
            return None
        if draw < self.habits.abandon + self.habits.give_back:
            reply = await self.line.post("/api/return", Empty())
            expect(reply.text, reply.status_code, 200)
            self.journal.add(Happened("returned"))
            return None
        again = await self._next()
        expect(f"page {page.id} was loaded again", 200 if again is not None and again.id == page.id else 0, 200)
        self.journal.add(Happened("reloaded"))
        return again

    async def _segment(
        self, page: PageSpec, *, first: int, last: int, shuffled: bool = False, hold_back: bool = False
    ) -> Hands:
        """Do some of the page's steps, cut the recording into chunks and send them."""
        hands = perform(page, self.annotator, self.world, nth=self._pages, first=first, last=last)
        chunks = hands.recording.chunks(
            page=page.id,
            tab=self._outbox.tab,
            segment=page.segment,
            first_seq=self._outbox.next_seq,
            shown_at=self._began_ms + self._lived_ms,
        )
        self._lived_ms += hands.recording.now + PAUSE_MS
        self._outbox.put(chunks)
        numbers = sorted(self._outbox.waiting)
        if shuffled:
            numbers = self._rng.permutation(numbers).tolist()
        if hold_back:
            numbers = numbers[: len(numbers) // 2]
        await self._outbox.drain(numbers)
        return hands

    async def _finish(self) -> None:
        reply = await self.line.post("/api/finish", Empty())
        expect(reply.text, reply.status_code, 200)
        completion = msgspec.json.decode(reply.content, type=Completion)
        self.journal.add(Happened("finished", completion.code))
