"""Every known hole of labelling tools, by class, tried on ours."""

import json
import logging
import re
from pathlib import Path

import httpx
import pytest
from PIL import Image, PngImagePlugin
from tests.collect.service.visits import TASKS, draw_pictures, make_campaign, rows

import sidelight.collect
from sidelight.collect.campaign.folder import open_campaign
from sidelight.collect.campaign.images import scan
from sidelight.collect.campaign.settings import ClassText
from sidelight.collect.store import pictures
from sidelight.collect.store import tables as t
from sidelight.records.errors import UserFault

EVIL = '"><img src=x onerror=alert(1)>'
UNSAFE_HEADERS = ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"})


def no_markup(said: str) -> bool:
    """Whether HTML holds no element that runs, loads or leads to a script."""
    return not re.search(r"<\s*(script|img|iframe|svg|object|style|link)|<[^>]*\son\w+\s*=|href=\"(?!https://)", said)


def test_stored_scripts_in_class_names_texts_and_titles_stay_text(tmp_path, serve, clock):
    folder = make_campaign(
        tmp_path / "first",
        clock,
        classes=(
            ClassText("cup", shown=EVIL, description=f"<script>alert(1)</script> {EVIL} [go](javascript:alert(1))"),
            ClassText("owl", shown=EVIL, synonyms=(EVIL,), description="![x](https://evil.example/x.png)"),
        ),
        title=EVIL,
    ).folder
    (folder / "instructions.md").write_text(f"{EVIL} <script>x</script> <a href='javascript:x'>y</a>")
    (folder / "consent.md").write_text(f"# {EVIL}\n<iframe src=//evil.example></iframe>\n[a](data:text/html,x)")
    service = serve(campaign=open_campaign(folder))
    person = service.visitor()
    consent = person.get("/api/consent")
    assert consent.headers["content-type"] == "application/json"
    assert no_markup(consent.json()["html"])
    person.agree()
    page = person.page()
    assert no_markup(page.wording.html)
    assert page.wording.title == EVIL, "plain text, which the page sets as text"
    assert {one.title for one in page.pictures} == {f"Image {n}" for n in range(1, 5)}


def test_a_files_name_reaches_nobody(tmp_path, serve):
    folder = draw_pictures(tmp_path / "pictures")
    (folder / "cup" / "secret_cup_0.png").rename(folder / "cup" / "x onerror=alert(1) '.png")
    service = serve(pictures=folder)
    person = service.worker()
    page = person.page()
    told = json.dumps(person.get("/api/page").json())
    assert "onerror" not in told
    assert "secret" not in told
    for one in page.pictures:
        said = service.http.get(f"/{one.url}")
        assert re.fullmatch(r'inline; filename="image\.png"', said.headers["content-disposition"])


def test_even_if_escaping_failed_no_inline_script_would_run(service):
    policy = service.http.get("/").headers["content-security-policy"]
    scripts = set(policy.split("script-src")[1].split(";")[0].split())
    assert scripts == {"'self'"}


def test_polyglots_svg_and_pages_in_the_folder_are_not_pictures(tmp_path):
    folder = draw_pictures(tmp_path / "pictures", n=1)
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "<script>alert(1)</script>")
    Image.new("RGB", (8, 8)).save(folder / "cup" / "polyglot.png", pnginfo=note)
    (folder / "cup" / "page.png").write_text("<!doctype html><script>alert(1)</script>")
    (folder / "cup" / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    (folder / "cup" / "page.html").write_text("<script>alert(1)</script>")
    found, faults = scan(folder, pool="images")
    assert len(found) == 2
    assert len(faults) == 4


def test_a_picture_that_becomes_a_page_is_not_served_any_more(tmp_path, serve):
    folder = draw_pictures(tmp_path / "pictures")
    service = serve(pictures=folder)
    page = service.worker().page()
    for file in folder.rglob("*.png"):
        file.write_text("<!doctype html><script>alert(1)</script>")
    for one in page.pictures:
        said = service.http.get(f"/{one.url}")
        assert said.status_code == 404
        assert "script" not in said.text


def test_pictures_can_do_nothing_and_are_kept_privately(service):
    one = service.worker().page().pictures[0]
    said = service.http.get(f"/{one.url}")
    assert said.headers["content-type"] == "image/png"
    assert said.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in said.headers["content-security-policy"]
    assert "default-src 'none'" in said.headers["content-security-policy"]
    assert said.headers["cache-control"].startswith("private, max-age=")
    assert said.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["../secrets.json", "..%2fsecrets.json", "/etc/passwd", "cup/../../secrets.json", "a\0b"]
)
def test_no_path_leads_out_of_the_folder(service, path):
    sneaked = pictures.Picture("sneaked", "images", path, 8, 8)
    service.store.write(lambda c: pictures.add(c, [sneaked])).result()
    address = service.desk.tokens.picture("anyone", "sneaked")
    said = service.http.get(f"/image/{address}")
    assert said.status_code == 404
    assert service.campaign.secrets.signing not in said.text


