"""How many chunks a second the service makes durable, how long annotators wait for it, and what a chunk costs it.

    python benchmarks/collect_load.py

One service process on SQLite (every commit synced, FULL) gets the chunks of simulated annotators, who browse pages of
48 pictures. The load generator runs beside it and takes its share of the same cores; to cost little it prepares its
requests beforehand and speaks over bare sockets. Every acknowledgement comes after the commit.

- "as fast as it goes": a fixed number of requests is always under way.
- "as people send": every annotator has a connection of her own and sends on a schedule, whether or not the service
  keeps up; a wait counts from the moment the chunk was due.

The processor time a chunk takes, in user and kernel mode, says more than rates do where other work holds the cores.
Needs Linux.
"""

import gzip
import heapq
import http.client
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

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

START_S = SILENCE_S = 30.0
TEMPLATES = 12
"""Different pages of recorded behaviour; every annotator sends one of them under her own ids."""

FASTEST = 8_000.0
"""Chunks a second that are prepared for where it goes as fast as it can."""

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
    rates: tuple[float, ...] = (500.0, 3100.0)
    """Chunks a second that the annotators send together in the others; 500 is what 1,000 people send, one each 2 s."""
    seed: int = 0
    """Of the people."""


Address = tuple[str, int]
Due = tuple[float, "Person"]
"""When somebody sends, on `time.perf_counter`'s clock."""


@dataclass
class Person:
    """An annotator with a page under way.

    Attributes:
        number: of the person.
        requests: that she still has to send.
        ready: the next of them, made before a measurement begins.
        due: when the one under way was due.
        line: her connection.
    """

    number: int
    requests: Iterator[bytes]
    ready: list[bytes]
    due: float = 0.0
    line: socket.socket | None = None
    _heard: bytes = b""

    def __lt__(self, other: "Person") -> bool:
        return self.number < other.number

    def prepare(self, count: int) -> None:
        """Make the next requests."""
        self.ready = [next(self.requests) for _ in range(count)][::-1]

    def connect(self, address: Address) -> None:
        """A new connection in place of the one before."""
        if self.line is not None:
            self.line.close()
        self.line = socket.create_connection(address)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, due: float) -> None:
        """Send the next request."""
        assert self.line is not None
        self.due = due
        self.line.sendall(self.ready.pop())

    def hears(self) -> bool:
        """Take in what came; whether it is the whole acknowledgement."""
        assert self.line is not None
        more = self.line.recv(4096)
        self._heard += more
        head, found, body = self._heard.partition(b"\r\n\r\n")
        if not more or (found and not head.startswith(b"HTTP/1.1 200")):
            raise SystemExit(f"the service answered {self._heard[:500]!r}")
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]):
            return False
        self._heard = b""
        return True


@dataclass(frozen=True)
class Row:
    """What was measured.

    Attributes:
        what: the load.
        rate: acknowledged chunks a second.
        waits: ms.
        service_us: processor time of the service a chunk.
        load_us: of this program.
    """

    what: str
    rate: float
    waits: np.ndarray
    service_us: float
    load_us: float


