"""A scripted person in front of the pages, in a real browser: works, and has bad luck."""

import contextlib
import json
import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Locator, Page

from sidelight.collect.simulate.journal import Happened
from sidelight.collect.wire.page import Task

sys.path.append(str(Path(__file__).parents[2]))

from tests.browser.hands import LAPTOP, PHONE, at, line

from soaking.bad_line import BadLine
from soaking.delivered import TELL, Delivered, Died, Log

LUCK = {"reloaded": 0.12, "killed tab": 0.08, "closed": 0.08, "offline": 0.12, "closed while sending": 0.06}
"""What happens once on such shares of the pages."""

PHONES = 0.3
"""Share of people who come with a phone, and use their fingers."""

LOOK = """() => {
  const heading = document.querySelector("h1")?.textContent ?? "";
  const fault = document.querySelector(".outcome.warning")?.textContent ?? "";
  const images = [...document.querySelectorAll("main:not([inert]) .area img")];
  return { heading, fault, task: images.length > 0 && images.every((one) => one.complete) };
}"""

STEP_MS = 12
PATIENCE_S = 6.0
"""After so long without a page people load it again."""

START_S = 120.0
"""So long a killed service may take to come back."""

TOLD_S = 3.0
"""So long word that a page was told takes at most."""

HURRY = 0.1
"""Share of looks at a page that waits for its next try after which people press the button that tries now."""


class Again(Exception):
    """The page was loaded again, or its tab is a new one: the work on it begins anew."""


class Done(Exception):
    """There is nothing left to do."""


