import asyncio

import httpx
import msgspec
import numpy as np
import pytest

from sidelight.collect.simulate.journal import Acked, Cut, Journal, digest_of
from sidelight.collect.simulate.line import CALM, Line
from sidelight.collect.simulate.outbox import Outbox, TurnedAway
from sidelight.collect.wire.answer import BrowseAnswer
from sidelight.collect.wire.chunk import Chunk, Samples, decode, encode
from sidelight.collect.wire.log import Shown
from sidelight.collect.wire.page import Gaps, Submit, Submitted


class Service:
    """Keeps chunks; says 409 while some are missing."""

    def __init__(self, refuse=()):
        self.chunks, self.submits, self.refuse = [], [], set(refuse)

    def __call__(self, request):
        if request.url.path == "/api/chunk":
            self.chunks.append(decode(request.content).seq)
            return httpx.Response(400 if self.chunks[-1] in self.refuse else 200, content=b"{}")
        said = msgspec.json.decode(request.content, type=Submit)
        self.submits.append(said.attempt)
        missing = sorted(set(range(said.last_seq + 1)) - set(self.chunks))
        if missing and said.attempt < 3:
            return httpx.Response(409, content=msgspec.json.encode(Gaps(((missing[0], missing[-1]),))))
        return httpx.Response(200, content=msgspec.json.encode(Submitted(complete=not missing)))


def chunk(seq):
    return Chunk("p", "t", seq, 0, (1.0, 1e12), True, (Shown(t=0.0, i=0),), Samples.none())


def with_outbox(service, work):
    journal = Journal()

    async def run():
        async with httpx.AsyncClient(transport=httpx.MockTransport(service), base_url="http://service") as http:
            outbox = Outbox("t", Line(http, CALM, np.random.default_rng(0), journal, wait_s=0.0), journal)
            return await work(outbox)

    return asyncio.run(run()), journal


def test_what_is_put_is_journalled_sent_and_journalled_again():
    service = Service()

    async def work(outbox):
        outbox.put([chunk(0), chunk(1)])
        await outbox.drain()
        return outbox.waiting, outbox.next_seq

    (waiting, next_seq), journal = with_outbox(service, work)
    assert (waiting, next_seq, sorted(service.chunks)) == ({}, 2, [0, 1])
    assert journal.lines[0] == Cut("t", 0, "p", digest_of(encode(chunk(0))), 1, len(encode(chunk(0))))
    assert [line for line in journal.lines if isinstance(line, Acked)] == [Acked("t", 0), Acked("t", 1)]


def test_chunks_go_in_the_order_asked_for_and_the_rest_waits():
    service = Service()

    async def work(outbox):
        outbox.put([chunk(n) for n in range(5)])
        await outbox.drain([4, 0])
        return sorted(outbox.waiting)

    waiting, _ = with_outbox(service, work)
    assert (waiting, set(service.chunks)) == ([1, 2, 3], {0, 4})


def test_a_submit_with_gaps_sends_what_waits_and_tries_again():
    service = Service()

    async def work(outbox):
        outbox.put([chunk(0), chunk(1)])
        return await outbox.submit("p", BrowseAnswer({}))

    reply, journal = with_outbox(service, work)
    assert reply.complete
    assert service.submits == [1, 2]
    assert journal.count("gaps") == 1


def test_a_refused_chunk_is_a_fault_to_be_told():
    async def work(outbox):
        outbox.put([chunk(0)])
        await outbox.drain()

    with pytest.raises(TurnedAway, match="status 400"):
        with_outbox(Service(refuse=[0]), work)
