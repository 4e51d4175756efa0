"""Let scripted hands label with the shipped pages in Chromium while everything fails, and see that nothing is lost.

    python benchmarks/soak_browser.py --folder soak-browser

Browse, tag and paint, by mouse, finger and keys, against a real service. Between each browser and the service lies a
line that drops three requests in ten, loses answers after the commit, and sends requests twice. Pages are loaded again
in mid-work, tabs are killed or closed and opened anew by the link, the network goes away; at random moments the service
is killed (SIGKILL) and started again. All of it on SQLite, and again on PostgreSQL with two processes.

Two logs are the truth: the line's, of what left the browser and what the service promised; and one in the page, of
every pointer event that the browser delivered. The store is held against both; what a killed tab got in its last 0.3 s
may be lost, and is counted apart. With `--folder` an interrupted soak goes on where it was. Writes its figures as
Markdown; exits with 1 if any promise was broken.
"""

import asyncio
import contextlib
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro
from playwright.sync_api import sync_playwright

from sidelight.collect.campaign.folder import Campaign, open_campaign
from sidelight.collect.simulate.check import Verdict
from sidelight.collect.simulate.journal import Handed, Happened, Journal, read_journal
from sidelight.collect.simulate.line import STORM
from sidelight.collect.store import chunks
from sidelight.collect.store.engine import Store, open_store
from sidelight.collect.wire.chunk import decode
from sidelight.collect.wire.page import Task
from sidelight.pipeline.collect_check import check_store
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import draw_campaign
from soak_collect import TASKS, Database, Service, count_pages, database_of, happened, postgres, repair, table
from soaking.bad_line import BadLine
from soaking.delivered import Line, Log, Stored, compare, read_log
from soaking.person import Person

SETTINGS = {"candidates": 6, "pages_per_hit": 10, "annotators": 60, "hits_per_person": 2, "practice_pages": 0}


@dataclass(frozen=True)
class SoakBrowser:
    """Soak the shipped pages in Chromium."""

    pages: int = 150
    """Submitted pages, over all tasks, on each database."""
    databases: tuple[Database, ...] = ("sqlite", "postgresql")
    """Where to keep the data."""
    people: int = 3
    """At work at the same time, each with a browser."""
    kill_every_s: tuple[float, float] = (20.0, 60.0)
    """Seconds between two kills, at least and at most."""
    seed: int = 0
    """Of what people do, of faults, and of the moments of the kills."""
    folder: Path | None = None
    """Where everything is kept, to go on after an interruption; a temporary folder by default."""
    out: Path | None = None
    """Markdown file for the figures; printed alone by default."""


@dataclass
class Round:
    """People at work on one campaign, until enough pages are submitted.

    Attributes:
        asked: of the command line.
        task: of the campaign.
        service: that is killed now and then.
        journal: of the lines.
        log: of the pages.
        pages: that are enough.
        name: of the database and the task.
    """

    asked: SoakBrowser
    task: Task
    service: Service
    journal: Journal
    log: Log
    pages: int
    name: str

    def run(self) -> None:
        """Begin with a living service; end when it is enough, or with the first fault of a person's script."""
        self.service.start()
        asyncio.run(self.service.ready())
        self.over = threading.Event()
        self.faults: list[BaseException] = []
        with lines_loop() as loop:
            people = [
                threading.Thread(target=self._tried, args=(self._people, loop, n)) for n in range(self.asked.people)
            ]
            killer = threading.Thread(target=self._tried, args=(self._kill,))
            for thread in (*people, killer):
                thread.start()
            for thread in people:
                thread.join()
            self.over.set()
            killer.join()
        self.service.kill()
        if self.faults:
            raise self.faults[0]

    def _tried(self, work: Callable[..., None], *args: object) -> None:
        try:
            work(*args)
        except BaseException as fault:
            self.faults.append(fault)
            self.over.set()

    def _enough(self) -> bool:
        return self.over.is_set() or count_pages(self.journal) >= self.pages

    def _people(self, loop: asyncio.AbstractEventLoop, place: int) -> None:
        """One after the other, at one place."""
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            while not self._enough():
                number = self.journal.count("came")
                rng = random.Random(f"{self.asked.seed}/{number}/{place}")
                self.journal.add(Happened("came"))
                line = BadLine(self.service.port, STORM, self.journal, rng)
                asyncio.run_coroutine_threadsafe(line.open(), loop).result()
                name = f"person-{number}-{place}"
                Person(browser, line, self.log, rng, self.task, name).label(self._enough)
                done, kills = count_pages(self.journal), self.journal.count("killed")
                print(f"  {self.name}: {done} of {self.pages} pages, {kills} kills", flush=True)
            browser.close()

    def _kill(self) -> None:
        """Kill at random moments, and start again after a while."""
        rng = random.Random(f"{self.asked.seed}/{len(self.journal.lines)}")
        while not self.over.wait(rng.uniform(*self.asked.kill_every_s)):
            self.service.kill()
            self.journal.add(Happened("killed"))
            time.sleep(rng.uniform(0.0, 1.0))
            self.service.start()
            asyncio.run(self.service.ready())


