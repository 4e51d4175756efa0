"""Many simulated people at one service, whatever carries their requests."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from sidelight.collect.simulate.check import Verdict
from sidelight.collect.simulate.client import GOOD, HARD, Client, Habits
from sidelight.collect.simulate.journal import Cut, Happened, Journal
from sidelight.collect.simulate.line import CALM, STORM, GaveUp, Line
from sidelight.collect.simulate.outbox import TurnedAway
from sidelight.collect.simulate.person import Annotator, World
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.signal.annotator import SimulatedAnnotator


@dataclass(frozen=True)
class SimulatedVisit:
    """Who comes, and what they do.

    Attributes:
        annotators: number of people.
        faults: whether lines fail and people misbehave.
        habits: what people do that a service must bear; None: what `faults` says.
        pages: that each labels at most; None for all.
        at_once: people at work at the same time.
        seed: of people and what they do.
        boxes: dataset that knows where objects are.
        parameters: of the address people come by, NAME=VALUE; {n} is the person's number.
        first: number of the first person.
        run: of the simulation, in the ids of its browsers; "" draws one.
    """

    annotators: int = 10
    faults: bool = False
    habits: Habits | None = None
    pages: int | None = None
    at_once: int = 200
    seed: int = 0
    boxes: Path | None = None
    parameters: tuple[str, ...] = ()
    first: int = 0
    run: str = ""


async def all_work(
    http: httpx.AsyncClient,
    visit: SimulatedVisit,
    world: World,
    journal: Journal,
    progress: Callable[[int, int | None], None],
    *,
    wait_s: float = 0.05,
) -> None:
    """Let everybody come, `at_once` at a time; one that breaks does not stop the others.

    Args:
        http: to the service.
        visit: who comes.
        world: what the pictures show.
        journal: of what happens.
        progress: told how many people are done.
        wait_s: before a request is tried a second time.
    """
    run = visit.run or secrets.token_hex(4)
    laws = SimulatedAnnotator(seed=visit.seed, crew_size=max(50, visit.annotators))
    places, done = asyncio.Semaphore(visit.at_once), 0

    async def one(number: int) -> None:
        nonlocal done
        annotator = Annotator(visit.seed, number, laws)
        weather = STORM if visit.faults else CALM
        async with places:
            line = Line(http, weather, annotator.rng("line", run), journal, wait_s)
            client = Client(
                annotator=annotator,
                world=world,
                line=line,
                journal=journal,
                habits=visit.habits or (HARD if visit.faults else GOOD),
                clock=lambda: wall_clock() * 1000.0,
                run=run,
                parameters=_parameters(visit, number),
                most_pages=visit.pages,
            )
            try:
                await client.work()
            except (GaveUp, TurnedAway) as why:
                journal.add(Happened("broke", f"person {number}: {why}"))
        done += 1
        progress(done, visit.annotators)

    await asyncio.gather(*(one(number) for number in range(visit.first, visit.first + visit.annotators)))


def _parameters(visit: SimulatedVisit, number: int) -> dict[str, str]:
    pairs = (parameter.partition("=") for parameter in visit.parameters)
    return {name: value.replace("{n}", str(number)) for name, _, value in pairs}


def summary(journal: Journal, verdict: Verdict, seconds: float) -> list[str]:
    """What happened, and what the store holds of it, in lines."""
    happened = Counter(line.what for line in journal.lines if isinstance(line, Happened))
    cut = [line for line in journal.lines if isinstance(line, Cut)]
    events, size = sum(line.events for line in cut), sum(line.size for line in cut)
    what = ", ".join(f"{name} {count}" for name, count in sorted(happened.items()))
    broken = [line.detail for line in journal.lines if isinstance(line, Happened) and line.what == "broke"]
    share = verdict.stored / max(1, verdict.delivered)
    return [
        f"{verdict.pages} pages submitted in {seconds:.1f} s ({verdict.incomplete} incomplete, {verdict.late} late)",
        f"{len(cut)} chunks with {events} events, {size / 1024:.0f} KiB sent",
        f"what happened: {what}",
        f"acknowledged events: {verdict.acknowledged}; lost {verdict.lost}, doubled {verdict.doubled}",
        f"chunks altered: {verdict.altered}, unknown: {verdict.unknown}",
        f"events of submitted pages that are stored: {100 * share:.3f} %",
        f"pages without an answer: {verdict.missing_pages}, whose log does not give it: {verdict.disagreeing}",
        *(f"broke: {why}" for why in broken[:5]),
        *verdict.notes,
        "every promise was kept" if verdict.good else "A PROMISE WAS BROKEN",
    ]
