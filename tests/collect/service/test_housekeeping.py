import asyncio

import httpx
import pytest
from tests.collect.panel.by_hand import IDS, NOW, Signer
from tests.collect.service.visits import rows

from sidelight.collect.panel.prolific_api import ProlificFault
from sidelight.collect.service import housekeeping
from sidelight.collect.service.housekeeping import end_leases, fetch_keys, forget_old, keep_house, tidy_up
from sidelight.collect.store import chunks
from sidelight.collect.store import tables as t

DAY = 86_400.0
SAID = "disk of W77 full"


def test_leases_that_ran_out_end_and_their_places_are_free(serve):
    service = serve(annotators=1, lease_minutes=10.0)
    people = [service.worker() for _ in range(2)]
    assert [person.next().stage for person in people] == ["work", "work"]
    third = service.worker()
    assert third.next().stage == "closed"
    service.clock.forward(601)
    assert end_leases(service.desk) == 2
    assert service.worker().next().stage == "work"
    assert {row.state for row in rows(service, t.assignment)} == {"expired", "leased"}


def test_chunks_of_pages_that_are_done_are_packed_and_stay_what_they_are(service):
    person = service.worker()
    page = person.page()
    for _ in range(3):
        person.record(page)
    person.submit(page)
    with service.store.read() as c:
        before = chunks.of_page(c, page.id)
    assert tidy_up(service.desk) == 0, "the last ones may still come"
    service.clock.forward(601)
    assert tidy_up(service.desk) == 1
    assert rows(service, t.chunk) == []
    with service.store.read() as c:
        assert chunks.of_page(c, page.id) == before
    again = person.send(before[1])
    assert again.json()["again"]


def test_what_is_too_old_is_deleted_events_and_identities(serve):
    service = serve(panel="generic", panel_options={"completion": "code"})
    person = service.worker(workerId="w", assignmentId="a")
    person.work_through()
    privacy = service.campaign.settings.privacy
    service.clock.forward(privacy.identity_days * DAY + 1)
    forget_old(service.desk)
    assert service.desk.vault.identity(person.id) is None
    assert len(rows(service, t.chunk)) == 2
    service.clock.forward((privacy.retention_days - privacy.identity_days) * DAY)
    removed = forget_old(service.desk)
    assert (removed.chunks, removed.answers) == (2, 2)
    assert rows(service, t.chunk) == []


@pytest.fixture
def signed(serve):
    return serve(panel="prolific", panel_options={"code": "C1D2", "audience": "label.example", "signed": "true"})


def test_the_panels_keys_are_fetched_and_let_signed_arrivals_in(signed):
    prolific, service = Signer(), signed
    service.clock.now = NOW
    said = service.http.post("/api/arrive", json={"parameters": {**IDS, "prolific_token": prolific.token()}})
    assert said.status_code == 403, "no key is known yet"
    fetch_keys(service.desk, transport=httpx.MockTransport(lambda _: httpx.Response(200, json=prolific.published)))
    person = service.worker(**IDS, prolific_token=prolific.token())
    person.work_through()
    assert person.finish().redirect == "https://app.prolific.com/submissions/complete?cc=C1D2"
    again = service.visitor(**{**IDS, "prolific_token": prolific.token()})
    assert again.id == person.id


def test_keys_are_kept_when_the_panel_does_not_answer(signed):
    signed.desk.keys = kept = object()
    with pytest.raises(ProlificFault):
        fetch_keys(signed.desk, transport=httpx.MockTransport(lambda _: httpx.Response(500)))
    assert signed.desk.keys is kept


def test_no_panel_is_asked_where_no_signatures_are_wanted(service):
    def never(request):
        raise AssertionError(request.url)

    fetch_keys(service.desk, transport=httpx.MockTransport(never))
    assert service.desk.keys is None


def test_a_round_that_fails_is_reported_and_the_next_one_comes(service, monkeypatch, caplog):
    rounds = []

    def end(desk):
        rounds.append(desk)
        raise OSError(SAID)

    monkeypatch.setattr(housekeeping, "end_leases", end)

    async def a_while():
        house = asyncio.create_task(keep_house(service.desk, every_s=0.01))
        while len(rounds) < 3:
            await asyncio.sleep(0.01)
        house.cancel()

    asyncio.run(a_while())
    assert "OSError" in caplog.text
    assert "W77" not in caplog.text
