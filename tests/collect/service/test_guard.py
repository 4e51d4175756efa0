"""The guard alone, before a tiny app, spoken to in ASGI so that slow and broken senders can be played."""

import asyncio
import logging

import pytest

from sidelight.collect.service.guard import LIMIT, Guard, may_act

SAID = "session s3cr3t of worker A1B2 at 203.0.113.7"


async def echo(scope, receive, send):
    body = (await receive()).get("body", b"")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def broken(scope, receive, send):
    raise RuntimeError(SAID)


def ask(app, parts, *, method="POST", path="/api/page", headers=(), pause=0.0, body_s=20.0, scheme="http", query=b""):
    """Send a body in parts, with a pause before each; the answer as (status, headers, body)."""
    sent, waiting = [], list(parts)

    async def receive():
        await asyncio.sleep(pause)
        if not waiting:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query}
    scope |= {"scheme": scheme, "headers": [(b"host", b"lab.example"), *headers]}
    asyncio.run(Guard(app, body_s=body_s)(scope, receive, send))
    if not sent:
        return None
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(m.get("body", b"") for m in sent[1:])


def test_a_body_in_parts_comes_in_one_piece():
    assert ask(echo, [b"a", b"b", b"", b"c"])[::2] == (200, b"abc")


def test_a_body_beyond_the_limit_is_refused_whether_announced_or_not():
    assert ask(echo, [b"x" * 40_000, b"x" * 40_000])[0] == 413
    assert ask(echo, [b"x"], headers=[(b"content-length", b"9999999")])[0] == 413
    assert ask(echo, [b"x"], headers=[(b"content-length", b"-1")])[0] == 413
    assert ask(echo, [b"x" * LIMIT])[0] == 200


def test_a_sender_that_trickles_is_not_waited_for():
    assert ask(echo, [b"x"] * 50, pause=0.01, body_s=0.05)[0] == 408


def test_a_sender_that_hangs_up_is_not_answered():
    assert ask(echo, []) is None


def test_an_address_without_end_is_refused():
    assert ask(echo, [], method="GET", query=b"q" * 9000)[0] == 413


def test_a_fault_says_and_logs_nothing_of_what_was_sent(caplog):
    with caplog.at_level(logging.DEBUG):
        status, _, body = ask(broken, [b"x"])
    assert status == 500
    for told in (body.decode(), caplog.text):
        assert not any(secret in told for secret in ("s3cr3t", "A1B2", "203.0.113.7"))
    assert "RuntimeError" in caplog.text
    assert "in broken" in caplog.text


@pytest.mark.parametrize("app", [echo, broken])
def test_every_answer_has_the_headers(app):
    _, headers, _ = ask(app, [b"x"])
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert b"strict-transport-security" not in headers
    assert b"strict-transport-security" in ask(app, [b"x"], scheme="https")[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://lab.example.evil.example"},
        {"origin": "https://lab.example@evil.example"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
    ],
)
def test_another_sites_page_cannot_act(headers):
    assert not may_act("POST", {"host": "lab.example", **headers})
    assert may_act("GET", {"host": "lab.example", **headers})
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert ask(echo, [b"x"], headers=sent)[0] == 403


def test_our_own_pages_and_clients_that_are_no_browsers_act():
    assert may_act("POST", {"host": "lab.example", "sec-fetch-site": "same-origin", "origin": "https://lab.example"})
    assert may_act("POST", {"host": "lab.example:8080", "origin": "http://LAB.example:8080"})
    assert may_act("POST", {"host": "lab.example"})


def test_what_is_no_request_passes_through():
    seen = []

    async def lifespan(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(Guard(lifespan)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