def test_a_link_out_of_the_folder_is_not_followed(tmp_path, serve):
    folder = draw_pictures(tmp_path / "pictures")
    service = serve(pictures=folder)
    page = service.worker().page()
    outside = tmp_path / "outside.png"
    Image.new("RGB", (8, 8)).save(outside)
    for file in folder.rglob("*.png"):
        file.unlink()
        file.symlink_to(outside)
    assert {service.http.get(f"/{one.url}").status_code for one in page.pictures} == {404}


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../index.html",
        "/assets/..%2f..%2fsecrets.json",
        "/assets/%2e%2e/%2e%2e/campaign/secrets.json",
        "/assets//etc/passwd",
        "/assets/C:%5cwindows%5cwin.ini",
        "/image/..%2f..%2fsecrets.json",
        "/image/%00",
        "/static/../secrets.json",
    ],
)
def test_addresses_do_not_traverse(service, path):
    said = service.http.get(path)
    assert said.status_code == 404
    assert "signing" not in said.text


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest/meta-data", "http://127.0.0.1:1/", "file:///etc/passwd"]
)
def test_no_address_that_anybody_sends_is_fetched(service, url, monkeypatch):
    def never(*_, **__):
        raise AssertionError("the service asked somebody")

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", never)
    names = ("url", "image", "callback", "turkSubmitTo", "redirect", "next", "jku")
    person = service.visitor(**dict.fromkeys(names, url))
    person.agree()
    person.work_through()
    assert url not in person.finish().redirect


def test_secrets_are_made_new_and_read_by_their_owner_alone(tmp_path, clock):
    first = make_campaign(tmp_path / "a", clock)
    second = make_campaign(tmp_path / "b", clock)
    for campaign in (first, second):
        for name in ("secrets.json", "campaign.sqlite"):
            assert (campaign.folder / name).stat().st_mode & 0o777 == 0o600
    assert first.secrets != second.secrets
    (first.folder / "secrets.json").chmod(0o644)
    with pytest.raises(UserFault, match="0600"):
        open_campaign(first.folder)


MATRIX = [
    ("GET", "/api/consent", None),
    ("GET", "/api/page", None),
    ("GET", "/api/ahead", None),
    ("GET", "/api/record", None),
    ("GET", "/api/record/{page}", None),
    ("GET", "/api/record/{page}/chunks", None),
    ("POST", "/api/publish", {"publish": True}),
    ("POST", "/api/consent", {"version": "x", "agreed": True}),
    ("POST", "/api/chunk", b"SLC1"),
    ("POST", "/api/submit", {"page": "p", "tab": "t", "last_seq": -1, "answer": {"task": "browse", "selected": {}}}),
    ("POST", "/api/return", {}),
    ("POST", "/api/finish", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), MATRIX)
@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer x.y", "Basic YTpi", "Bearer {mine}x", "{mine}"])
def test_no_route_works_without_a_good_token(service, method, path, body, token):
    mine = service.worker().session.token
    content = body if isinstance(body, bytes | None) else json.dumps(body)
    headers = {"Authorization": token.replace("{mine}", mine)} if token else {}
    said = service.http.request(method, path, content=content, headers=headers)
    assert said.status_code == 401, said.text


def test_the_matrix_of_routes_is_whole(service):
    """Routes that are added must be added to the matrix, too."""
    described = service.http.get("/api/openapi.json").json()["paths"]
    routes = {(method.upper(), path) for path, methods in described.items() for method in methods}
    open_ones = {("POST", "/api/arrive"), ("POST", "/api/withdraw"), ("GET", "/image/{signed}")}
    assert routes == {(method, path) for method, path, _ in MATRIX} | open_ones