@dataclass
class Person:
    """One person, from arrival until nothing is left to do.

    Attributes:
        browser: that she uses.
        line: between it and the service.
        log: of what the browser delivers to the page.
        rng: of what she does and what happens to her.
        task: of the campaign.
        name: as the panel knows her.
    """

    browser: Browser
    line: BadLine
    log: Log
    rng: random.Random
    task: Task
    name: str
    _steps: int = 0
    _trap: int = 0
    _luck: str = ""
    _offline_until: float = 0.0
    _here: tuple[float, float] = (5.0, 5.0)
    _finger: bool = False
    _context: BrowserContext = field(init=False)
    _page: Page = field(init=False)
    _cdp: CDPSession = field(init=False)

    def label(self, enough: Callable[[], bool]) -> None:
        """Page after page, until it is enough or nothing is left."""
        self._finger = self.rng.random() < PHONES
        self._context = self.browser.new_context(locale="en-GB", **(PHONE if self._finger else LAPTOP))
        self._context.set_default_timeout(5000)
        self._context.add_init_script(TELL)
        self._open()
        try:
            while not enough():
                self._one_page()
        except Done:
            self.line.journal.add(Happened("finished"))
        finally:
            self._context.close()

    def _open(self) -> None:
        """A new tab, by the link; what the device keeps is what it was."""
        self._page = self._context.new_page()
        self._cdp = self._context.new_cdp_session(self._page)
        self._cdp.on("Runtime.bindingCalled", self._delivered)
        self._cdp.send("Runtime.enable")
        self._cdp.send("Runtime.addBinding", {"name": "delivered"})
        self._page.goto("about:blank")
        self._insist(
            lambda: self._page.goto(f"http://127.0.0.1:{self.line.port}/?workerId={self.name}&assignmentId=soak")
        )

    def _delivered(self, event: dict[str, Any]) -> None:
        kind, at_ms, x, y = json.loads(event["payload"])
        self.log.add(Delivered(self.line.page, kind, at_ms, x, y))

    def _insist(self, load: Callable[[], object]) -> None:
        """Load something over a line that drops three requests in ten."""
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            try:
                load()
                return
            except Error:
                time.sleep(0.2)
        raise TimeoutError("the service does not answer")

    def _one_page(self) -> None:
        """Work until the page is submitted."""
        self._await_task()
        mine = self.line.page
        self._luck = self._draw()
        self._steps, self._trap = 0, self.rng.randint(5, 90)
        while self.line.page == mine:
            try:
                WORK[self.task](self)
                self._submit(mine)
                self._await_task()
            except Again:
                self._await_task()
            except Error as odd:
                self.line.journal.add(Happened("odd", str(odd)[:300]))
                self._leave(self._page.reload)
                self._await_task()

    def _draw(self) -> str:
        (found,) = self.rng.choices([*LUCK, ""], [*LUCK.values(), 1 - sum(LUCK.values())])
        return found

    def _await_task(self) -> None:
        """Wait until a page is there with all its pictures; agree if asked to."""
        impatient = time.monotonic() + PATIENCE_S
        while not (seen := self._look())["task"]:
            if seen["heading"].startswith("Thank you"):
                raise Done
            agree = self._page.get_by_role("button", name="I agree")
            with contextlib.suppress(Error):
                if agree.is_visible():
                    agree.click()
            if time.monotonic() > impatient:
                self.line.journal.add(Happened("impatient", seen["heading"] + seen["fault"]))
                self._insist(self._page.reload)
                impatient = time.monotonic() + PATIENCE_S
            self._hurry()
            self._pause(100)

    def _look(self) -> dict[str, Any]:
        self._online()
        try:
            return self._page.evaluate(LOOK)
        except Error:
            return {"heading": "", "fault": "", "task": False}

    def _hurry(self) -> None:
        """Now and then, press what tries again now."""
        now = self._page.get_by_role("button", name=re.compile("Try again|Try now"))
        with contextlib.suppress(Error):
            if self.rng.random() < HURRY and now.is_visible():
                self._press(now)

    def _pause(self, ms: float) -> None:
        with contextlib.suppress(Error):
            self._page.wait_for_timeout(ms)

    def _submit(self, mine: str) -> None:
        """Submit the page, say that it is meant, and wait until it is through."""
        self._press(self._page.get_by_role("button", name="Submit", exact=True))
        self._pause(80)
        meant = self._page.get_by_role("button", name="Submit it like this")
        if meant.is_visible():
            self._press(meant)
        end = time.monotonic() + 10 * PATIENCE_S
        if self._luck == "closed while sending":
            self._pause(self.rng.uniform(0, 300))
            self._strike()
        while self.line.page == mine:
            seen = self._look()
            if seen["heading"].startswith("Thank you"):
                raise Done
            if seen["fault"] or time.monotonic() > end:
                self.line.journal.add(Happened("stuck", seen["heading"] + seen["fault"]))
                self._leave(self._page.reload)
                raise Again
            self._hurry()
            self._pause(50)

    def _press(self, button: Locator) -> None:
        button.tap() if self._finger else button.click()

    def _strike(self) -> None:
        """What happens to the page."""
        luck, self._luck = self._luck, ""
        self.line.journal.add(Happened(luck))
        if luck == "offline":
            self._context.set_offline(True)
            self._offline_until = time.monotonic() + self.rng.uniform(0.3, 2.0)
            return
        if luck == "reloaded":
            self._leave(self._page.reload)
        elif luck == "killed tab":
            self._kill_tab()
            self._page.close()
            self._open()
        else:
            self._leave(self._page.close)
            self._open()
        raise Again

    def _leave(self, leave: Callable[[], object]) -> None:
        """Leave the page in a way of which the browser tells it; that it did not, for lack of time, is noted."""
        told, at_ms = self.line.told, 1000 * time.time()
        self._insist(leave)
        end = time.monotonic() + TOLD_S
        while self.line.told == told:
            if time.monotonic() > end:
                self.line.journal.add(Happened("untold"))
                self.log.add(Died(self.line.page, at_ms))
                return
            time.sleep(0.02)

    def _kill_tab(self) -> None:
        """End the processes that show pages, as a system without memory does. Nothing of theirs runs any more."""
        processes = self.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        for one in processes:
            if one["type"] == "renderer":
                os.kill(one["id"], signal.SIGKILL)
        self.log.add(Died(self.line.page, 1000 * time.time()))
        self._pause(50)

    def _online(self) -> None:
        if self._offline_until and time.monotonic() > self._offline_until:
            self._offline_until = 0.0
            self._context.set_offline(False)

    def travel(self, there: tuple[float, float], *, steps: int = 24, pressed: bool = False) -> None:
        """The pointer goes to a place in client px, not quite straight; pressed all the way, or not at all."""
        path = [(x + self.rng.uniform(-2, 2), y + self.rng.uniform(-2, 2)) for x, y in line(self._here, there, steps)]
        self._here = there
        path[-1] = there
        if pressed:
            self._touch("touchStart", path[0]) if self._finger else self._page.mouse.down()
        for place in path:
            self._go(place, pressed=pressed)
        if pressed:
            self._touch("touchEnd") if self._finger else self._page.mouse.up()

    def _go(self, place: tuple[float, float], *, pressed: bool) -> None:
        if not self._finger:
            self._page.mouse.move(*place)
        elif pressed:
            self._touch("touchMove", place)
        self._page.wait_for_timeout(STEP_MS)
        self._online()
        self._steps += 1
        if self._steps == self._trap and self._luck not in ("", "closed while sending"):
            self._strike()

    def _touch(self, kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "radiusX": 8, "radiusY": 8, "force": 0.5} for x, y in places]
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def click(self) -> None:
        """Press and let go where the pointer is."""
        self.travel(self._here, steps=1, pressed=True)

    def place(self, selector: str, x: float, y: float) -> tuple[float, float]:
        """Client px of a place in [0, 1] of an element, which is brought into view."""
        self._page.locator(selector).scroll_into_view_if_needed()
        return at(self._page, selector, x, y)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Go there, and pull to the end."""
        self.travel(start)
        self.travel(end, pressed=True)

    def somewhere(self) -> tuple[float, float]:
        """A place in [0, 1] of an element, not at its edge."""
        return self.rng.uniform(0.2, 0.8), self.rng.uniform(0.2, 0.8)

    def keys(self, *names: str) -> None:
        """Press these keys, one after the other."""
        for name in names:
            self._page.keyboard.press(name)

    def count(self, selector: str) -> int:
        """How many such elements there are."""
        return self._page.locator(selector).count()


def browse(person: Person) -> None:
    """Select some, one of them by key; and take back now and then."""
    tiles = person.count(".tile")
    for n in person.rng.sample(range(tiles), 3):
        person.travel(person.place(f".tile >> nth={n}", *person.somewhere()))
        person.click()
        if person.rng.random() < 0.25:
            person.click()
    person.keys("ArrowRight", "Space")


def tag(person: Person) -> None:
    """Put an icon of each panel onto the picture, and move one."""
    for _ in range(2):
        person.drag(person.place(".class-tile >> nth=0", 0.5, 0.5), person.place(".figure img", *person.somewhere()))
        person.keys("ArrowRight")
    if person.count(".pin"):
        person.drag(person.place(".pin >> nth=0", 0.5, 0.5), person.place(".figure img", *person.somewhere()))


def paint(person: Person) -> None:
    """Decide, paint twice, take the second stroke back now and then."""
    label = f"input[type=radio] >> nth={person.rng.randrange(3)}"
    person.travel(person.place(label, 0.5, 0.5))
    person.click()
    for _ in range(2):
        person.drag(*(person.place(".figure canvas", *person.somewhere()) for _ in range(2)))
    if person.rng.random() < 0.3:
        person.keys("Control+z")


WORK: dict[Task, Callable[[Person], None]] = {"browse": browse, "tag": tag, "paint": paint}
