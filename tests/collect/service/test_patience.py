"""Slow senders, against the real protocol on a real socket."""

import contextlib
import socket
import threading
import time

import pytest
import uvicorn

from sidelight.collect.service import patience
from sidelight.collect.service.guard import Guard
from sidelight.collect.service.serving import listen, options

HEAD = b"POST /api/page HTTP/1.1\r\nHost: lab.example\r\nContent-Length: 3\r\n"


async def echo(scope, receive, send):
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    body = (await receive()).get("body", b"")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def server(monkeypatch):
    """A server that waits for no longer than 0.4 s."""
    monkeypatch.setattr(patience, "REQUEST_S", 0.4)
    listening = listen("127.0.0.1", 0)
    running = uvicorn.Server(uvicorn.Config(Guard(echo, body_s=0.3), **options()))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()
    running.should_exit = True
    thread.join(10)
    listening.close()


def talk(address, *parts, pause=0.0, wait=5.0):
    """Send parts with a pause before each; all that comes back until the server hangs up, and how long that took."""
    began, said = time.monotonic(), b""
    with socket.create_connection(address, timeout=wait) as line:
        with contextlib.suppress(OSError):
            for part in parts:
                time.sleep(pause)
                line.sendall(part)
        with contextlib.suppress(OSError):
            while more := line.recv(4096):
                said += more
    return said, time.monotonic() - began


def test_answers_leave_at_once(server, monkeypatch):
    said, made = [], patience.Patient.connection_made

    def look(self, transport):
        made(self, transport)
        line = transport.get_extra_info("socket")
        said.append(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(patience.Patient, "connection_made", look)
    talk(server, HEAD.replace(b"Host:", b"Connection: close\r\nHost:") + b"\r\nabc")
    assert said
    assert all(said)


def test_who_connects_and_says_nothing_is_not_waited_for(server):
    said, took = talk(server)
    assert said == b""
    assert took < 3


def test_a_head_that_trickles_is_not_waited_for(server):
    said, took = talk(server, *(bytes([letter]) for letter in HEAD), pause=0.05)
    assert b"200" not in said
    assert took < len(HEAD) * 0.05 + 1


def test_a_body_that_never_begins_is_not_waited_for(server):
    said, took = talk(server, HEAD + b"\r\n")
    assert b"200" not in said
    assert took < 3


def test_a_body_that_trickles_is_answered_408_and_the_connection_ends(server):
    said, took = talk(server, HEAD.replace(b": 3", b": 300") + b"\r\na", *[b"b"] * 6, pause=0.08)
    assert said.startswith(b"HTTP/1.1 408")
    assert b"connection: close" in said.lower()
    assert took < 3


FILL = b"x" * 1000
WHOLE = HEAD + b"\r\nabc"


def refused(said):
    return said.startswith(b"HTTP/1.1 400") and said.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "more",
    [
        b"X-Long: " + 40 * FILL,
        b"".join(b"X-%d: %s\r\n" % (n, FILL) for n in range(40)),
        b"Cookie: " + 400 * FILL,
    ],
    ids=["one header", "many headers", "more than one reading"],
)
def test_a_head_beyond_the_limit_is_refused(server, more):
    said, _ = talk(server, HEAD + more + b"\r\n\r\nabc")
    assert refused(said)


def test_a_head_without_end_is_refused_before_it_fills_the_memory(server):
    said, took = talk(server, HEAD + b"X-Long: ", *(100 * [20 * FILL]), pause=0.001)
    assert refused(said)
    assert took < 3


def test_an_address_without_end_is_refused(server):
    said, _ = talk(server, b"GET /", *(10 * [20 * FILL]), pause=0.001)
    assert refused(said)


def test_a_long_head_within_the_limit_is_served_however_it_is_cut(server):
    long = HEAD.replace(b"Host:", b"Connection: close\r\nCookie: " + 30 * FILL + b"\r\nHost:") + b"\r\nabc"
    for parts in ([long], [long[at : at + 700] for at in range(0, len(long), 700)]):
        said, _ = talk(server, *parts)
        assert said.startswith(b"HTTP/1.1 200")


