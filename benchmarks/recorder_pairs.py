"""Whether labelling takes longer with the recorder on: `python benchmarks/recorder_pairs.py [--pairs 30]`.

Scripted annotators do a page of every task in Chromium, on the real service: once with the recorder, once with a module
in its place that has its interface and does nothing; the order of every pair is drawn at random. With the hands of a
person (the default) a movement's steps come 60 times a second, and every press waits as long as one looks before it;
with a machine's hands all is as fast as the page answers: no step of a movement is made before the last was handled.
With either nothing is done before what was done before it is seen. A person can notice what her hands' pages take
longer; a machine's are the most that it could ever be.

Printed are the median of the pairs' differences, and the middle 95 % of medians of resampled pairs, at the processor's
own speed and at a quarter of it: for the labelling alone; with the submit, at which the recorder's last chunk is waited
for; and for the processor time of the page's thread while labelling, which other work on the machine does not lengthen.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import tyro
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from sidelight.collect.campaign.folder import init_campaign
from sidelight.collect.campaign.prepare import prepare
from sidelight.collect.campaign.settings import Settings
from sidelight.collect.wire.log import Health
from sidelight.collect.wire.page import Task

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from tests.browser.hands import LAPTOP, at, begin, line, next_frame  # noqa: E402
from tests.browser.running import Running, Service, draw_pictures  # noqa: E402

NOTHING = """
export class Recorder {
  start() {}
  now() { return performance.now(); }
  log() {}
  relayout() {}
  flush() {}
  stop() { return -1; }
}
"""
"""In the recorder's place."""

RESAMPLES = 2000
WARM = 2
"""Pairs that do not count."""

LOOK_S = 0.3
"""How long somebody looks before she presses."""

LATE_S = 0.2
"""What a hand catches up after the page has kept it waiting, at most."""

MEASURES = ("labelling", "and submit", "processor")

Place = tuple[float, float]
Times = tuple[float, float, float]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RecorderPairs:
    """Time labelling with and without the recorder."""

    pairs: int = 30
    """Of every task and speed."""
    tasks: tuple[Task, ...] = ("browse", "tag", "paint")
    """To do."""
    slower: tuple[int, ...] = (1, 4)
    """Times that the processor is slowed down."""
    hands: Literal["person", "machine"] = "person"
    """At a person's pace, or as fast as the page answers."""


