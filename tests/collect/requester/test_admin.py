"""What comes out of the admin routes, and what may be asked of them."""

import struct
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.collect.requester.served import EVIL, ask, chunk, url

from sidelight.collect.requester.admin import ROUTES
from sidelight.collect.store.vault import Vault


def test_a_replay_gets_the_very_bytes_in_order(made):
    packed = made.enter("admin").get(f"/admin/api/pages/{made.ids['page']}/chunks").content
    found = []
    while packed:
        (length,) = struct.unpack("<I", packed[:4])
        found.append(packed[4 : 4 + length])
        packed = packed[4 + length :]
    assert found == [chunk(made.ids["page"], 0), chunk(made.ids["page"], 1)]


def test_a_page_in_detail_says_what_was_shown_and_stored(made):
    page = made.enter("viewer").get(f"/admin/api/pages/{made.ids['page']}").json()
    assert (page["row"]["state"], page["row"]["session"], page["row"]["number"]) == ("shown", made.ids["session"], 1)
    assert (page["task"], page["chunks"], page["samples"], page["segments"]) == ("tag", 2, 0, 1)
    assert page["answer"] is None
    assert [picture["width"] for picture in page["pictures"]] == [8]
    assert page["classes"] == [{"name": "owl", "shown": EVIL}, {"name": "cat", "shown": "cat"}]


def test_a_picture_is_sent_as_what_it_is_and_can_do_nothing(made):
    said = made.enter("viewer").get("/admin/api/pictures/pic1")
    assert said.headers["content-type"] == "image/png"
    assert "sandbox" in said.headers["content-security-policy"]
    assert said.headers["x-content-type-options"] == "nosniff"
    assert "ann_smith" not in str(said.headers)


STRANGE = ["nobody", "..%2f..%2fetc%2fpasswd", "%00", "a'--", "x" * 200, "..", "%7B%7B7*7%7D%7D"]


def test_what_is_not_there_is_not_found(made):
    admin = made.enter("admin")
    for id_ in STRANGE:
        asked = [admin.get(f"/admin/api/pages/{id_}"), admin.get(f"/admin/api/pictures/{id_}")]
        asked += [admin.post(f"/admin/api/annotators/{id_}/restore")]
        assert {said.status_code for said in asked} <= {400, 404, 405}
        assert not any("49" in said.text for said in asked)


def test_closing_turns_newcomers_away_and_opening_lets_them_in(made):
    admin = made.enter("admin")

    def newcomer():
        return made.enter("nobody").post("/api/arrive", json={"parameters": {}}).json()["stage"]

    assert admin.get("/admin/api/me").json()["open"] is True
    assert newcomer() == "consent"
    admin.post("/admin/api/campaign", json={"open": False})
    assert admin.get("/admin/api/me").json()["open"] is False
    assert newcomer() == "closed"
    admin.post("/admin/api/campaign", json={"open": True})
    assert newcomer() == "consent"


def test_excluding_takes_a_reason_can_be_taken_back_and_changes_no_pay(made):
    admin, session = made.enter("admin"), made.ids["session"]
    paid = admin.get("/admin/api/payments.csv").text

    def excluded():
        return {row["session"]: row["excluded"] for row in admin.get("/admin/api/annotators").json()["rows"]}[session]

    for bad in ({}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 201}, {"reason": "a", "by": "b"}):
        assert admin.post(f"/admin/api/annotators/{session}/exclude", json=bad).status_code == 400
    admin.post(f"/admin/api/annotators/{session}/exclude", json={"reason": EVIL})
    assert excluded() == EVIL
    assert admin.get("/admin/api/payments.csv").text == paid
    admin.post(f"/admin/api/annotators/{session}/restore")
    assert excluded() == ""


