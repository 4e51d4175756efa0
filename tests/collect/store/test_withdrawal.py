import threading
from contextlib import suppress

import pytest
import sqlalchemy as sa

from sidelight.collect.store import people
from sidelight.collect.store import tables as t
from sidelight.collect.store.erasure import Removed
from sidelight.collect.store.ids import hash_token
from sidelight.collect.store.progress import progress
from sidelight.collect.store.refusals import Refused
from sidelight.collect.store.retention import expire
from sidelight.collect.store.withdrawal import withdraw


def counts(desk) -> dict[str, int]:
    with desk.store.read() as c:
        return {
            name: c.execute(sa.select(sa.func.count()).select_from(t.metadata.tables[name])).scalar()
            for name in ("chunk", "page", "assignment", "completion", "tombstone")
        }


def test_withdrawal_removes_events_and_answers_and_only_that_persons(desk):
    desk.fill(2)
    one, other = desk.worker(), desk.worker()
    desk.work_through(one), desk.work_through(other)
    assert desk.do(withdraw, hash_token(one), now=desk.clock()) == Removed(1, chunks=2, samples=6, answers=2)
    assert counts(desk)["chunk"] == counts(desk)["page"] == 2
    left = sa.select(t.chunk.c.session).distinct()
    assert desk.see(lambda c: c.execute(left).scalars().all()) == [other]
    found = desk.see(people.session, one)
    assert (found.state, found.publish, found.withdrawn_at) == ("withdrawn", False, desk.clock())


def test_the_tombstone_holds_numbers_only(desk):
    desk.fill(1)
    who = desk.worker()
    desk.work_through(who)
    desk.do(withdraw, hash_token(who), now=desk.clock())
    row = desk.see(lambda c: c.execute(sa.select(t.tombstone)).mappings().one())
    assert dict(row) == {"id": 1, "at": desk.clock(), "reason": "withdrawn", "chunks": 2, "samples": 6, "answers": 2}


def test_withdrawal_works_after_payment_and_does_not_take_the_pay(desk):
    desk.fill(1)
    who = desk.worker()
    desk.work_through(who)
    code = desk.finish(who)
    desk.do(withdraw, hash_token(who), now=desk.clock())
    assert desk.finish(who) == code
    paid = sa.select(sa.func.count()).where(t.assignment.c.submitted_at.is_not(None))
    assert desk.see(lambda c: c.execute(paid).scalar()) == 1


def test_the_code_is_given_to_who_withdrew_before_finishing(desk):
    desk.fill(1)
    who = desk.worker()
    desk.work_through(who)
    desk.do(withdraw, hash_token(who), now=desk.clock())
    assert desk.finish(who)


def test_the_work_is_offered_again(desk):
    desk.fill(1)
    one, other = desk.worker(), desk.worker()
    desk.work_through(one)
    assert desk.take(other) is None
    desk.do(withdraw, hash_token(one), now=desk.clock())
    assert desk.work_through(other) == 2


def test_a_token_is_taken_as_people_write_it_and_an_unknown_one_is_refused(desk):
    who = desk.arrive()
    desk.do(people.agree, who, version="v", publish=True, withdraw_hash=hash_token("ABCD-EFGH"), now=desk.clock())
    with pytest.raises(Refused, match="unknown"):
        desk.do(withdraw, hash_token("ABCD-EFGX"), now=desk.clock())
    assert desk.do(withdraw, hash_token("abcd efgh"), now=desk.clock()) == Removed(1)
    assert desk.do(withdraw, hash_token("ABCDEFGH"), now=desk.clock()) == Removed()
    assert counts(desk)["tombstone"] == 1


def test_no_chunk_slips_in_while_a_withdrawal_deletes(desks):
    desks[0].fill(1)
    who = desks[0].worker()
    page = desks[0].take(who).id
    started = threading.Event()

    def send() -> None:
        with suppress(Refused):
            for seq in range(300):
                desks[-1].send(who, page, seq=seq)
                started.set()

    sending = threading.Thread(target=send)
    sending.start()
    started.wait(10)
    desks[0].do(withdraw, hash_token(who), now=desks[0].clock())
    sending.join()
    assert counts(desks[0])["chunk"] == 0


def test_what_was_deleted_is_in_no_file(desk, tmp_path, store_url):
    if not store_url.startswith("sqlite"):
        desk.store.scrub()
        return
    desk.fill(1)
    who = desk.worker()
    page = desk.take(who)
    secret = bytes(range(7, 250))
    desk.send(who, page.id, body=secret)
    files = [tmp_path / f"campaign.sqlite{end}" for end in ("", "-wal")]
    assert any(secret in file.read_bytes() for file in files)
    desk.do(withdraw, hash_token(who), now=desk.clock())
    desk.store.scrub()
    assert not any(secret in file.read_bytes() for file in files)


def test_what_is_too_old_is_deleted_and_the_rest_stays(desk):
    desk.fill(2)
    old = desk.worker()
    desk.work_through(old)
    desk.clock.forward(20 * 86_400.0)
    young = desk.worker()
    desk.work_through(young)
    desk.clock.forward(11 * 86_400.0)
    assert desk.do(expire, now=desk.clock(), days=30) == Removed(1, chunks=2, samples=6, answers=2)
    assert desk.do(expire, now=desk.clock(), days=30) == Removed()
    assert [desk.see(people.session, who).state for who in (old, young)] == ["erased", "work"]
    assert counts(desk)["chunk"] == 2
    assert desk.see(lambda c: c.execute(sa.select(t.hit.c.taken)).scalars().all()) == [1, 1]


def test_progress_counts_what_there_is(desk):
    desk.fill(2, wanted=2)
    empty = desk.see(progress, now=desk.clock())
    assert (empty.wanted, empty.submitted, empty.complete_share()) == (8, 0, None)
    one, two, gone = desk.worker(), desk.worker(), desk.worker()
    desk.work_through(one)
    desk.submit(two, desk.take(two).id, complete=False, agrees=False)
    desk.work_through(gone)
    desk.do(withdraw, hash_token(gone), now=desk.clock())
    desk.arrive(preview=True)
    seen = desk.see(progress, now=desk.clock())
    assert (seen.submitted, seen.complete, seen.disagreeing, seen.late) == (3, 2, 1, 0)
    assert (seen.running, seen.overdue, seen.withdrawn, seen.samples) == (1, 0, 1, 6)
    assert seen.sessions == {"withdrawn": 1, "work": 2}
    assert seen.complete_share() == pytest.approx(2 / 3)
    assert (seen.active_ms, seen.idle_ms, seen.hidden_ms) == (3000.0, 600.0, 0.0)
    assert desk.see(progress, now=desk.clock.forward(601)).overdue == 1
