"""How many chunks a second the service makes durable, and how long annotators wait for it.

    python benchmarks/collect_load.py

One service process on SQLite (every commit synced, FULL) gets the chunks of simulated annotators, who browse pages of
48 pictures. The load generator runs beside it and takes its share of the same cores; to cost little it speaks plain
HTTP over raw connections. Every acknowledgement comes after the commit.

- "as fast as it goes": a fixed number of requests is always under way.
- "as people send": every annotator has a connection of her own and sends on a schedule, whether or not the service
  keeps up; a wait counts from the moment the chunk was due.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import msgspec
import numpy as np
import tyro
from rich.console import Console
from rich.table import Table

from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.service.running import running_address
from sidelight.collect.simulate.labour import perform, steps_of
from sidelight.collect.simulate.person import Annotator, World
from sidelight.collect.store.chunks import Size, size
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.packing import pack_together
from sidelight.collect.wire.chunk import Chunk, encode
from sidelight.collect.wire.page import Agreement, Arrival, ConsentText, Next, PageSpec, Session
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.signal.annotator import SimulatedAnnotator

START_S = 30.0
TEMPLATES = 12
"""Different pages of recorded behaviour; every annotator sends one of them under her own ids."""

PAGE_ID, TAB_ID = "P" * 16, "T" * 16


@dataclass(frozen=True)
class CollectLoad:
    """Load the service."""

    annotators: int = 1000
    """People with a session and a page under way."""
    seconds: float = 10.0
    """Length of each measurement."""
    under_way: int = 64
    """Requests under way at once in the first measurement."""
    rates: tuple[float, ...] = (500.0, 3000.0)
    """Chunks a second that the annotators send together in the others; 500 is what 1,000 people send, one each 2 s."""
    seed: int = 0
    """Of the people."""


class Wire(asyncio.Protocol):
    """One keep-alive connection with one request under way; opened again when the service has closed it."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port, self._open = host, port, False
        self._data = b""
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._open = transport, True

    def data_received(self, data: bytes) -> None:
        """Gather an answer: its length stands in its head."""
        self._data += data
        head, found, rest = self._data.partition(b"\r\n\r\n")
        if not found or self._waiting is None:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(rest) >= length:
            self._data = b""
            self._waiting.set_result((int(head[9:12]), rest[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail what waits."""
        self._open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("the service hung up"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; its status and body."""
        loop = asyncio.get_running_loop()
        if not self._open:
            await loop.create_connection(lambda: self, self._host, self._port)
        self._waiting = loop.create_future()
        self._transport.write(request)
        return await self._waiting


@dataclass
class Person:
    """An annotator with a page under way: her connection, and the requests that she still has to send."""

    wire: Wire
    requests: Iterator[bytes]


def request(method: str, path: str, body: bytes = b"", token: str = "") -> bytes:
    """The bytes of a request."""
    kind = "application/octet-stream" if path == "/api/chunk" else "application/json"
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: load\r\n{bearer}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def said(wire: Wire, data: bytes) -> bytes:
    status, body = await wire.ask(data)
    if status != 200:
        raise SystemExit(f"the service answered {status}: {body[:300]!r}")
    return body


async def arrive(wire: Wire) -> tuple[str, PageSpec]:
    """Arrive, agree, take a page; the token and the page."""
    body = await said(wire, request("POST", "/api/arrive", msgspec.json.encode(Arrival({}))))
    token = msgspec.json.decode(body, type=Session).token
    text = msgspec.json.decode(await said(wire, request("GET", "/api/consent", token=token)), type=ConsentText)
    agreed = msgspec.json.encode(Agreement(text.version, agreed=True))
    token = msgspec.json.decode(await said(wire, request("POST", "/api/consent", agreed, token)), type=Session).token
    page = msgspec.json.decode(await said(wire, request("GET", "/api/page", token=token)), type=Next).page
    if page is None or page.practice:
        raise SystemExit(f"a page to work on was expected, not {page}")
    return token, page


def templates(page: PageSpec, world: World, asked: CollectLoad) -> list[list[Chunk]]:
    """Recorded pages, under ids that are as long as real ones."""
    laws, made = SimulatedAnnotator(seed=asked.seed, crew_size=200), []
    everybody = (Annotator(asked.seed, number, laws) for number in range(1000))
    for person in everybody:
        if person.by == "mouse":
            hands = perform(page, person, world, nth=0, first=0, last=steps_of(page))
            cut = {"page": PAGE_ID, "tab": TAB_ID, "segment": 0, "first_seq": 0, "shown_at": 1.8e12}
            made.append(hands.recording.chunks(**cut))  # type: ignore[arg-type]
        if len(made) == TEMPLATES:
            break
    return made


def own_requests(bodies: Sequence[bytes], token: str, page: str, number: int) -> Iterator[bytes]:
    """The template's chunks under a person's ids; a tab after the other, so that they never end."""
    for tab in range(1000):
        name = f"{number:08d}{tab:08d}"
        for body in bodies:
            mine = body.replace(PAGE_ID.encode(), page.encode(), 1).replace(TAB_ID.encode(), name.encode(), 1)
            yield request("POST", "/api/chunk", mine, token)


async def people(url: str, world: World, asked: CollectLoad) -> tuple[list[Person], list[list[Chunk]]]:
    """Let everybody arrive."""
    host, port = url.removeprefix("http://").strip("/").split(":")
    first = Wire(host, int(port))
    token, page = await arrive(first)
    pages = templates(page, world, asked)
    bodies = cycle([[encode(chunk) for chunk in chunks] for chunks in pages])
    made = [Person(first, own_requests(next(bodies), token, page.id, 0))]
    for number in range(1, asked.annotators):
        wire = Wire(host, int(port))
        token, page = await arrive(wire)
        made.append(Person(wire, own_requests(next(bodies), token, page.id, number)))
    return made, pages


async def as_fast_as_it_goes(everybody: list[Person], asked: CollectLoad) -> tuple[float, np.ndarray]:
    """So many requests are always under way, of everybody in turn; acknowledgements a second, and waits in ms."""
    waits: list[float] = []
    end = time.perf_counter() + asked.seconds

    async def some(mine: Sequence[Person]) -> None:
        for person in cycle(mine):
            began = time.perf_counter()
            if began >= end:
                return
            await said(person.wire, next(person.requests))
            waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(some(everybody[k :: asked.under_way]) for k in range(asked.under_way)))
    return len(waits) / (time.perf_counter() - began), 1000.0 * np.array(waits)


async def as_people_send(everybody: list[Person], rate: float, asked: CollectLoad) -> tuple[float, np.ndarray]:
    """Everybody sends on a schedule; the wait of a chunk counts from when it was due."""
    waits: list[float] = []
    every = len(everybody) / rate
    rng = np.random.default_rng(asked.seed)
    began = time.perf_counter() + 0.5

    async def one(person: Person, phase: float) -> None:
        for k in range(round(asked.seconds / every)):
            due = began + phase + k * every
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await said(person.wire, next(person.requests))
            waits.append(time.perf_counter() - due)

    phases = rng.uniform(0.0, every, len(everybody)).tolist()
    await asyncio.gather(*(one(person, phase) for person, phase in zip(everybody, phases, strict=True)))
    return len(waits) / (time.perf_counter() - began), 1000.0 * np.array(waits)


async def measure(
    url: str, world: World, asked: CollectLoad
) -> tuple[list[tuple[str, float, np.ndarray]], list[list[Chunk]]]:
    """All measurements, one after the other."""
    everybody, pages = await people(url, world, asked)
    rows = [(f"as fast as it goes, {asked.under_way} under way", *await as_fast_as_it_goes(everybody, asked))]
    for rate in asked.rates:
        what = f"{asked.annotators:,} annotators send {rate:,.0f}/s together"
        rows.append((what, *await as_people_send(everybody, rate, asked)))
    return rows, pages


def served(campaign: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A service in a process of its own, and its address."""
    words = [sys.executable, "-m", "sidelight", "collect", "serve", str(campaign), "--port", "0"]
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if (campaign / "running.url").is_file():
            return child, running_address(campaign)
        time.sleep(0.1)
    raise SystemExit("the service did not start")


def show(rows: list[tuple[str, float, np.ndarray]], pages: list[list[Chunk]], kept: tuple[Size, int]) -> None:
    """Print the tables."""
    console = Console(width=110)
    table = Table("load", "acknowledged/s", "p50 ms", "p99 ms", "longest ms")
    for what, rate, waits in rows:
        p50, p99, most = np.percentile(waits, [50, 99, 100])
        table.add_row(what, f"{rate:,.0f}", f"{p50:.1f}", f"{p99:.1f}", f"{most:.0f}")
    console.print(table)
    samples = sum(len(chunk.samples) for chunks in pages for chunk in chunks)
    entries = sum(len(chunk.entries) for chunks in pages for chunk in chunks)
    sent = sum(len(encode(chunk)) for chunks in pages for chunk in chunks)
    packed = sum(len(pack_together(list(map(encode, chunks)))) for chunks in pages)
    seconds = sum(chunks[-1].anchor[0] for chunks in pages) / 1000.0
    loose, file = kept
    per_page = Table("a page of browsing with 48 pictures", "")
    for what, figure in (
        ("length", f"{seconds / len(pages):.0f} s"),
        ("pointer samples", f"{samples / len(pages):,.0f}"),
        ("log entries", f"{entries / len(pages):,.0f}"),
        ("sent", f"{sent / len(pages) / 1024:.1f} KiB, or {sent / 1024 / seconds * 90:.1f} KiB in 90 s"),
        ("kept, once the page is done", f"{packed / len(pages) / 1024:.1f} KiB"),
        ("kept an event (sample or entry)", f"{packed / (samples + entries):.2f} bytes"),
        ("kept a pointer sample, entries and heads included", f"{packed / samples:.2f} bytes"),
    ):
        per_page.add_row(what, figure)
    console.print(per_page)
    console.print(
        f"Of the load, not yet packed page by page: {loose.samples:,} samples in {loose.chunks:,} chunks take"
        f" {loose.bytes:,} bytes; the database's file has {file:,}"
    )
    console.print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; python {' '.join(sys.argv)}")


def kept_in(campaign: Campaign) -> tuple[Size, int]:
    """What is in the store, and bytes of the database's file."""
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    try:
        store.scrub()
        with store.read() as c:
            return size(c), (campaign.folder / "campaign.sqlite").stat().st_size
    finally:
        store.close()


def main() -> None:
    asked = tyro.cli(CollectLoad)
    with tempfile.TemporaryDirectory() as folder:
        campaign, world = draw_campaign(
            Path(folder),
            task="browse",
            pictures=144,
            seed=asked.seed,
            clock=wall_clock,
            annotators=asked.annotators,
            practice_pages=0,
        )
        child, url = served(campaign.folder)
        try:
            rows, pages = asyncio.run(measure(url, world, asked))
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait()
        show(rows, pages, kept_in(campaign))


if __name__ == "__main__":
    main()
