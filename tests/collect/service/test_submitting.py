"""Chunks and submits: nothing lost, nothing twice, nobody unpaid."""

import msgspec
import pytest
from tests.collect.service.visits import rows

from sidelight.collect.store import chunks
from sidelight.collect.store import tables as t
from sidelight.collect.wire.answer import BrowseAnswer
from sidelight.collect.wire.log import Select
from sidelight.collect.wire.page import Gaps


def test_a_chunk_is_acknowledged_after_it_is_on_the_disk(service):
    person = service.worker()
    page = person.page()
    body = person.chunk(page)
    assert person.send(body).json() == {"tab": "tab", "seq": 0, "again": False}
    with service.store.read() as c:
        assert chunks.of_page(c, page.id) == [body]


def test_a_chunk_that_was_there_is_acknowledged_again_and_changes_nothing(service):
    person = service.worker()
    page = person.page()
    body, other = person.chunk(page), person.chunk(page, seq=0, anchor=(6.0, 1.8e12))
    person.send(body)
    assert person.send(body).json()["again"]
    assert person.send(other).json()["again"], "the first one with a number counts"
    with service.store.read() as c:
        assert chunks.of_page(c, page.id) == [body]


def test_before_consent_no_chunk_is_taken(service):
    worker, visitor = service.worker(), service.visitor()
    body = visitor.chunk(worker.page())
    assert visitor.send(body).status_code == 403
    assert rows(service, t.chunk) == []


@pytest.mark.parametrize("body", [b"", b"SLC1", b"x" * 100, b"SLC1\xff\xff\xff\xff{}", b"\x78\x9c" + bytes(500)])
def test_what_is_no_chunk_is_refused_and_nothing_of_it_kept(service, body):
    person = service.worker()
    said = person.send(body)
    assert said.status_code == 400
    assert said.json()["problem"]
    assert rows(service, t.chunk) == []


def test_missing_chunks_are_asked_for(service):
    person = service.worker()
    page = person.page()
    sent = [person.chunk(page) for _ in range(6)]
    for n in (1, 4):
        person.send(sent[n])
    said = person.post("/api/submit", person.submission(page))
    assert said.status_code == 409
    assert msgspec.json.decode(said.content, type=Gaps).gaps == ((0, 0), (2, 3), (5, 5))
    for body in sent:
        person.send(body)
    assert person.submit(page, attempt=2).complete
    assert rows(service, t.page)[0].agrees


def test_the_third_attempt_is_taken_with_gaps_and_still_pays(service):
    person = service.worker()
    for _ in range(2):
        page = person.page()
        person.chunk(page)  # never arrives
        for attempt in (1, 2):
            assert person.post("/api/submit", person.submission(page, attempt=attempt)).status_code == 409
        assert not person.submit(page, attempt=3).complete
    assert person.finish().code
    kept = rows(service, t.page)
    assert [(row.complete, row.agrees) for row in kept] == [(False, False)] * 2
    assert list(kept[0].answer["selected"]), "of an incomplete log the browser's own answer is kept"


def test_half_a_minute_after_the_first_attempt_any_is_taken(service):
    person = service.worker()
    page = person.page()
    person.chunk(page)
    assert person.post("/api/submit", person.submission(page)).status_code == 409
    service.clock.forward(29)
    assert person.post("/api/submit", person.submission(page)).status_code == 409
    service.clock.forward(1)
    assert not person.submit(page).complete


def test_a_submit_whose_answer_was_lost_is_answered_again_and_makes_no_second_page(service):
    """F9."""
    person = service.worker()
    page = person.page()
    person.record(page)
    first, again = person.submit(page), person.submit(page, answer=BrowseAnswer({}))
    assert first == again
    assert len([row for row in rows(service, t.page) if row.state == "submitted"]) == 1
    assert rows(service, t.page)[0].answer["selected"], "the first answer counts"


def test_a_page_after_its_lease_is_taken_and_marked(service):
    person = service.worker()
    page = person.page()
    person.record(page)
    service.clock.forward(2 * 3600)
    said = person.submit(page)
    assert said.complete
    assert said.late
    assert rows(service, t.page)[0].late


def test_the_answer_is_what_the_log_comes_to_not_what_the_browser_claims(service):
    person = service.worker()
    page = person.page()
    person.record(page)
    claimed = BrowseAnswer({page.pictures[1].id: (0.1, 0.1)})
    assert person.submit(page, answer=claimed).complete
    kept = rows(service, t.page)[0]
    assert not kept.agrees
    assert list(kept.answer["selected"]) == [page.pictures[0].id]


