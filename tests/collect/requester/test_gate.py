"""Who gets in, from where, and for how long."""

import pytest
import sqlalchemy as sa
from tests.collect.requester.served import SITE, ask, dump, url

from sidelight.collect.requester.admin import ROUTES
from sidelight.collect.requester.cookie import LASTS_S
from sidelight.collect.requester.guesses import FROM_ONE, WINDOW_S
from sidelight.collect.requester.keys import first_password
from sidelight.collect.store import tables as t


@pytest.mark.parametrize("role", ["nobody", "viewer", "admin"])
def test_every_route_lets_in_whom_it_should_and_nobody_else(made, role):
    """The matrix of all routes and roles; logging out comes last."""
    client = made.enter(role)
    for route in sorted(ROUTES, key=lambda route: route.name == "logout"):
        enough = {"anybody": 0, "viewer": 1, "admin": 2}[route.to] <= ["nobody", "viewer", "admin"].index(role)
        expected = 401 if role == "nobody" or route.name == "login" else 200 if enough else 403
        said = ask(client, route, made.ids)
        assert said.status_code == expected, (route, said.text)
        if expected != 200:
            assert set(said.json()) == {"problem", "remedy"}


def test_no_other_path_or_method_leads_around_the_gate(made):
    nobody = made.enter("nobody")
    around = [("//admin", ""), ("/admin/", ""), ("/admin/../admin", ""), ("/admin", "/."), ("/admin", "/")]
    for route in ROUTES:
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} - {route.method}:
            assert nobody.request(method, url(route, made.ids)).status_code in (401, 404, 405)
        for before, after in around:
            said = nobody.get(f"{before}{route.path}{after}".format(**made.ids), follow_redirects=False)
            assert said.status_code in (307, 401, 404, 405)


def test_a_viewer_changes_nothing(made):
    before = dump(made.store)
    viewer = made.enter("viewer")
    for route in ROUTES:
        if route.name != "logout":
            ask(viewer, route, made.ids)
    assert dump(made.store) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": SITE},
        {"Origin": ""},
    ],
)
def test_what_another_site_sends_does_nothing_though_the_cookie_comes_with_it(made, headers):
    admin = made.enter("admin")
    del admin.headers["origin"]
    before = dump(made.store)
    for route in ROUTES:
        if route.method == "POST":
            assert ask(admin, route, made.ids, headers=headers).status_code == 403
    assert dump(made.store) == before


def test_what_says_nothing_of_its_origin_does_nothing(made):
    admin = made.enter("admin")
    del admin.headers["origin"]
    assert admin.post("/admin/api/campaign", json={"open": False}).status_code == 403
    assert admin.get("/admin/api/overview").status_code == 200


def test_another_site_cannot_embed_what_the_requester_sees(made):
    admin = made.enter("admin")
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert admin.get(f"/admin/api/pictures/{made.ids['picture']}", headers=headers).status_code == 403


@pytest.mark.parametrize(("base_url", "secure"), [(SITE, False), ("https://lab.example", True)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(made, base_url, secure):
    client = made.enter("nobody", base_url)
    said = client.post("/admin/api/login", json={"password": made.passwords["admin"]})
    (cookie,) = said.headers.get_list("set-cookie")
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/admin", f"max-age={int(LASTS_S)}"} <= flags
    assert ("secure" in flags) is secure
    assert said.json()["role"] == "admin"
    assert made.passwords["admin"] not in said.text + cookie


def test_a_login_ends_after_its_day(made, clock):
    admin = made.enter("admin")
    clock.now += LASTS_S - 1
    assert admin.get("/admin/api/me").status_code == 200
    clock.now += 1
    assert admin.get("/admin/api/me").status_code == 401


def test_after_logging_out_a_kept_copy_of_the_cookie_is_no_longer_good(made):
    admin, thief = made.enter("admin"), made.enter("nobody")
    thief.cookies.update(dict(admin.cookies))
    other = made.enter("admin")
    assert thief.get("/admin/api/me").status_code == 200
    assert admin.post("/admin/api/logout").status_code == 200
    assert admin.get("/admin/api/me").status_code == 401
    assert thief.get("/admin/api/me").status_code == 401
    assert other.get("/admin/api/me").status_code == 200


def test_what_is_kept_of_ended_logins_is_forgotten_when_it_is_over(made, clock):
    def ended():
        with made.store.read() as c:
            return c.execute(sa.select(t.setting.c.name).where(t.setting.c.name.like("ended.%"))).scalars().all()

    for _ in range(3):
        made.enter("admin").post("/admin/api/logout")
        assert len(ended()) == 1
        clock.now += LASTS_S + 1


def test_wrong_passwords_are_slowed_down_and_the_right_one_waits_too(made, clock):
    client = made.enter("nobody")
    tries = [client.post("/admin/api/login", json={"password": f"guess {n}"}).status_code for n in range(FROM_ONE)]
    assert tries == [401] * FROM_ONE
    said = client.post("/admin/api/login", json={"password": made.passwords["admin"]})
    assert (said.status_code, int(said.headers["retry-after"])) == (429, int(WINDOW_S) + 1)
    clock.now += WINDOW_S
    assert client.post("/admin/api/login", json={"password": made.passwords["admin"]}).status_code == 200


def test_the_first_password_is_told_once_and_kept_nowhere(made):
    assert first_password(made.store) is None
    with made.store.read() as c:
        kept = {row.name: row.value for row in c.execute(sa.select(t.setting))}
    assert kept["password.admin"].startswith("$argon2id$")
    for file in made.campaign.folder.rglob("*"):
        assert made.passwords["admin"].encode() not in file.read_bytes(), file


def test_a_new_password_ends_the_logins_of_its_role_only(made):
    admin, viewer = made.enter("admin"), made.enter("viewer")
    made_new = admin.post("/admin/api/passwords/viewer").json()
    assert viewer.get("/admin/api/me").status_code == 401
    assert admin.get("/admin/api/me").status_code == 200
    assert made.enter("nobody").post("/admin/api/login", json={"password": made.passwords["viewer"]}).status_code == 401
    again = made.enter("nobody").post("/admin/api/login", json={"password": made_new["password"]})
    assert again.json()["role"] == "viewer"