def request(chunk: bytes, token: str) -> bytes:
    """The bytes of a request that sends a chunk, packed as browsers do."""
    body = gzip.compress(chunk, mtime=0)
    return (
        f"POST /api/chunk HTTP/1.1\r\nHost: load\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


class Door:
    """A connection over which everybody arrives, one after the other."""

    def __init__(self, address: Address) -> None:
        self._line = http.client.HTTPConnection(*address)

    def arrive(self) -> tuple[str, PageSpec]:
        """Arrive, agree, take a page; the token and the page."""
        token = msgspec.json.decode(self._said("POST", "/api/arrive", Arrival({})), type=Session).token
        text = msgspec.json.decode(self._said("GET", "/api/consent", token=token), type=ConsentText)
        agreed = self._said("POST", "/api/consent", Agreement(text.version, agreed=True), token=token)
        token = msgspec.json.decode(agreed, type=Session).token
        page = msgspec.json.decode(self._said("GET", "/api/page", token=token), type=Next).page
        if page is None or page.practice:
            raise SystemExit(f"a page to work on was expected, not {page}")
        return token, page

    def _said(self, method: str, path: str, body: msgspec.Struct | None = None, *, token: str = "") -> bytes:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._line.request(method, path, None if body is None else msgspec.json.encode(body), headers)
        answer = self._line.getresponse()
        said = answer.read()
        if answer.status != http.client.OK:
            raise SystemExit(f"the service answered {answer.status}: {said[:300]!r}")
        return said


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
    for tab in range(10_000):
        name = f"{number:08d}{tab:08d}"
        for body in bodies:
            mine = body.replace(PAGE_ID.encode(), page.encode(), 1).replace(TAB_ID.encode(), name.encode(), 1)
            yield request(mine, token)


def people(address: Address, world: World, asked: CollectLoad) -> tuple[list[Person], list[list[Chunk]]]:
    """Let everybody arrive; they, and the recorded pages that they send."""
    door = Door(address)
    arrived = [door.arrive() for _ in range(asked.annotators)]
    pages = templates(arrived[0][1], world, asked)
    bodies = cycle([[encode(chunk) for chunk in chunks] for chunks in pages])
    return [
        Person(number, own_requests(next(bodies), token, page.id, number), [])
        for number, (token, page) in enumerate(arrived)
    ], pages


def drive(first: list[Due], then: Callable[[Person, float], Due | None], everybody: list[Person]) -> list[float]:
    """Let people send when they are due.

    Args:
        first: who sends when.
        then: what follows, of who was acknowledged when.
        everybody: connected.

    Returns:
        Seconds from each chunk's being due to its acknowledgement.
    """
    waits: list[float] = []
    heapq.heapify(first)
    poll = select.epoll()
    lines = {person.line.fileno(): person for person in everybody if person.line is not None}
    for line in lines:
        poll.register(line, select.EPOLLIN)
    under_way = 0
    while first or under_way:
        now = time.perf_counter()
        while first and first[0][0] <= now:
            due, person = heapq.heappop(first)
            person.send(due)
            under_way += 1
        came = poll.poll(max(0.0, first[0][0] - now) if first else SILENCE_S)
        if not came and not first:
            raise SystemExit(f"{under_way} chunks were not acknowledged within {SILENCE_S:.0f} s")
        for line, _ in came:
            person = lines[line]
            if person.hears():
                now = time.perf_counter()
                waits.append(now - person.due)
                under_way -= 1
                following = then(person, now)
                if following is not None:
                    heapq.heappush(first, following)
    poll.close()
    return waits


def as_fast_as_it_goes(everybody: list[Person], asked: CollectLoad) -> list[float]:
    """So many requests are always under way, of everybody in turn."""
    began = time.perf_counter()
    end = began + asked.seconds
    lanes = [cycle(everybody[lane :: asked.under_way]) for lane in range(asked.under_way)]

    def then(person: Person, now: float) -> Due | None:
        following = next(lanes[person.number % asked.under_way])
        return (now, following) if now < end and following.ready else None

    return drive([(began, next(lane)) for lane in lanes], then, everybody)


def as_people_send(everybody: list[Person], rate: float, asked: CollectLoad) -> list[float]:
    """Everybody sends on a schedule."""
    every = len(everybody) / rate
    rng = np.random.default_rng(asked.seed)
    began = time.perf_counter() + 0.1
    phases = rng.uniform(0.0, every, len(everybody)).tolist()

    def then(person: Person, _: float) -> Due | None:
        return (person.due + every, person) if person.ready else None

    return drive([(began + phase, one) for one, phase in zip(everybody, phases, strict=True)], then, everybody)


def processor_time(process: int) -> float:
    """Seconds that all threads of a process have computed, for itself and in the kernel."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(address: Address, service: int, world: World, asked: CollectLoad) -> tuple[list[Row], list[list[Chunk]]]:
    """All measurements, one after the other."""
    everybody, pages = people(address, world, asked)

    def row(what: str, load: Callable[[], list[float]], rate: float) -> Row:
        for person in everybody:
            person.prepare(max(1, round(asked.seconds * rate / len(everybody))))
            person.connect(address)
        spent, mine, began = processor_time(service), time.process_time(), time.perf_counter()
        waits = load()
        took, mine, spent = time.perf_counter() - began, time.process_time() - mine, processor_time(service) - spent
        count = len(waits)
        return Row(what, count / took, 1000.0 * np.array(waits), 1e6 * spent / count, 1e6 * mine / count)

    what = f"as fast as it goes, {asked.under_way} under way"
    rows = [row(what, lambda: as_fast_as_it_goes(everybody, asked), FASTEST)]
    for rate in asked.rates:
        what = f"{asked.annotators:,} annotators send {rate:,.0f}/s together"
        rows.append(row(what, lambda rate=rate: as_people_send(everybody, rate, asked), rate))  # type: ignore[misc]
    return rows, pages


def served(campaign: Path) -> tuple[subprocess.Popen[bytes], Address]:
    """A service in a process of its own, and its address."""
    words = [sys.executable, "-m", "sidelight", "collect", "serve", str(campaign), "--port", "0"]
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        if (campaign / "running.url").is_file():
            host, port = running_address(campaign).removeprefix("http://").strip("/").split(":")
            return child, (host, int(port))
        time.sleep(0.1)
    raise SystemExit("the service did not start")


def show(rows: list[Row], pages: list[list[Chunk]], kept: tuple[Size, int]) -> None:
    """Print the tables."""
    console = Console(width=140)
    table = Table(
        "load", "acknowledged/s", "p50 ms", "p99 ms", "longest ms", "CPU of the service per chunk", "of the load"
    )
    for row in rows:
        p50, p99, most = np.percentile(row.waits, [50, 99, 100])
        cells = (f"{row.rate:,.0f}", f"{p50:.1f}", f"{p99:.1f}", f"{most:.0f}")
        table.add_row(row.what, *cells, f"{row.service_us:.0f} us", f"{row.load_us:.0f} us")
    console.print(table)
    samples = sum(len(chunk.samples) for chunks in pages for chunk in chunks)
    entries = sum(len(chunk.entries) for chunks in pages for chunk in chunks)
    bodies = [encode(chunk) for chunks in pages for chunk in chunks]
    plain, sent = sum(map(len, bodies)), sum(min(len(body), len(gzip.compress(body))) for body in bodies)
    packed = sum(len(pack_together(list(map(encode, chunks)))) for chunks in pages)
    seconds = sum(chunks[-1].anchor[0] for chunks in pages) / 1000.0
    loose, file = kept
    per_page = Table("a page of browsing with 48 pictures", "")
    for what, figure in (
        ("length", f"{seconds / len(pages):.0f} s"),
        ("pointer samples", f"{samples / len(pages):,.0f}"),
        ("log entries", f"{entries / len(pages):,.0f}"),
        (
            "sent, as browsers pack it",
            f"{sent / len(pages) / 1024:.1f} KiB, or {sent / 1024 / seconds * 90:.1f} KiB in 90 s",
        ),
        ("the same, not packed", f"{plain / len(pages) / 1024:.1f} KiB"),
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
        wanted: dict[str, Any] = {"annotators": asked.annotators, "practice_pages": 0}
        campaign, world = draw_campaign(
            Path(folder), task="browse", pictures=144, seed=asked.seed, clock=wall_clock, **wanted
        )
        child, address = served(campaign.folder)
        try:
            rows, pages = measure(address, child.pid, world, asked)
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait()
        show(rows, pages, kept_in(campaign))


if __name__ == "__main__":
    main()
