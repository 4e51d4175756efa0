"""What the browser is told of the page to come."""

from tests.collect.service.visits import rows

from sidelight.collect.service.schema import Ahead
from sidelight.collect.store import tables as t


def addresses(page):
    return tuple(picture.url for picture in page.pictures)


def test_the_next_pages_pictures_are_told_as_they_will_be_asked_for(service):
    person = service.worker()
    page = person.page()
    told = person.get("/api/ahead", Ahead).pictures
    assert told
    assert told != addresses(page)
    assert person.get(f"/{told[0]}").headers["cache-control"].startswith("private, max-age")
    person.record(page)
    person.submit(page)
    assert addresses(person.page()) == told


def test_to_be_told_takes_nothing(service):
    person = service.worker()
    assert person.get("/api/ahead", Ahead).pictures == (), "before the first page nothing is anybody's"
    person.page()
    before = rows(service, t.page), rows(service, t.assignment)
    service.clock.forward(60.0)
    person.get("/api/ahead", Ahead)
    assert (rows(service, t.page), rows(service, t.assignment)) == before


def test_nothing_lies_ahead_of_the_last_page_or_before_consent(service):
    person = service.worker()
    page = person.page()
    person.record(page)
    person.submit(page)
    person.page()
    assert person.get("/api/ahead", Ahead).pictures == ()
    assert service.visitor().get("/api/ahead", Ahead).pictures == ()
    assert service.http.get("/api/ahead").status_code == 401