def main(settings: RecorderPairs) -> None:
    print("task    slower  what        off ms   on - off, ms (95 %)          of off (95 %)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for task in settings.tasks:
            with serving(task, people=2 * len(settings.slower) * (settings.pairs + WARM)) as service:
                for slower in settings.slower:
                    off, on = paired(browser, service, settings, slower=slower)
                    for k, what in enumerate(MEASURES):
                        print(f"{task:6}  {slower:6}  {what:10}  {told(off[:, k], on[:, k])}", flush=True)
                print(f"{task:6}          the recorder's own count of its time: {share(service)}", flush=True)
        browser.close()


@contextmanager
def serving(task: Task, *, people: int) -> Iterator[Service]:
    """A campaign with one page (browse: of 48 pictures), for so many people."""
    with tempfile.TemporaryDirectory() as place:
        images, others = Path(place) / "images", Path(place) / "others"
        draw_pictures(
            images, labels=("disc", "ring") if task == "paint" else ("disc",), each=12 if task == "browse" else 1
        )
        draw_pictures(others, labels=("ring",), each=36)
        asked = Settings(
            task=task,
            title="What is there?",
            images=str(images),
            distractors=str(others) if task == "browse" else "",
            practice_pages=0,
            pages_per_hit=1,
            annotators=people,
        )
        found = prepare(asked, classes=None, gold=None)
        campaign, _ = init_campaign(Path(place) / "campaign", found.settings, found.pictures, clock=time.time)
        with Running(campaign, ROOT / "src" / "sidelight" / "collect" / "static") as service:
            yield service


def paired(browser: Browser, service: Service, settings: RecorderPairs, *, slower: int) -> tuple[FloatArray, ...]:
    """[pairs, 3] ms, by measure: without the recorder, and with it."""
    order = np.random.default_rng(0)
    times: tuple[list[Times], list[Times]] = ([], [])
    for _ in range(settings.pairs + WARM):
        for on in order.permutation(2):
            hands = HANDS[settings.hands]()
            times[on].append(labelled(browser, service, hands, recorded=bool(on), slower=slower))
    return tuple(np.array(each[WARM:]) for each in times)


def labelled(browser: Browser, service: Service, hands: "Hands", *, recorded: bool, slower: int) -> Times:
    """Do a page, in a window that has never been there; ms by measure."""
    context = browser.new_context(**LAPTOP)  # type: ignore[arg-type]
    page = context.new_page()
    if not recorded:
        page.route("**/assets/recorder-*", lambda route: route.fulfill(body=NOTHING, content_type="text/javascript"))
    begin(page, service)
    work = TASKS[service.campaign.settings.task](page, hands)
    cdp = context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    spent, begun = processor_ms(cdp), time.perf_counter()
    work()
    done, spent = time.perf_counter(), processor_ms(cdp) - spent
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_role("heading", name="Thank you").wait_for()
    sent = time.perf_counter()
    context.close()
    return 1000 * (done - begun), 1000 * (sent - begun), spent


def processor_ms(cdp: CDPSession) -> float:
    """Processor time of the tasks of the page's thread so far."""
    metrics = cdp.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def browse(page: Page, hands: "Hands") -> Callable[[], None]:
    """Six pictures are selected, one of them is taken back, and the page is scrolled between them."""
    names = page.locator(".tile").evaluate_all("all => all.map((one) => one.dataset.picture)")

    def work() -> None:
        here = (640.0, 400.0)
        for n, chosen in ((4, True), (0, True), (5, True), (0, False), (10, True), (9, True), (12, True)):
            tile = f".tile[data-picture='{names[n]}']"
            if n == 10:
                page.evaluate("scrollTo(0, 600)")
                next_frame(page)
            there = at(page, tile, 0.5, 0.5)
            hands.reach(page, here, there)
            hands.look()
            page.mouse.down()
            page.mouse.up()
            page.wait_for_selector(f"{tile}[aria-pressed={str(chosen).lower()}]")
            here = there

    return work


def tag(page: Page, hands: "Hands") -> Callable[[], None]:
    """Four icons are dragged onto the picture, one of them further, and all panels are looked at."""
    goals = [at(page, ".figure img", x, y) for x, y in ((0.3, 0.4), (0.7, 0.2), (0.5, 0.8), (0.2, 0.7))]
    starts = [at(page, f".class-tile >> nth={n}", 0.5, 0.5) for n in range(4)]

    def work() -> None:
        for k, (start, goal) in enumerate(zip(starts, goals, strict=True)):
            hands.carry(page, start, goal)
            page.wait_for_selector(f".pin >> nth={k}")
        hands.carry(page, goals[0], at(page, ".figure img", 0.6, 0.5))
        for n in range(10):
            hands.look()
            page.keyboard.press("ArrowRight")
            page.wait_for_selector(f".panel-place:has-text('{n + 2} of 11')")

    return work


def paint(page: Page, hands: "Hands") -> Callable[[], None]:
    """The class is decided, and four strokes are painted."""
    corners = [(0.2, 0.2), (0.8, 0.3), (0.3, 0.6), (0.7, 0.8), (0.4, 0.3)]
    places = [at(page, ".figure canvas", x, y) for x, y in corners]

    def work() -> None:
        hands.look()
        page.get_by_text("disc", exact=True).click()
        for start, goal in pairwise(places):
            hands.carry(page, start, goal)
        page.wait_for_selector("button:not([disabled]):has-text('Undo')")

    return work


TASKS: dict[Task, Callable[[Page, "Hands"], Callable[[], None]]] = {"browse": browse, "tag": tag, "paint": paint}


class Hands:
    """A machine's: they wait for the page alone."""

    def look(self) -> None:
        """Before something is done."""

    def due(self) -> None:
        """Before a step of a movement."""

    def reach(self, page: Page, here: Place, there: Place) -> None:
        """Move in twenty steps; each waits until the page has handled it."""
        for place in line(here, there, steps=20)[1:]:
            self.due()
            page.mouse.move(*place)

    def carry(self, page: Page, start: Place, goal: Place) -> None:
        """Press at one place, and release at another."""
        self.due()
        page.mouse.move(*start)
        self.look()
        page.mouse.down()
        self.reach(page, start, goal)
        page.mouse.up()


class Person(Hands):
    """A person's: what she means to do has its times, which do not move when the page is late for one of them."""

    def __init__(self) -> None:
        self._next = time.perf_counter()

    def look(self) -> None:
        """She looks for a moment before she presses."""
        self._wait(LOOK_S)

    def due(self) -> None:
        """A hand is seen 60 times a second."""
        self._wait(1 / 60)

    def _wait(self, seconds: float) -> None:
        now = time.perf_counter()
        self._next = max(self._next + seconds, now - LATE_S)
        time.sleep(max(0.0, self._next - now))


HANDS: dict[str, Callable[[], Hands]] = {"person": Person, "machine": Hands}


def told(off: FloatArray, on: FloatArray) -> str:
    """Median without the recorder; median of the differences and of the ratios, with their intervals."""
    return f"{np.median(off):7.0f}  {spread(on - off, '8.1f')}  {spread(100 * (on / off - 1), '6.2f')} %"


def spread(values: FloatArray, form: str) -> str:
    """A median, and the middle 95 % of medians of resampled values."""
    resampled = np.random.default_rng(0).choice(values, (RESAMPLES, len(values)))
    low, high = np.quantile(np.median(resampled, axis=1), (0.025, 0.975))
    return f"{np.median(values):{form}} ({low:{form}} to {high:{form}})"


def share(service: Service) -> str:
    """What the recorders said of themselves: time within them, over the time that the pages were shown."""
    logs = [done.log for done in service.submissions() if done.log]
    spent = [next(one for one in reversed(log) if isinstance(one, Health)).handler_ms / log[-1].t for log in logs]
    return f"{100 * float(np.median(spent)):.2f} % of the time, median of {len(spent)} pages"


if __name__ == "__main__":
    main(tyro.cli(RecorderPairs))
