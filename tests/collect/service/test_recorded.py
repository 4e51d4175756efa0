"""Everybody may see what is kept of her, and change her mind on publication."""

import struct

import pytest
from tests.collect.service.visits import rows

from sidelight.collect.service.schema import Record
from sidelight.collect.store import tables as t
from sidelight.collect.wire.chunk import decode
from sidelight.collect.wire.page import PageSpec


def unpacked(packed):
    """Chunks, each behind its length."""
    found = []
    while packed:
        (length,) = struct.unpack_from("<I", packed)
        found.append(packed[4 : 4 + length])
        packed = packed[4 + length :]
    return found


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_a_person_sees_what_was_recorded_of_her_as_it_was(serve, task):
    person = serve(task).worker()
    page = person.page()
    sent = person.chunk(page)
    person.send(sent)
    assert person.get("/api/record", Record).pages == (), "not before it is submitted"
    person.submit(page)
    assert person.get("/api/record", Record).pages == (page.id,)
    shown = person.get(f"/api/record/{page.id}", PageSpec)
    assert (shown.pictures, shown.grid, shown.classes) == (page.pictures, page.grid, page.classes)
    (kept,) = unpacked(person.get(f"/api/record/{page.id}/chunks").content)
    assert decode(kept).entries == decode(sent).entries


def test_she_can_look_after_her_work_is_done_and_decide_then(service):
    person = service.worker()
    assert person.work_through() == len(person.get("/api/record", Record).pages) == 2
    person.finish()
    assert not person.get("/api/record", Record).publish
    for may in (True, False, True):
        assert person.post("/api/publish", {"publish": may}).status_code == 200
        assert person.get("/api/record", Record).publish is may
        assert rows(service, t.session)[0].publish is may


def test_after_a_withdrawal_there_is_nothing_to_see_and_nothing_to_publish(service):
    person = service.worker()
    person.work_through()
    page = person.get("/api/record", Record).pages[0]
    service.http.post("/api/withdraw", json={"token": person.finish().withdraw_token})
    assert person.get("/api/record", Record) == Record(publish=False, pages=())
    assert person.get(f"/api/record/{page}/chunks").status_code == 404
    assert person.post("/api/publish", {"publish": True}).status_code == 403
    assert not rows(service, t.session)[0].publish


def test_before_consent_there_is_nothing_to_publish(service):
    assert service.visitor().post("/api/publish", {"publish": True}).status_code == 403
    assert not rows(service, t.session)[0].publish