def test_a_body_longer_than_any_head_is_served(server):
    body = 60 * FILL
    head = HEAD.replace(b"Host:", b"Connection: close\r\nHost:").replace(b": 3", b": %d" % len(body)) + b"\r\n"
    for parts in (
        [head + body],
        [head[:30], head[30:] + body[:5], *(body[at : at + 7000] for at in range(5, len(body), 7000))],
    ):
        said, _ = talk(server, *parts)
        assert said.startswith(b"HTTP/1.1 200")


CHUNKED = b"POST /api/page HTTP/1.1\r\nHost: lab.example\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_body_in_numbered_parts_is_served(server):
    said, _ = talk(
        server, CHUNKED, *(200 * [b"1\r\na\r\n"]), b"0\r\n\r\n" + WHOLE.replace(b"Host:", b"Connection: close\r\nHost:")
    )
    assert said.count(b"HTTP/1.1 200") == 2
    assert b"content-length: 200" in said.lower()


def test_what_follows_a_body_is_no_header_of_anything(server):
    said, _ = talk(server, CHUNKED + b"3\r\nabc\r\n0\r\nAuthorization: Bearer x\r\n\r\n")
    assert b"HTTP/1.1 400" in said
    endless, took = talk(server, CHUNKED + b"3\r\nabc\r\n0\r\nX-Long: ", *(100 * [20 * FILL]), pause=0.001)
    assert b"HTTP/1.1 200" not in endless
    assert took < 3


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, x\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n X: y\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: a\nContent-Length: 3\n\nabc",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        b"GET /\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_requests_of_two_meanings_are_refused(server, head):
    said, _ = talk(server, head)
    assert refused(said), said


def test_many_requests_before_the_first_answer_are_refused(server):
    said, _ = talk(server, 30 * WHOLE)
    assert b"HTTP/1.1 400" in said
    assert said.count(b"HTTP/1.1 200") < 30


def test_a_few_requests_at_once_are_answered_in_turn(server):
    bodies = [b"a", b"bc", b"def"]
    together = b"".join(HEAD.replace(b": 3", b": %d" % len(body)) + b"\r\n" + body for body in bodies)
    said, _ = talk(server, together)
    assert [part.partition(b"\r\n\r\n")[2] for part in said.split(b"HTTP/1.1 200")[1:]] == bodies


def test_empty_lines_between_requests_hold_no_connection(server):
    said, took = talk(server, WHOLE, *(60 * [b"\r\n"]), pause=0.05)
    assert said.count(b"HTTP/1.1 200") == 1
    assert took < 3


def test_whoever_asks_for_another_protocol_is_answered_in_this_one(server):
    upgrade = WHOLE.replace(b"Host:", b"Connection: Upgrade\r\nUpgrade: websocket\r\nHost:")
    said, _ = talk(server, upgrade, WHOLE.replace(b"Host:", b"Connection: close\r\nHost:"), pause=0.1)
    assert said.count(b"HTTP/1.1 200") == 2


def test_whoever_asks_whether_to_go_on_is_told_at_once(server):
    said, _ = talk(
        server,
        HEAD.replace(b"Host:", b"Connection: close\r\nExpect: 100-continue\r\nHost:") + b"\r\n",
        b"abc",
        pause=0.1,
    )
    assert said.startswith(b"HTTP/1.1 100 Continue")
    assert b"HTTP/1.1 200" in said


def test_a_request_in_time_is_answered_and_the_next_one_on_the_same_line_too(server):
    said, _ = talk(server, WHOLE, WHOLE.replace(b"Host:", b"Connection: close\r\nHost:"), pause=0.1)
    assert said.count(b"HTTP/1.1 200") == 2
    assert b"server:" not in said.lower()