def test_a_preview_shows_the_task_and_leaves_nothing_behind(made):
    link = made.enter("viewer").post("/admin/api/preview").json()["url"]
    token = link.removeprefix("/?preview=")
    person = made.enter("nobody")
    arrived = person.post("/api/arrive", json={"parameters": {"preview": token}}).json()
    assert arrived["preview"] is True
    admin = made.enter("admin")
    assert [row["session"] for row in admin.get("/admin/api/annotators").json()["rows"]] == [made.ids["session"]]
    assert len(admin.get("/admin/api/payments.csv").text.splitlines()) == 2


def test_payments_name_the_panels_id_to_admins_only(made, clock):
    vault = Vault(made.campaign.vault_place, made.campaign.secrets.vault_key())
    vault.remember(made.ids["session"], panel="link", person="p", fields={"pid": "PANEL-ID-5"}, now=clock.now)
    vault.close()
    said = made.enter("admin").get("/admin/api/payments.csv")
    assert "PANEL-ID-5" in said.text
    assert said.headers["content-disposition"] == 'attachment; filename="payments.csv"'
    assert said.headers["content-type"] == "text/csv; charset=utf-8"
    viewer = made.enter("viewer")
    for route in ROUTES:
        assert "PANEL-ID-5" not in ask(viewer, route, made.ids).text


def test_the_consent_of_now_and_those_of_before_are_listed(made):
    view = made.enter("viewer").get("/admin/api/consent").json()
    assert [(one["version"], one["current"], one["agreed"], one["publish"]) for one in view["versions"]] == [
        (made.campaign.consent.version, True, 0, 0),
        ("v0", False, 1, 1),
    ]


def test_the_forecast_is_that_of_the_campaign(made):
    view = made.enter("viewer").get("/admin/api/cost").json()
    lines = {line["name"]: line["said"] for line in view["lines"]}
    assert lines["assignments"] == "1 by 1 people or more"
    assert lines["pictures"] == "3 on 3 pages in 1 hits"
    assert view["pay"]["per_assignment"] == 2.0
    assert any("floor" in warning for warning in view["warnings"])


NOT_TAKEN = [
    "items?path=x",
    "items?gold=perhaps",
    "items?pool=vault",
    "items?after=AAAA",
    "items?label=%00",
    "items?limit=100000",
    "items?offset=3",
    "pages?state=gone",
    "pages?assignment=1",
    "pages?session=%00",
    "pages?late=2",
    "pages?after=WyJhIiwiYiJd",
    "pages?answer=x",
    "annotators?withdraw_hash=x",
    "annotators?after=%F0",
    "annotators?after=WzEsMl0",
]


def test_only_the_filters_that_are_listed_are_taken(made):
    viewer = made.enter("viewer")
    for asked in NOT_TAKEN:
        said = viewer.get(f"/admin/api/{asked}")
        assert (said.status_code, set(said.json())) == (400, {"problem", "remedy"}), asked


WILD = st.text(max_size=30) | st.sampled_from(["{{7*7}}", "%", "' OR 1=1 --", "\ud7ff", "1e400", "-1", "null", EVIL])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wild=WILD, other=WILD, route=st.sampled_from([route for route in ROUTES if route.name != "login"]))
def test_nothing_that_is_asked_breaks_the_service(made_once, wild, other, route):
    ids = {name: quote(wild, safe="") or "x" for name in made_once.ids}
    params = {"after": other, "label": wild, "session": wild} if route.method == "GET" else {}
    said = made_once.admin.request(route.method, url(route, ids), params=params, content=other.encode())
    assert said.status_code < 500


@pytest.fixture
def made_once(made):
    made.admin = made.enter("admin")
    return made


def test_nothing_of_the_answers_is_html_and_no_cache_keeps_them(made):
    admin = made.enter("admin")
    for route in ROUTES:
        if route.method == "GET":
            said = ask(admin, route, made.ids)
            assert "html" not in said.headers["content-type"]
            assert "no-store" in said.headers["cache-control"] or route.name == "picture"
            assert "default-src 'none'" in said.headers["content-security-policy"]
