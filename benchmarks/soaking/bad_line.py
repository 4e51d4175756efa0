"""A line between a browser and the service that fails as often as it is told to, and writes down what passed over it.

It is a proxy of its own, so that it sees everything that leaves the browser, also what is sent when a page is gone.
"""

import asyncio
import random
from dataclasses import dataclass, field

import msgspec

from sidelight.collect.simulate.journal import Acked, Cut, Handed, Happened, Journal, digest_of
from sidelight.collect.simulate.line import Weather
from sidelight.collect.wire.chunk import decode, peek
from sidelight.collect.wire.packed import unpacked
from sidelight.collect.wire.page import Next, Submit, Submitted

ANSWER_S = 20.0


@dataclass(frozen=True)
class Request:
    """A request as it came.

    Attributes:
        name: method and path.
        headers: by name in small letters.
        raw: all its bytes, but with a connection that ends after the answer.
        body: of it.
    """

    name: str
    headers: dict[str, str]
    raw: bytes
    body: bytes


@dataclass
class BadLine:
    """The line of one browser.

    Attributes:
        service: port of the service.
        weather: how bad it is.
        journal: of what left the browser, and what the service said.
        rng: of the faults.
        port: where the browser finds the line.
        page: id of the page that the browser was given last.
        told: how many pages were told that they are left.
    """

    service: int
    weather: Weather
    journal: Journal
    rng: random.Random
    port: int = 0
    page: str = ""
    told: int = 0
    _seen: set[tuple[str, int, str]] = field(default_factory=set)

    async def open(self) -> None:
        """Begin to listen; ends with the event loop."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on one connection; a fault hangs up without a word."""
        try:
            request = await _read(reader)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()  # browsers open connections that they do not need
            return
        try:
            answer = await self._passed(request)
            if answer is not None:
                if request.name == "GET /api/page":
                    self._served(answer)
                writer.write(answer)
                await writer.drain()
        except (OSError, TimeoutError):
            self.journal.add(Happened("unreachable"))
        finally:
            writer.close()

    async def _passed(self, request: Request) -> bytes | None:
        """What the browser gets to see of the service's answer."""
        if request.name == "POST /left":
            self.told += 1
            return b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"
        drop, lose, double = self.rng.random(), self.rng.random(), self.rng.random()
        self._left(request)
        if drop < self.weather.dropped:
            self.journal.add(Happened("dropped"))
            return None
        if double < self.weather.doubled:
            self.journal.add(Happened("doubled"))
            self._said(request, await self._asked(request))
        answer = await self._asked(request)
        self._said(request, answer)
        if lose < self.weather.answer_lost:
            self.journal.add(Happened("answer_lost"))
            return None
        return answer

    async def _asked(self, request: Request) -> bytes:
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.service)
            try:
                writer.write(request.raw)
                answer = await reader.read()
            finally:
                writer.close()
        if not answer:
            raise ConnectionResetError("the service was killed")
        return answer

    def _left(self, request: Request) -> None:
        """A chunk has left the browser, whether or not it will arrive."""
        if request.name != "POST /api/chunk":
            return
        body = unpacked(request.body, request.headers.get("content-encoding", ""))
        chunk, digest = decode(body), digest_of(body)
        if (chunk.tab, chunk.seq, digest) not in self._seen:
            self._seen.add((chunk.tab, chunk.seq, digest))
            events = len(chunk.entries) + len(chunk.samples)
            self.journal.add(Cut(chunk.tab, chunk.seq, chunk.page, digest, events, len(body)))

    def _said(self, request: Request, answer: bytes) -> None:
        """What the service promised by an answer, even if the browser will never see it."""
        status, body = _status_and_body(answer)
        if request.name == "POST /api/chunk" and status == 200:
            head = peek(unpacked(request.body, request.headers.get("content-encoding", "")))
            self.journal.add(Acked(head.tab, head.seq))
        if request.name == "POST /api/submit" and status == 200:
            asked = msgspec.json.decode(request.body, type=Submit)
            said = msgspec.json.decode(body, type=Submitted)
            self.journal.add(Handed(asked.page, complete=said.complete, late=said.late, answer=asked.answer))
        if status >= 500:
            self.journal.add(Happened(f"status_{status}", request.name))

    def _served(self, answer: bytes) -> None:
        status, body = _status_and_body(answer)
        if status == 200 and (page := msgspec.json.decode(body, type=Next).page) is not None:
            self.page = page.id


async def _read(reader: asyncio.StreamReader) -> Request:
    """A request with a body of a known length."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
    pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    headers = dict(pairs)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    kept = [f"{name}: {value}" for name, value in pairs if name != "connection"]
    head = "\r\n".join([first, *kept, "connection: close", "", ""])
    method, path = first.split(" ")[:2]
    return Request(f"{method} {path.partition('?')[0]}", headers, head.encode("latin-1") + body, body)


def _status_and_body(answer: bytes) -> tuple[int, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body
