import os
import threading

import pytest
import sqlalchemy as sa

from sidelight.collect.store import bundles, chunks
from sidelight.collect.store import tables as t
from sidelight.collect.store.erasure import Removed
from sidelight.collect.store.ids import hash_token
from sidelight.collect.store.progress import progress
from sidelight.collect.store.withdrawal import withdraw


@pytest.fixture
def sent(desk):
    """A session, its page, and the bodies of its ten chunks; number 6 never came."""
    desk.fill(1)
    who = desk.worker()
    page = desk.take(who).id
    bodies = {seq: os.urandom(60) for seq in range(10) if seq != 6}
    for seq, body in bodies.items():
        desk.send(who, page, seq=seq, body=body)
    return who, page, bodies


def rows(desk) -> tuple[int, int]:
    counts = [sa.select(sa.func.count()).select_from(table) for table in (t.chunk, t.bundle)]
    return desk.see(lambda c: tuple(c.execute(count).scalar() for count in counts))


def test_chunks_packed_together_are_read_as_before(desk, sent):
    who, page, bodies = sent
    before = (
        desk.see(chunks.of_page, page),
        desk.see(chunks.gaps, who, "tab", 11),
        desk.see(lambda c: [*chunks.every(c)]),
    )
    assert desk.do(bundles.bundle, who, page) == 9
    assert rows(desk) == (0, 2)
    after = (
        desk.see(chunks.of_page, page),
        desk.see(chunks.gaps, who, "tab", 11),
        desk.see(lambda c: [*chunks.every(c)]),
    )
    assert before == after
    assert after[:2] == ([*bodies.values()], ((6, 6), (10, 11)))
    assert desk.see(progress, now=0.0).samples == 27


def test_a_chunk_that_is_packed_is_known_when_it_comes_again(desk, sent):
    who, page, bodies = sent
    desk.do(bundles.bundle, who, page)
    assert [desk.send(who, page, seq=seq, body=b"again") for seq in (0, 5, 7, 9)] == [False] * 4
    assert desk.see(chunks.of_page, page) == [*bodies.values()]


def test_chunks_that_come_after_packing_are_kept_in_their_places(desk, sent):
    who, page, bodies = sent
    desk.do(bundles.bundle, who, page)
    assert desk.send(who, page, seq=6, body=b"at last")
    assert desk.send(who, page, seq=10, body=b"more")
    in_order = [body for _, body in sorted((bodies | {6: b"at last", 10: b"more"}).items())]
    assert desk.see(chunks.of_page, page) == in_order
    assert desk.do(bundles.bundle, who, page) == 2
    assert desk.see(chunks.of_page, page) == in_order
    assert desk.do(bundles.bundle, who, page) == 0


def test_nothing_is_twice_when_chunks_come_again_while_they_are_packed(desks):
    desks[0].fill(1)
    who = desks[0].worker()
    page = desks[0].take(who).id
    for seq in range(30):
        desks[0].send(who, page, seq=seq, body=bytes([seq]))
    go = threading.Barrier(2)

    def again() -> None:
        go.wait()
        for seq in range(30):
            desks[-1].send(who, page, seq=seq, body=bytes([seq]))

    sending = threading.Thread(target=again)
    sending.start()
    go.wait()
    desks[0].do(bundles.bundle, who, page)
    sending.join()
    assert desks[0].see(chunks.of_page, page) == [bytes([seq]) for seq in range(30)]
    assert len(desks[0].see(lambda c: [*chunks.every(c)])) == 30


def test_pages_are_packed_some_time_after_they_were_submitted(desk, sent):
    who, page, bodies = sent
    assert desk.do(bundles.tidy, before=desk.clock.forward(100)) == 0
    desk.submit(who, page)
    assert desk.do(bundles.tidy, before=desk.clock()) == 0
    before = desk.see(chunks.size)
    assert desk.do(bundles.tidy, before=desk.clock() + 1) == 1
    assert desk.do(bundles.tidy, before=desk.clock() + 1) == 0
    after = desk.see(chunks.size)
    assert (after.chunks, after.samples) == (before.chunks, before.samples) == (9, 27)
    assert after == desk.see(chunks.size, page)
    assert desk.see(chunks.size, "another").bytes == 0
    assert desk.see(chunks.of_page, page) == [*bodies.values()]


def test_withdrawal_removes_what_is_packed_too(desk, sent):
    who, page, _ = sent
    desk.do(bundles.bundle, who, page)
    desk.send(who, page, seq=6)
    assert desk.do(withdraw, hash_token(who), now=desk.clock()) == Removed(1, chunks=10, samples=30, answers=0)
    assert rows(desk) == (0, 0)
