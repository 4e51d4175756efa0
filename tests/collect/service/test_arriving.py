import pytest
from tests.collect.service.visits import rows

from sidelight.collect.campaign.settings import Condition
from sidelight.collect.store import people, setting
from sidelight.collect.store import tables as t

GENERIC = {"panel": "generic", "panel_options": {"completion": "redirect", "address": "https://panel.example/done"}}
IDS = {"workerId": "W-SECRET-1", "assignmentId": "A-1", "hitId": "H-1"}


def arrive(service, **parameters):
    return service.http.post("/api/arrive", json={"parameters": parameters})


def test_everybody_by_a_plain_link_is_somebody_new(service):
    assert service.visitor().id != service.visitor().id


def test_a_person_of_a_panel_goes_on_where_she_was(serve):
    service = serve(**GENERIC)
    first = service.worker(**IDS)
    page = first.page()
    first.record(page)
    again = service.visitor(**IDS)
    assert again.id == first.id
    assert again.session.stage == "work"
    assert again.page().id == page.id
    assert len(rows(service, t.session)) == 1


def test_an_unsigned_id_alone_does_not_open_somebodys_session(serve):
    service = serve(**GENERIC)
    service.worker(**IDS)
    said = arrive(service, **{**IDS, "assignmentId": "A-2"})
    assert said.status_code == 403
    assert "already" in said.json()["problem"]


def test_a_person_who_is_done_stays_done(serve):
    service = serve(**GENERIC)
    first = service.worker(**IDS)
    first.work_through()
    code = first.finish().redirect
    again = service.visitor(**IDS)
    assert again.session.stage == "done"
    assert again.finish().redirect == code


def test_an_arrival_without_the_panels_ids_is_told_what_lacks(serve):
    said = arrive(serve(**GENERIC), assignmentId="A")
    assert said.status_code == 403
    assert "workerId" in said.json()["problem"]


def test_the_panels_ids_are_in_the_vault_and_nowhere_else(serve, tmp_path):
    service = serve(**GENERIC)
    person = service.worker(**IDS)
    person.work_through()
    person.finish()
    assert service.desk.vault.identity(person.id).fields["workerId"] == "W-SECRET-1"
    service.store.close()
    for file in (tmp_path / "campaign").rglob("*"):
        assert not file.is_file() or b"W-SECRET-1" not in file.read_bytes(), file


def test_a_closed_campaign_takes_nobody_new(service):
    service.store.write(lambda c: setting.write(c, "open", "no")).result()
    assert arrive(service).json() == {"token": "", "stage": "closed", "preview": False}


def test_conditions_are_drawn_in_turn_and_kept_with_the_session(serve):
    service = serve(conditions=(Condition(), Condition(blurred=True)))
    seen = [service.worker().page().condition["blurred"] for _ in range(4)]
    assert seen == [False, True, False, True]


def test_nobody_agrees_to_a_text_that_she_did_not_see(service):
    person = service.visitor()
    said = person.post("/api/consent", {"version": "0" * 64, "agreed": True})
    assert said.status_code == 409
    assert person.next().stage == "consent"


def test_who_does_not_agree_goes_without_a_trace_of_work(service):
    person = service.visitor()
    assert person.agree(agreed=False).stage == "closed"
    assert person.next().stage == "closed"
    assert rows(service, t.session)[0].consent_at is None
    said = person.post("/api/consent", {"version": service.campaign.consent.version, "agreed": True})
    assert said.status_code == 409


def test_consent_keeps_its_version_time_and_the_choice_to_publish(service):
    person = service.visitor()
    person.agree(publish=True)
    person.agree(publish=False)  # a retry, or a second thought by a forged request: the first answer counts
    kept = rows(service, t.session)[0]
    assert (kept.consent_version, kept.publish) == (service.campaign.consent.version, True)
    assert kept.consent_at == service.clock()
    assert [row.text for row in rows(service, t.consent)] == [service.campaign.consent_markdown]


def test_the_consent_text_needs_a_session(service):
    assert service.http.get("/api/consent").status_code == 401
    text = service.visitor().get("/api/consent").json()
    assert text["version"] == service.campaign.consent.version
    assert text["recorded"]
    assert text["not_recorded"]


def test_a_preview_shows_the_task_and_keeps_nothing_of_it(service):
    token = service.desk.tokens.preview(until=service.clock() + 60)
    looker = service.visitor(preview=token)
    assert looker.session.preview
    assert looker.agree().stage == "work"
    page = looker.page()
    assert len(page.pictures) == 4
    assert looker.send(looker.chunk(page)).status_code == 409
    assert looker.submit(page).complete
    assert looker.page().id == page.id
    assert looker.finish().code == ""
    assert looker.next().withdraw_token == ""
    for table in (t.chunk, t.assignment, t.page, t.completion):
        assert rows(service, table) == []


@pytest.mark.parametrize("token", ["", "1", "look", "99999999999.forged"])
def test_a_preview_needs_a_link_that_the_requester_made(service, token):
    assert arrive(service, preview=token).status_code == 403


def test_a_preview_link_ends(service):
    token = service.desk.tokens.preview(until=service.clock() + 60)
    service.clock.forward(61)
    assert arrive(service, preview=token).status_code == 403


def test_a_panels_own_preview_is_one(serve):
    service = serve(**GENERIC)
    looker = service.visitor(assignmentId="ASSIGNMENT_ID_NOT_AVAILABLE", hitId="H")
    assert looker.session.preview
    with service.store.read() as c:
        assert people.arrivals(c) == 0


def test_an_address_has_bounds(service):
    assert arrive(service, **{f"p{n}": "x" for n in range(51)}).status_code == 400
    assert arrive(service, utm="x" * 10_001).status_code == 400
