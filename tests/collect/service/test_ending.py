import pytest
from tests.collect.service.visits import rows

from sidelight.collect.store import tables as t
from sidelight.collect.store.completion import redeem


def test_no_code_before_all_pages_are_done(service):
    person = service.worker()
    assert person.post("/api/finish").status_code == 409
    page = person.page()
    person.record(page)
    person.submit(page)
    assert person.post("/api/finish").status_code == 409
    assert rows(service, t.completion) == []
    person.work_through()
    assert person.finish().code


def test_a_code_is_the_servers_own_and_used_once(service):
    one, other = service.worker(), service.worker()
    codes = []
    for person in (one, other):
        person.work_through()
        codes.append(person.finish().code)
    assert codes[0] != codes[1]
    used = [service.store.write(lambda c: redeem(c, codes[0], now=1.0)).result() for _ in range(2)]
    assert used == [True, False]
    assert not service.store.write(lambda c: redeem(c, "FORGED", now=1.0)).result()


@pytest.mark.parametrize("completion", ["code", "redirect", "form"])
def test_the_panels_way_home(serve, completion):
    options = {"completion": completion, "address": "https://panel.example/done"}
    service = serve(panel="generic", panel_options=options)
    person = service.worker(workerId="w", assignmentId="a")
    person.work_through()
    home = person.finish()
    if completion == "redirect":
        assert home.redirect.startswith("https://panel.example/done?workerId=w&assignmentId=a&code=")
    elif completion == "form":
        address, fields = home.form
        assert address == "https://panel.example/done"
        assert fields == {"workerId": "w", "assignmentId": "a", "code": home.code}
        assert "form-action 'self' https://panel.example" in service.http.get("/").headers["content-security-policy"]
    assert home.code == rows(service, t.completion)[0].code


def test_a_person_whose_ids_are_deleted_still_gets_the_code(serve):
    service = serve(panel="generic", panel_options={"completion": "redirect", "address": "https://panel.example/"})
    person = service.worker(workerId="w", assignmentId="a")
    person.work_through()
    service.desk.vault.forget(person.id)
    assert person.finish().code


def test_work_can_be_given_back(service):
    person = service.worker()
    page = person.page()
    person.record(page)
    person.submit(page)
    assert person.post("/api/return").json()["stage"] == "closed"
    assert person.next().stage == "closed"
    assert {row.state for row in rows(service, t.assignment)} == {"returned"}
    assert len(rows(service, t.chunk)) == 1, "what was submitted stays"


def test_who_gives_back_a_second_hit_has_the_code_for_the_first(serve):
    person = serve(hits_per_person=2).worker()
    for _ in range(3):
        page = person.page()
        person.record(page)
        person.submit(page)
    assert person.post("/api/finish").status_code == 409
    assert person.post("/api/return").json()["stage"] == "done"
    assert person.next().stage == "done"
    assert person.finish().code == person.finish().code != ""


def test_all_hits_of_a_person_are_paid_on_one_code(serve):
    service = serve(hits_per_person=2)
    person = service.worker()
    assert person.work_through() == 4
    assert person.finish().code
    assert [len(rows(service, table)) for table in (t.assignment, t.completion)] == [2, 1]


def test_withdrawal_works_after_payment_and_leaves_nothing(service, tmp_path):
    person = service.worker()
    person.work_through()
    home = person.finish()
    said = service.http.post("/api/withdraw", json={"token": home.withdraw_token.lower()})
    assert said.status_code == 200
    assert rows(service, t.chunk) == []
    assert rows(service, t.page) == []
    assert rows(service, t.tombstone)[0].answers == 2
    assert rows(service, t.completion)[0].code == home.code, "what was earned stays earned"
    assert service.http.post("/api/withdraw", json={"token": home.withdraw_token}).status_code == 200


def test_before_consent_no_chunk_is_taken_whatever_a_page_sends(service):
    page = service.worker().page()
    stranger = service.visitor()
    assert stranger.session.stage == "consent"
    said = stranger.send(stranger.chunk(page))
    assert (said.status_code, "agree" in said.text) == (403, True)
    stranger.agree(agreed=False)
    assert stranger.send(stranger.chunk(page)).status_code in (401, 403)
    assert rows(service, t.chunk) == []


def test_after_withdrawal_nothing_more_is_recorded(service):
    person = service.worker()
    page = person.page()
    person.record(page)
    token = person.next().withdraw_token
    service.http.post("/api/withdraw", json={"token": token})
    assert person.send(person.chunk(page)).status_code == 403
    assert person.post("/api/submit", person.submission(page)).status_code in (401, 403)
    assert person.next().stage == "closed"
    assert rows(service, t.chunk) == []


def test_a_withdrawal_token_cannot_be_guessed(service):
    for _ in range(60):
        assert service.http.post("/api/withdraw", json={"token": "AAAA-BBBB"}).status_code == 404
    said = service.http.post("/api/withdraw", json={"token": "AAAA-BBBB"})
    assert said.status_code == 429
    assert int(said.headers["retry-after"]) >= 1
