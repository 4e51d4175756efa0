"""A store with pictures and hits, and a person's way through it."""

from dataclasses import dataclass, field

import pytest

from sidelight.collect.measure.activity import Activity
from sidelight.collect.store import answers, chunks, hits, leases, people, pictures
from sidelight.collect.store.chunks import Sent
from sidelight.collect.store.engine import Store
from sidelight.collect.store.ids import hash_token
from sidelight.collect.store.leases import LeasedPage
from sidelight.collect.store.pictures import Picture
from sidelight.collect.store.plan import Plan
from sidelight.collect.wire.answer import BrowseAnswer
from sidelight.collect.wire.chunk import Head

LEASE_S = 600.0
SPENT = Activity(active_ms=1000.0, idle_ms=200.0, hidden_ms=0.0)


@dataclass
class Desk:
    """What the service does with a store, in few words."""

    store: Store
    clock: object
    seqs: dict[str, int] = field(default_factory=dict)

    def do(self, work, *arguments, **options):
        return self.store.write(lambda c: work(c, *arguments, **options)).result(timeout=60)

    def see(self, work, *arguments, **options):
        with self.store.read() as c:
            return work(c, *arguments, **options)

    def fill(self, n_hits: int, *, pages: int = 2, wanted: int = 1) -> None:
        self.do(pictures.add, [Picture(f"p{i}", "images", f"{i}.png", 8, 6) for i in range(n_hits * pages)])
        plans = [[Plan((f"p{h * pages + i}",)) for i in range(pages)] for h in range(n_hits)]
        self.do(hits.add, plans, wanted=wanted)

    def arrive(self, *, preview: bool = False) -> str:
        options = {"panel": "link", "condition": {"blurred": True}, "locale": "en", "preview": preview}
        return self.do(people.create_session, **options, now=self.clock())

    def worker(self) -> str:
        """Somebody who agreed and may work; her withdrawal token is her session's id."""
        session = self.arrive()
        consent = {"version": "v1", "publish": True, "withdraw_hash": hash_token(session)}
        self.do(people.agree, session, **consent, now=self.clock())
        self.do(people.passed_practice, session, now=self.clock())
        return session

    def take(self, session: str, **options) -> LeasedPage | None:
        return self.do(leases.take_page, session, now=self.clock(), lease_s=LEASE_S, **options)

    def send(
        self,
        session: str,
        page: str,
        seq: int | None = None,
        body: bytes = b"SLC1 events",
        n: int = 3,
        segment: int = 0,
    ) -> bool:
        seq = self.seqs.setdefault(session, 0) if seq is None else seq
        self.seqs[session] = max(self.seqs.get(session, 0), seq + 1)
        head = Head(page, "tab", seq, segment, (1.0, 1.8e12), n, (1, 1, 1, 1), True)
        return self.do(chunks.put, Sent(session, head, body, self.clock()))

    def submit(self, session: str, page: str, **options) -> bool:
        given = {"answer": BrowseAnswer({"p0": (0.5, 0.25)}), "complete": True, "agrees": True, "activity": SPENT}
        return self.do(answers.submit, session, page, **(given | options), now=self.clock())

    def finish(self, session: str) -> str | None:
        return self.do(answers.finish, session, now=self.clock())

    def work_through(self, session: str) -> int:
        """Label all there is for somebody; the number of pages."""
        n = 0
        while page := self.take(session):
            self.send(session, page.id)
            self.submit(session, page.id)
            n += 1
        return n


@pytest.fixture
def desk(store, clock) -> Desk:
    return Desk(store, clock)


@pytest.fixture
def desks(processes, clock) -> list[Desk]:
    """One for each process that works on the same database."""
    return [Desk(one, clock) for one in processes]