@contextlib.contextmanager
def lines_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop in a thread of its own, for the lines."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@dataclass(frozen=True)
class Row:
    """What one campaign came to."""

    database: Database
    task: Task
    counts: Counter[str]
    verdict: Verdict
    stored: Stored

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        return self.verdict.good and self.stored.good


def one_campaign(place: Path, database: Database, task: Task, asked: SoakBrowser, server: str) -> Row:
    """Soak one task on one database, and look at what is left."""
    campaign = campaign_in(place, task, asked, database_of(server, task) if server else "")
    journal_file, log_file = place / "journal.jsonl", place / "delivered.jsonl"
    journal_file.touch()
    log_file.touch()
    with journal_file.open("rb") as earlier:
        journal = read_journal(earlier)
    with log_file.open("rb") as earlier:
        lines = read_log(earlier)
    repair(journal_file, journal)
    share = asked.pages // len(TASKS)
    if count_pages(journal) < share:
        with journal_file.open("ab") as out, log_file.open("ab") as pages_log:
            journal.file = out
            service = Service(campaign.folder, 2 if server else 1)
            Round(asked, task, service, journal, Log(pages_log, lines), share, f"{database}, {task}").run()
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    try:
        stored = compare_store(store, journal, lines)
        return Row(database, task, happened(journal), check_store(store, campaign, journal), stored)
    finally:
        store.close()


def campaign_in(place: Path, task: Task, asked: SoakBrowser, url: str) -> Campaign:
    if (place / "campaign").is_dir():
        return open_campaign(place / "campaign")
    panel = {"panel": "generic", **SETTINGS}
    campaign, _ = draw_campaign(
        place, task=task, pictures=60, seed=asked.seed, store_url=url, clock=wall_clock, **panel
    )
    return campaign


def compare_store(store: Store, journal: Journal, lines: Sequence[Line]) -> Stored:
    """What the submitted pages' own logs say, and what the store has of it."""
    by_page = defaultdict[str, list[Line]](list)
    for line in lines:
        by_page[line.page].append(line)
    total = Stored()
    with store.read() as c:
        for page in dict.fromkeys(line.page for line in journal.lines if isinstance(line, Handed)):
            total += compare(by_page[page], [decode(body) for body in chunks.of_page(c, page)])
    return total


def main() -> None:
    asked = tyro.cli(SoakBrowser)
    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows = []
        for database in asked.databases:
            began = time.monotonic()
            (folder / database).mkdir(parents=True, exist_ok=True)
            server = stack.enter_context(postgres(folder / database / "data")) if database == "postgresql" else ""
            rows += [one_campaign(folder / database / task, database, task, asked, server) for task in TASKS]
            print(f"{database}: {time.monotonic() - began:.0f} s")
        text = markdown(rows)
    print(text)
    if asked.out is not None:
        asked.out.write_text(text)
    sys.exit(0 if all(row.good for row in rows) else 1)


FAULTS = {
    "killed": "kills",
    "dropped": "requests dropped",
    "answer_lost": "answers lost",
    "doubled": "sent twice",
    "reloaded": "loaded again",
    "killed tab": "tabs killed",
    "closed": "tabs closed",
    "closed while sending": "closed while sending",
    "untold": "left without notice",
    "offline": "offline",
}


def markdown(rows: Sequence[Row]) -> str:
    """The figures as a page."""
    what = [["database", "task", "pages", "people", *FAULTS.values()]]
    kept = [["database", "task", "events acknowledged", "lost", "doubled", "altered"]]
    kept[0] += ["pages whose log does not give their answer", "without an answer", "with gaps"]
    seen = [["database", "task", "events delivered", "stored", "lost with a killed tab", "share stored"]]
    seen[0] += ["of those to living tabs", "stored, not delivered"]
    for row in rows:
        v, names = row.verdict, [row.database, row.task]
        what.append([*names, f"{v.pages:,}", *(f"{row.counts[fault]:,}" for fault in ("came", *FAULTS))])
        figures = (v.acknowledged, v.lost, v.doubled, v.altered, v.disagreeing, v.missing_pages, v.incomplete)
        kept.append([*names, *(f"{n:,}" for n in figures)])
        delivered, stored, last, strange = row.stored.figures()
        shares = (percent(stored, delivered), percent(stored, delivered - last))
        seen.append([*names, *(f"{n:,}" for n in (delivered, stored, last)), *shares, f"{strange:,}"])
    broken = [f"- {row.database}, {row.task}: {note}" for row in rows for note in row.verdict.notes]
    broken += [f"- {row.database}, {row.task}: the page's log, {row.stored}" for row in rows if not row.stored.good]
    verdict = (
        "Every promise was kept, by what living tabs got."
        if not broken
        else "**Promises were broken:**\n\n" + "\n".join(broken)
    )
    parts = ["## What happened", table(what), "## What was promised", table(kept)]
    parts += ["## What the pages saw", table(seen), verdict, f"Command: `python {' '.join(sys.argv)}`."]
    return "\n\n".join(parts) + "\n"


def percent(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.3f} %"


if __name__ == "__main__":
    main()
