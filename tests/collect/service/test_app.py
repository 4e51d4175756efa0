"""A person's whole way through the service, for each task."""

import pytest
from tests.collect.service.visits import HOST, TASKS, rows

from sidelight.collect.requester.keys import first_password
from sidelight.collect.store import tables as t


@pytest.mark.parametrize("task", TASKS)
def test_from_arrival_to_a_code(serve, task):
    service = serve(task)
    person = service.visitor()
    assert person.session.stage == "consent"
    assert person.agree().stage == "work"
    assert person.work_through() == 2
    assert person.next().stage == "done"
    home = person.finish()
    assert home.code
    assert home.withdraw_token == person.next().withdraw_token
    assert {(row.state, row.complete, row.agrees, row.late) for row in rows(service, t.page)} == {
        ("submitted", True, True, False)
    }
    assert person.finish().code == home.code, "asked again after a lost answer, it is the same"


def test_the_front_end_is_served_with_its_policies(service):
    for path in ("/", "/withdraw", "/admin", "/admin/"):
        said = service.http.get(path)
        assert said.status_code == 200
        assert "script-src 'self'" in said.headers["content-security-policy"]
        assert said.headers["cache-control"] == "no-cache"
    script = service.http.get("/assets/index-1a2b.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]
    assert service.http.get("/assets/none.js").status_code == 404


def test_health_is_for_all_and_figures_are_for_who_is_logged_in(service):
    assert service.http.get("/healthz").status_code == 200
    for path in ("/metrics", "/admin/metrics"):
        assert service.http.get(path).status_code == 401
    password = first_password(service.store)
    headers = {"Origin": HOST}
    assert service.http.post("/admin/api/login", json={"password": password}, headers=headers).status_code == 200
    assert "sidelight_chunks" in service.http.get("/admin/metrics").text
