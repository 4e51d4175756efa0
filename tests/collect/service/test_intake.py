import asyncio

import pytest
from tests.collect.service.visits import rows

from sidelight.collect.service.intake import MOST, Intake
from sidelight.collect.store import chunks
from sidelight.collect.store import tables as t
from sidelight.collect.store.chunks import Sent
from sidelight.collect.store.refusals import Refused
from sidelight.collect.wire.chunk import BadChunk, peek


@pytest.fixture
def sending(service):
    """Somebody at work, her page, and a way to send many chunks of it at once."""
    person = service.worker()
    page = person.page()

    def send(intake, bodies, session=person.id):
        async def all_at_once():
            put = (intake.put(Sent(session, peek(body), body, 1.0)) for body in bodies)
            return await asyncio.gather(*put, return_exceptions=True)

        return asyncio.run(all_at_once())

    return person, page, send


def test_what_comes_together_goes_to_the_disk_together(service, sending):
    person, page, send = sending
    transactions = []

    class Counting:
        def write(self, work):
            transactions.append(work)
            return service.store.write(work)

    bodies = [person.chunk(page) for _ in range(MOST + 30)]
    assert send(Intake(Counting()), bodies) == [True] * len(bodies)
    assert len(transactions) < 5
    with service.store.read() as c:
        assert chunks.of_page(c, page.id) == bodies, "in their order"


def test_one_that_is_refused_spoils_nothing_for_the_others(service, sending):
    person, page, send = sending
    other = service.worker()
    strange = other.chunk(other.page(), seq=9)
    bodies = [person.chunk(page), strange, person.chunk(page)]
    told = send(Intake(service.store), bodies)
    assert [told[0], told[2]] == [True, True]
    assert isinstance(told[1], Refused)
    assert len(rows(service, t.chunk)) == 2


def test_broken_columns_are_refused_and_spoil_nothing_for_the_others(service, sending):
    person, page, send = sending
    good, bad, other = (person.chunk(page) for _ in range(3))
    broken = bad[:-1] + b"\x80"
    told = send(Intake(service.store), [good, broken, other])
    assert [told[0], told[2]] == [True, True]
    assert isinstance(told[1], BadChunk)
    assert len(rows(service, t.chunk)) == 2
    assert isinstance(send(Intake(service.store), [broken])[0], BadChunk)


def test_the_same_chunk_twice_in_a_group_is_kept_once(service, sending):
    person, page, send = sending
    body = person.chunk(page)
    assert sorted(send(Intake(service.store), [body, body, body])) == [False, False, True]
    assert len(rows(service, t.chunk)) == 1


def test_a_group_that_fails_is_tried_one_by_one(service, sending, monkeypatch):
    person, page, send = sending
    bodies = [person.chunk(page) for _ in range(4)]
    real = chunks.put

    def put(c, sent):
        if sent.body == bodies[2]:
            raise OSError("poison")
        return real(c, sent)

    def put_all(c, sent):
        return all(put(c, one) for one in sent)

    monkeypatch.setattr(chunks, "put", put)
    monkeypatch.setattr(chunks, "put_all", put_all)
    told = send(Intake(service.store), bodies)
    assert [told[0], told[1], told[3]] == [True] * 3
    assert isinstance(told[2], OSError)
    assert len(rows(service, t.chunk)) == 3


def test_a_sender_that_hung_up_changes_nothing_for_others(service, sending):
    person, page, _ = sending
    first, second = person.chunk(page), person.chunk(page)

    async def hang_up():
        intake = Intake(service.store)
        gone = asyncio.create_task(intake.put(Sent(person.id, peek(first), first, 1.0)))
        await asyncio.sleep(0)
        gone.cancel()
        return await intake.put(Sent(person.id, peek(second), second, 1.0))

    assert asyncio.run(hang_up())
    assert len(rows(service, t.chunk)) >= 1