def test_one_person_reaches_nothing_of_anothers(service):
    """Read, write, submit, give back, finish, withdraw, image: the second person with all that she could know."""
    one, other = service.worker(), service.worker()
    mine, hers = one.page(), other.page()
    one.record(mine)
    assert other.send(other.chunk(mine, seq=5)).status_code == 403, "write into another's page"
    assert other.post("/api/submit", other.submission(mine, last_seq=-1)).status_code == 403, "submit another's page"
    for extra in ({"session": one.id}, {"page": mine.id}):
        assert other.ask("GET", "/api/page", params=extra).json()["page"]["id"] == hers.id
        said = other.post("/api/submit", {**other.submission(hers), **extra, "session": one.id})
        assert said.status_code == 400, "an id of a session in a body is refused"
    one.submit(mine)
    for path in (f"/api/record/{mine.id}", f"/api/record/{mine.id}/chunks"):
        assert one.get(path).status_code == 200
        assert other.get(path).status_code == 404, "look at another's record"
    spoofed = other.ask("GET", "/api/page", headers={"X-Session": one.id, "Cookie": f"session={one.id}"})
    assert spoofed.json()["page"]["id"] == hers.id
    other.post("/api/return")
    one.work_through()
    assert one.finish().code
    assert other.post("/api/finish").status_code == 409
    held = {row.session for row in rows(service, t.chunk)}
    assert held == {one.id}


def test_a_pictures_address_is_good_for_one_session_and_cannot_be_made(service):
    one, other = service.worker(), service.worker()
    mine, hers = one.page().pictures, other.page().pictures
    assert not {p.url for p in mine} & {p.url for p in hers}
    address = mine[0].url.removeprefix("image/")
    other_letter = address[:-9] + ("A" if address[-9] != "A" else "B") + address[-8:]
    for forged in (mine[0].id, other_letter, one.session.token, address.upper(), address.split(".")[0]):
        assert service.http.get(f"/image/{forged}").status_code == 404


@pytest.mark.parametrize("headers", UNSAFE_HEADERS, ids=lambda one: next(iter(one.items()))[1])
@pytest.mark.parametrize("path", ["/api/arrive", "/api/consent", "/api/withdraw", "/api/finish", "/admin/api/login"])
def test_another_sites_page_can_do_nothing(service, headers, path):
    person = service.worker()
    said = person.ask("POST", path, content=b"{}", headers=headers)
    assert said.status_code == 403
    assert "another site" in said.json()["problem"]


def test_no_route_sets_a_cookie_for_annotators(service):
    person = service.worker()
    person.work_through()
    said = person.ask("POST", "/api/finish", content=b"{}")
    assert "set-cookie" not in said.headers
    assert not service.http.cookies


def test_completion_cannot_be_forged(service):
    """F10, F11: no code from parameters, no 'done' by claim, no code before the work, none twice."""
    person = service.visitor(isDone="true", pageno="10", workerID="w")
    person.agree()
    assert person.post("/api/finish", {"isDone": True, "code": "FREE"}).status_code == 409
    page = person.page()
    for claim in ("done", page.id + "x", "practice-0"):
        assert person.post("/api/submit", person.submission(page, page=claim)).status_code == 403
    assert person.post("/api/finish").status_code == 409
    person.work_through()
    codes = {person.finish().code for _ in range(3)}
    assert len(codes) == 1
    assert not codes & {"FREE", "w"}
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{14}", codes.pop())


def test_a_flood_of_chunks_is_slowed_before_it_fills_the_disk(service):
    person = service.worker()
    page = person.page()
    body = person.chunk(page)
    service.desk.paces.bytes = type(service.desk.paces.bytes)(burst=3 * len(body), rate=1.0, clock=service.clock)
    codes = [person.send(person.chunk(page)).status_code for _ in range(6)]
    assert codes == [200, 200, 200, 429, 429, 429]
    service.clock.forward(10 * len(body))
    assert person.send(person.chunk(page)).status_code == 200


def test_floods_of_samples_requests_and_arrivals_are_slowed(service):
    paces, clock = service.desk.paces, service.clock
    person = service.worker()
    page = person.page()
    kind = type(paces.bytes)
    paces.samples = kind(burst=4, rate=0.001, clock=clock)
    assert [person.send(person.chunk(page)).status_code for _ in range(3)] == [200, 429, 429]
    paces.requests = kind(burst=2, rate=0.001, clock=clock)
    assert [person.get("/api/page").status_code for _ in range(3)] == [200, 200, 429]
    paces.arrivals = kind(burst=1, rate=0.001, clock=clock)
    assert [service.http.post("/api/arrive", json={"parameters": {}}).status_code for _ in range(2)] == [200, 429]


def test_guessing_tokens_is_slowed(service):
    codes = [service.http.get("/api/page", headers={"Authorization": f"Bearer a.{n}"}).status_code for n in range(62)]
    assert codes[:60] == [401] * 60
    assert codes[60:] == [429] * 2


