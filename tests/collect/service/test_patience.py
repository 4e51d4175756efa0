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
    said = []

    def look(self):
        line = self.transport.get_extra_info("socket")
        said.append(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(patience.Patient, "_look", look)
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


def test_a_request_in_time_is_answered_and_the_next_one_on_the_same_line_too(server):
    whole = HEAD + b"\r\nabc"
    said, _ = talk(server, whole, whole.replace(b"Host:", b"Connection: close\r\nHost:"), pause=0.1)
    assert said.count(b"HTTP/1.1 200") == 2
    assert b"server:" not in said.lower()
