"""Uvicorn's protocol with two things more: senders that trickle do not hold connections, and answers leave at once.

Between requests uvicorn's `timeout_keep_alive` holds.
"""

import asyncio
import socket
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S = 25.0
"""From a connection's beginning, or a request's first byte, to its end. A request that comes whole never meets it."""

UNFINISHED = (h11.IDLE, h11.SEND_BODY)
"""States of a sender whose request is not all here."""


class Patient(H11Protocol):
    """Uvicorn's protocol, with an end to its patience."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (uvicorn's own)
        super().__init__(*arguments, **options)
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connected: a request is expected.

        asyncio leaves Nagle's algorithm on where a listening socket does not say that it is TCP; an answer then waits
        40 ms for the other side's acknowledgement.
        """
        super().connection_made(transport)
        line: socket.socket | None = transport.get_extra_info("socket")
        if line is not None and line.family in (socket.AF_INET, socket.AF_INET6):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._look()

    def data_received(self, data: bytes) -> None:
        """Something came."""
        super().data_received(data)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, and nothing is waited for."""
        self._stop()
        super().connection_lost(exc)

    def _look(self) -> None:
        """Wait for the rest of a request, or not any more."""
        if self.conn.their_state not in UNFINISHED:
            self._stop()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(REQUEST_S, self._give_up)

    def _give_up(self) -> None:
        if self.conn.their_state in UNFINISHED and not self.transport.is_closing():
            self.transport.close()

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