def test_a_log_that_speaks_of_other_images_does_not_become_the_answer(service):
    person = service.worker()
    page = person.page()
    person.record(page, entries=(Select(t=1.0, i=0, image="elsewhere", by="mouse", at=(0.5, 0.5)),))
    said = person.post("/api/submit", person.submission(page))
    assert said.status_code == 400
    person.submit(page, answer=BrowseAnswer({}))
    assert rows(service, t.page)[0].answer["selected"] == {}


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("browse", {"task": "browse", "selected": {"elsewhere": None}}),
        ("browse", {"task": "tag", "icons": {}, "panels": []}),
        ("tag", {"task": "tag", "icons": {"unicorn": None}, "panels": []}),
        ("tag", {"task": "tag", "icons": {}, "panels": [2]}),
        ("paint", {"task": "paint", "label": "unicorn", "grid": [16, 12], "runs": [192]}),
        ("paint", {"task": "paint", "label": "owl", "grid": [16, 16], "runs": [256]}),
        ("paint", {"task": "paint", "label": "owl", "grid": [16, 12], "runs": [191]}),
        ("paint", {"task": "paint", "label": "owl", "grid": [16, 12], "runs": [-8, 200]}),
        ("paint", {"task": "paint", "label": "owl", "grid": [10**9, 10**9], "runs": [10**18]}),
    ],
)
def test_an_answer_of_things_that_are_not_on_the_page_is_refused(serve, task, answer):
    person = serve(task).worker()
    page = person.page()
    person.record(page)
    assert person.post("/api/submit", person.submission(page, answer=answer)).status_code == 400


def test_a_reload_brings_what_was_done_and_both_segments_make_the_answer(service):
    """F8: nothing waits in memory for the submit."""
    person = service.worker()
    page = person.page()
    person.record(page)
    again = person.page()
    assert (again.id, again.segment) == (page.id, 1)
    assert [entry.__class__.__name__ for entry in again.log] == ["Select", "Deselect", "Select"]
    person.log.clear()
    other = page.pictures[1].id
    person.record(again, entries=(Select(t=3.0, i=0, image=other, by="keyboard"),))
    person.submit(again)
    kept = rows(service, t.page)[0]
    assert kept.agrees
    assert set(kept.answer["selected"]) == {page.pictures[0].id, other}
    assert kept.answer["selected"][other] is None, "a selection without a pointer has no place"
    assert kept.segments == 2


def test_chunks_that_come_after_the_submit_are_kept(service):
    person = service.worker()
    page = person.page()
    late = person.chunk(page)
    person.submit(page, attempt=3)
    assert person.send(late).status_code == 200
    assert len(rows(service, t.chunk)) == 1


def test_time_is_measured_from_the_log(service):
    person = service.worker()
    page = person.page()
    person.record(page)
    person.submit(page)
    assert rows(service, t.page)[0].active_ms > 0


def test_practice_gives_feedback_and_keeps_nothing(serve):
    service = serve(practice_pages=2)
    person = service.worker()
    assert person.session.stage == "practice"
    page = person.page()
    assert (page.practice, page.number, page.of) == (True, 1, 2)
    said = person.submit(page, answer=BrowseAnswer({}), last_seq=-1)
    assert not said.passed
    assert "missed" in said.feedback
    assert person.page().number == 1, "until it is passed"
    assert person.send(person.chunk(page)).status_code == 403
    for number in (1, 2):
        page = person.page()
        assert page.number == number
        yes = service.campaign.practice.pages[number - 1].yes
        assert person.submit(page, answer=BrowseAnswer(dict.fromkeys(yes)), last_seq=-1).passed
    assert person.next().stage == "work"
    for table in (t.chunk, t.page):
        assert all(row.state != "submitted" for row in rows(service, table))


@pytest.mark.parametrize("page", ["practice-7", "practice--1", "practice-", "practice-²", "preview", "elsewhere", "\0"])
def test_pages_that_are_nobodys_are_refused(serve, page):
    person = serve(practice_pages=1).worker()
    body = {"page": page, "tab": "t", "last_seq": -1, "answer": {"task": "browse", "selected": {}}}
    assert person.post("/api/submit", body).status_code == 403


def test_practice_is_not_judged_before_consent(serve):
    visitor = serve(practice_pages=1).visitor()
    body = {"page": "practice-0", "tab": "t", "last_seq": -1, "answer": {"task": "browse", "selected": {}}}
    assert visitor.post("/api/submit", body).status_code == 403
