"""Answers that leave in one piece: uvicorn writes an answer's head and its body one after the other.

Each writing is a call of the system, a packet, and a waking of whoever waits for it: the head waits for the body, which
follows at once.
"""

import asyncio

ANSWER, GO_ON = b"HTTP/1.1 ", b"HTTP/1.1 100 "
"""How an answer begins; and how the one does that asks for the body, and that nothing follows."""


class Joined:
    """What uvicorn's protocol needs of a transport; `flush` is called when an answer is over.

    Args:
        transport: that carries the bytes.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport, self._head = transport, b""

    def write(self, data: bytes) -> None:
        """Write; an answer's head waits for what follows."""
        if self._head:
            data, self._head = self._head + data, b""
        elif data.startswith(ANSWER) and data.endswith(b"\r\n\r\n") and not data.startswith(GO_ON):
            self._head = data
            return
        self._transport.write(data)

    def flush(self) -> None:
        """Write what waits: an answer without a body is over."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        """Write what waits, and hang up."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection is over."""
        return self._transport.is_closing()
