"""Uvicorn's protocol with three things more: an end to its patience, an end to heads, and answers that leave at once.

A sender that trickles holds no connection, and one that sends a head without end fills no memory: the parser itself
knows no limit. Between requests uvicorn's `timeout_keep_alive` holds.
"""

import asyncio
import socket
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sidelight.collect.service.joined import Joined

REQUEST_S = 25.0
"""From a connection's beginning, or a request's first byte, to its end. A request that comes whole never meets it."""

LONGEST_HEAD = 32 * 1024
"""Bytes of a request's address and headers together."""

MOST_AHEAD = 8
"""Requests of a connection that may come before earlier ones are answered; browsers send none."""

VERSIONS = ("1.1", "1.0")
"""Of HTTP."""


class Unfit(Exception):
    """A request that the parser lets through and the service does not; it is answered 400, and the connection ends."""


class Patient(HttpToolsProtocol):
    """Uvicorn's protocol, with an end to its patience."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (uvicorn's own)
        super().__init__(*arguments, **options)
        self._waiting: asyncio.TimerHandle | None = None
        self._in_head = self._whole = False
        self._apart = 0
        """Bytes since a request began or its body last went on: of a head, of what follows a body, or of nothing."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connected: a request is expected.

        asyncio leaves Nagle's algorithm on where a listening socket does not say that it is TCP; an answer then waits
        40 ms for the other side's acknowledgement.
        """
        super().connection_made(transport)
        line: socket.socket | None = transport.get_extra_info("socket")
        if line is not None and line.family in (socket.AF_INET, socket.AF_INET6):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._joined = Joined(transport)
        self.transport = cast("asyncio.Transport", self._joined)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Something came."""
        if self.transport.is_closing():
            return
        self._apart += len(data)
        super().data_received(data)
        if self._apart > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("Too much beside the body of a request.")
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and nothing is waited for."""
        self._stop()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """The parser met a request."""
        self._in_head, self._whole, self._apart = True, False, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """The parser met a header; what follows a body is none that anybody asked for.

        Raises:
            Unfit: it follows the body.
        """
        if not self._in_head:
            raise Unfit
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The parser met the end of a head.

        Raises:
            Unfit: it is too long, of another protocol, names no host or several, or too many requests came at once.
        """
        self._in_head = False
        hosts, length = 0, len(self.url)
        for name, value in self.headers:
            length += len(name) + len(value)
            hosts += name == b"host"
        if length > LONGEST_HEAD or len(self.pipeline) >= MOST_AHEAD:
            raise Unfit
        version = self.parser.get_http_version()
        if version not in VERSIONS or hosts > 1 or (not hosts and version == "1.1"):
            raise Unfit
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """The parser met a part of a body."""
        self._apart = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The parser met the end of a request."""
        self._whole, self._apart = True, 0
        self._stop()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """An answer is over."""
        self._joined.flush()
        super().on_response_complete()

    def _look(self) -> None:
        """Wait for the rest of a request, or not any more."""
        if self._answering():
            self._stop()
        elif self._waiting is None and not self.transport.is_closing():
            self._waiting = self.loop.call_later(REQUEST_S, self._give_up)

    def _answering(self) -> bool:
        """Whether a request is all here and has no answer yet."""
        return self._whole and self.cycle is not None and not self.cycle.response_complete

    def _give_up(self) -> None:
        self._waiting = None
        if not self._answering() and not self.transport.is_closing():
            self.transport.close()

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
