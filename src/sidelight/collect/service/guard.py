"""The guard before every route: where a request comes from, how much it sends and how fast, what its answer may say.

An ASGI middleware. It takes in the whole body, within limits of size and time, before any route sees the request: no
route can be held open by a sender that trickles. It answers what no route caught, without showing or logging it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sidelight.collect.service.headers import ALWAYS, NOTHING
from sidelight.collect.service.problem import Trouble, answered

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

LIMITS: dict[str, int] = {"/api/chunk": 1 << 16, "/api/submit": 1 << 20}
"""Bytes of a body, by path."""

LIMIT = 1 << 16
"""Bytes of any other body."""

BODY_S = 20.0
"""How long the rest of a body may take to arrive (`service.patience` waits for its beginning)."""

UNREAD = frozenset({408, 413})
"""Statuses after which the rest of a body is not waited for."""

LONGEST_ADDRESS = 8192
"""Bytes of a path with its query."""


class Guard:
    """The middleware.

    Args:
        app: what stands behind it.
        body_s: how long a body may take to arrive.
    """

    def __init__(self, app: ASGIApp, *, body_s: float = BODY_S) -> None:
        self._app, self._body_s = app, body_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _finish(message, scope)
            await send(message)

        try:
            _check(scope)
            body = await self._body(scope, receive)
            await self._app(scope, _replay(body, receive), sending)
        except Gone:
            return
        except Exception as fault:  # none may reach the person, or uvicorn's log
            response = answered(fault)
            if not started:
                if response.status_code in UNREAD:
                    response.headers["Connection"] = "close"
                await response(scope, receive, sending)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body."""
        if scope["method"] in SAFE:
            return b""
        limit = LIMITS.get(scope["path"], LIMIT)
        length = Headers(scope=scope).get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > limit:
            raise Trouble(413)
        first = await receive()
        if not first.get("more_body", False) and first["type"] != "http.disconnect":
            return _within(first.get("body", b""), limit)
        try:
            async with asyncio.timeout(self._body_s):
                return await _read(first, receive, limit)
        except TimeoutError:
            raise Trouble(408) from None


class Express:
    """A way past the framework, though not past the guard, for the one route that is asked thousands of times a second.

    Attributes:
        framework: answers everything else; it has a guard of its own.

    Args:
        framework: as above.
        path: of the route; only POST.
        route: that answers it. It is among the framework's routes, too, which describe it.
    """

    def __init__(self, framework: FastAPI, *, path: str, route: Callable[[Request], Awaitable[Response]]) -> None:
        self.framework, self._path = framework, path

        async def asked(scope: Scope, receive: Receive, send: Send) -> None:
            response = await route(Request(scope, receive))
            await response(scope, receive, send)

        self._route = Guard(asked)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        quick = scope["type"] == "http" and scope["path"] == self._path and scope["method"] == "POST"
        await (self._route if quick else self.framework)(scope, receive, send)


class Gone(Exception):
    """The sender hung up in the middle of the body: there is nobody to answer."""


def may_act(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a request may do something, judged by what browsers say of its origin and pages cannot forge.

    Annotators' routes know people by a bearer token, which no other site has; so a client that is no browser and says
    nothing of an origin may act. The requester's routes know people by a cookie, and have a stricter rule of their own.

    >>> may_act("POST", {"host": "lab.example", "origin": "https://evil.example"})
    False
    >>> may_act("POST", {"host": "lab.example"}), may_act("POST", {"sec-fetch-site": "cross-site"})
    (True, False)
    """
    if method in SAFE:
        return True
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _check(scope: Scope) -> None:
    if len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST_ADDRESS:
        raise Trouble(413)
    if not may_act(scope["method"], Headers(scope=scope)):
        raise Trouble(403, "This request comes from another site.", "Open the link from where you found this task.")


async def _read(message: Message, receive: Receive, limit: int) -> bytes:
    """The whole body, of which the first message is here."""
    body = b""
    while message["type"] != "http.disconnect":
        body = _within(body + message.get("body", b""), limit)
        if not message.get("more_body", False):
            return body
        message = await receive()
    raise Gone


def _within(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise Trouble(413)
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """A body that was taken in, given on in one piece."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _finish(message: Message, scope: Scope) -> None:
    """Add what every answer says."""
    headers: list[tuple[bytes, bytes]] = message["headers"]
    named = {name for name, _ in headers}
    headers += [pair for pair in ALWAYS if pair[0] not in named]
    if b"content-security-policy" not in named:
        headers += [(b"content-security-policy", NOTHING), (b"x-frame-options", b"DENY")]
    if scope["scheme"] == "https":
        headers.append((b"strict-transport-security", b"max-age=31536000"))
