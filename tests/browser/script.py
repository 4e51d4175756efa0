"""A person who does as a script says, at places and times that are known, on a page that keeps a log of its own."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page
from tests.browser.hands import at
from tests.browser.running import Service
from tests.browser.witness import Exported, Place, Sample, export_page, read


@dataclass
class Script:
    """A mouse whose every place and time is known.

    Attributes:
        page: before which it is moved.
        pinch: how many times larger the page is shown; a place is a px of the page, not of the window.
        places: px of the window that it was moved to.
        spans: ms since 1970 before and after each of these movements.
    """

    page: Page
    pinch: float = 1.0
    places: list[Place] = field(default_factory=list)
    spans: list[tuple[float, float]] = field(default_factory=list)

    def to(self, *places: Place) -> None:
        """Moves from place to place."""
        for x, y in places:
            before = 1000 * time.time()
            self.page.mouse.move(x, y)
            self.spans.append((before, 1000 * time.time()))
            self.places.append((self.pinch * x, self.pinch * y))

    def click(self, place: Place) -> None:
        """Moves there and clicks."""
        self.drag([place])

    def drag(self, path: list[Place]) -> None:
        """Presses at the first place, goes along the path, and releases at the last."""
        self.to(path[0])
        self.page.mouse.down()
        self.to(*path[1:])
        self.page.mouse.up()


@dataclass(frozen=True)
class Work:
    """A page that a person works on who agreed to publication."""

    service: Service
    page: Page
    script: Script
    out: Path

    def done(self) -> tuple[Exported, list[Sample]]:
        """Submits; gives what is exported, and the page's own log."""
        self.script.click(at(self.page, ".submit", 0.5, 0.5))
        self.page.get_by_role("heading", name="Thank you").wait_for()
        (submitted,) = self.service.await_submissions(1)
        assert submitted.complete
        assert submitted.agrees
        return export_page(self.service, self.out), read(self.page.evaluate("witnessed"), self.service)