@pytest.mark.parametrize("path", ["/api/arrive", "/api/chunk", "/api/submit", "/api/withdraw", "/admin/api/login"])
def test_bodies_without_end_are_refused(service, path):
    person = service.worker()
    assert person.ask("POST", path, content=b"x" * (2 << 20)).status_code == 413


def test_bombs_cost_nothing(service):
    """Deep JSON, a chunk that promises gigabytes, a packed body: refused within a moment."""
    person = service.worker()
    assert person.ask("POST", "/api/submit", content=b"[" * 500_000).status_code == 400
    assert person.ask("POST", "/api/arrive", content=b'{"parameters":' + b'{"a":' * 9_000).status_code == 400
    head = b'{"page":"p","tab":"t","seq":0,"segment":0,"anchor":[0,0],"n":20000,"bytes":[0,0,0,0],'
    head += b'"coalesced":true,"entries":[]}'
    assert person.send(b"SLC1" + len(head).to_bytes(4, "little") + head).status_code == 400
    packed = person.ask("POST", "/api/chunk", content=b"\x1f\x8b" + bytes(100), headers={"Content-Encoding": "gzip"})
    assert packed.status_code == 400


def test_a_picture_of_too_many_pixels_is_refused(tmp_path):
    folder = tmp_path / "bombs"
    folder.mkdir()
    Image.new("1", (20_000, 20_000)).save(folder / "bomb.png")
    found, faults = scan(folder, pool="images")
    assert found == []
    assert "million" in faults[0].message


@pytest.mark.parametrize("probe", ["{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{%print(7*7)%}", "__import__('os')"])
def test_nothing_that_is_sent_is_run_as_a_template(serve, probe):
    service = serve(panel="generic", panel_options={"completion": "redirect", "address": "https://panel.example/"})
    said = service.http.post(
        "/api/arrive", json={"parameters": {"workerId": probe, "assignmentId": probe, probe: probe}}
    )
    assert "49" not in said.text.replace(said.json()["token"], "")
    for path in (f"/?mode={probe}", f"/{probe}", f"/image/{probe}", f"/assets/{probe}", f"/admin?x={probe}"):
        answer = service.http.get(path)
        assert answer.status_code < 500
        assert "49" not in answer.text


@pytest.mark.parametrize("task", TASKS)
def test_what_people_are_is_in_no_log(serve, task, caplog):
    """F17: no id of a worker, session, page or token, and no address, in anything that is logged."""
    caplog.set_level(logging.DEBUG)
    service = serve(task, panel="generic", panel_options={"completion": "code"})
    ids = {"workerId": "WORKER77", "assignmentId": "ASSIGN77"}
    person = service.worker(**ids)
    person.work_through()
    person.finish()
    service.http.get("/api/page", headers={"Authorization": "Bearer forged77.x"})
    person.send(b"SLC1 rubbish")
    ours = "\n".join(
        r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore", "asyncio", "PIL"))
    )
    secrets = {"WORKER77", "ASSIGN77", "forged77", person.id, person.session.token, "testclient"}
    assert not [secret for secret in secrets if secret in ours]


def test_ids_leave_by_no_header(service):
    said = service.http.get("/?PROLIFIC_PID=P77&workerId=W77")
    assert said.headers["referrer-policy"] == "no-referrer"
    assert "77" not in said.text + str(said.headers)


def test_the_pages_are_embedded_nowhere_unless_the_campaign_says_where(serve):
    framed = serve(frame_ancestors=("https://panel.example",))
    said = framed.http.get("/").headers
    assert "frame-ancestors https://panel.example" in said["content-security-policy"]
    assert "frame-ancestors 'none'" in framed.http.get("/admin").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in framed.http.get("/api/page").headers["content-security-policy"]


def test_nothing_is_read_with_pickle():
    """Deserialisation: no module of the service can load one."""
    for file in Path(sidelight.collect.__file__).parent.rglob("*.py"):
        assert not re.search(r"\b(pickle|marshal|shelve|dill|yaml\.load|eval\(|exec\()", file.read_text("utf-8")), file


def test_every_answer_has_the_headers(service):
    person = service.worker()
    paths = ["/", "/admin", "/api/page", "/healthz", "/none", "/assets/none", person.page().pictures[0].url]
    for path in paths:
        headers = person.ask("GET", path if path.startswith("/") else f"/{path}").headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "frame-ancestors" in headers["content-security-policy"], path
        assert "server" not in headers
