import os
import threading

import pytest
import sqlalchemy as sa

from sidelight.collect.store import chunks
from sidelight.collect.store import tables as t
from sidelight.collect.store.chunks import Sent
from sidelight.collect.store.ids import hash_token
from sidelight.collect.store.refusals import Refused
from sidelight.collect.store.withdrawal import withdraw
from sidelight.collect.wire.chunk import Head


def head_of(page: str, seq: int) -> Head:
    return Head(page, "tab", seq, 0, (1.0, 1.8e12), 3, (1, 1, 1, 1), True)


@pytest.fixture
def working(desk):
    desk.fill(1)
    who = desk.worker()
    return who, desk.take(who).id


def stored(desk) -> int:
    return desk.see(lambda c: c.execute(sa.select(sa.func.count()).select_from(t.chunk)).scalar())


def test_a_chunk_sent_again_is_kept_once_and_the_first_counts(desk, working):
    assert desk.send(*working, seq=0, body=b"first")
    assert not desk.send(*working, seq=0, body=b"second")
    assert stored(desk) == 1
    assert desk.see(chunks.of_page, working[1]) == [b"first"]


def test_a_chunk_sent_many_times_at_once_is_new_once(desks):
    desks[0].fill(1)
    who = desks[0].worker()
    page = desks[0].take(who).id
    news, barrier = [], threading.Barrier(8)

    def send(desk) -> None:
        barrier.wait()
        news.append(desk.send(who, page, seq=0))

    threads = [threading.Thread(target=send, args=[desks[i % len(desks)]]) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(news) == [False] * 7 + [True]


def test_chunks_that_are_all_new_are_kept_together(desk, working):
    sent = [Sent(working[0], head_of(working[1], seq), b"body %d" % seq, 1.0) for seq in range(5)]
    desk.do(chunks.put_all, sent)
    assert desk.see(chunks.of_page, working[1]) == [one.body for one in sent]


def test_none_is_kept_together_with_one_that_may_not_be(desk, working):
    who, page = working
    desk.send(who, page, seq=3)
    other = desk.worker()
    for last in (Sent(who, head_of(page, 3), b"again", 1.0), Sent(other, head_of(page, 9), b"", 1.0)):
        fresh = [Sent(who, head_of(page, seq), b"", 1.0) for seq in (0, 1, 2)]
        with pytest.raises(chunks.NotAll):
            desk.do(chunks.put_all, [*fresh, last])
        with pytest.raises(chunks.NotAll):
            desk.do(chunks.put_all, [last, *fresh])
        assert stored(desk) == 1


def test_a_chunk_twice_among_others_is_not_all_new(desk, working):
    twice = [Sent(working[0], head_of(working[1], seq), b"", 1.0) for seq in (0, 1, 0)]
    with pytest.raises(chunks.NotAll):
        desk.do(chunks.put_all, twice)
    assert stored(desk) == 0


def test_nothing_is_kept_together_after_withdrawal(desk, working):
    desk.do(withdraw, hash_token(working[0]), now=desk.clock())
    with pytest.raises(chunks.NotAll):
        desk.do(chunks.put_all, [Sent(working[0], head_of(working[1], seq), b"", 1.0) for seq in (0, 1)])
    assert stored(desk) == 0


def test_chunks_of_a_page_come_in_the_order_of_their_numbers_and_bytes_as_they_were_sent(desk, working):
    bodies = [os.urandom(200) + b"\0" * 300 for _ in range(12)]
    for seq in (3, 0, 11, 1, 2, *range(4, 11)):
        desk.send(*working, seq=seq, body=bodies[seq])
    assert desk.see(chunks.of_page, working[1]) == bodies


def test_gaps_are_runs_of_missing_numbers(desk, working):
    for seq in (1, 2, 5):
        desk.send(*working, seq=seq)
    assert desk.see(chunks.gaps, working[0], "tab", 7) == ((0, 0), (3, 4), (6, 7))
    assert desk.see(chunks.gaps, working[0], "tab", 2) == ((0, 0),)
    assert desk.see(chunks.gaps, working[0], "tab", -1) == ()
    assert desk.see(chunks.gaps, working[0], "other", 1) == ((0, 1),)
    assert desk.see(chunks.gaps, working[0], "t\0", 10**30) == ((0, chunks.LAST),)
    assert desk.see(chunks.gaps, working[0], "tab", 10**30) == ((0, 0), (3, 4), (6, chunks.LAST))


def test_nobody_writes_onto_anothers_page(desk, working):
    other = desk.worker()
    with pytest.raises(Refused, match="not_yours"):
        desk.send(other, working[1])
    with pytest.raises(Refused, match="not_yours"):
        desk.send(working[0], "nothing")
    assert stored(desk) == 0


def test_nothing_is_kept_before_consent(desk, working):
    with pytest.raises(Refused, match="no_consent"):
        desk.send(desk.arrive(), working[1])
    with pytest.raises(Refused, match="unknown"):
        desk.send("nobody", working[1])
    assert stored(desk) == 0


def test_nothing_is_kept_after_withdrawal(desk, working):
    desk.send(*working)
    desk.do(withdraw, hash_token(working[0]), now=desk.clock())
    with pytest.raises(Refused, match="withdrawn"):
        desk.send(*working)
    assert stored(desk) == 0


def test_chunks_may_still_come_after_the_end(desk, working):
    while page := desk.take(working[0]):
        desk.submit(working[0], page.id)
    assert desk.finish(working[0])
    assert desk.send(*working)
