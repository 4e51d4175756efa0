"""What a simulated person can do with a window: move, press, scroll. All of it is recorded."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Self

import numpy as np

from sidelight.collect.simulate.pointer import reach
from sidelight.collect.simulate.recording import Recording
from sidelight.collect.simulate.screen import VIEW, Screen
from sidelight.collect.wire.log import Focus, Health, Hover, ImageState, Layout, OnScreen, Pointer, Shown

By = Literal["mouse", "touch", "pen", "keyboard"]

LOAD_MS = (20.0, 200.0)
TAP_MS = 70.0


@dataclass
class Hands:
    """A person at a page.

    Attributes:
        screen: the window.
        recording: of all that happens.
        by: what the person works with. A keyboard leaves no samples; a finger leaves some only while it is down.
        rng: source of chance.
        at: where the pointer is, client px.
    """

    screen: Screen
    recording: Recording
    by: By
    rng: np.random.Generator
    at: tuple[float, float] = (VIEW[0] / 2, 60.0)
    _over: int = -1
    _seen: frozenset[int] = frozenset()
    _laid_out: bool = False

    @classmethod
    def on(cls, screen: Screen, by: By, rng: np.random.Generator) -> Self:
        """Open the page: it is shown, laid out, and its pictures load."""
        hands = cls(screen, Recording(modality="mouse" if by == "keyboard" else by), by, rng)
        recording = hands.recording
        recording.log(Shown)
        recording.log(Focus, focused=True)
        hands.look()
        for picture in screen.ids:
            recording.now += float(rng.uniform(*LOAD_MS)) / len(screen.ids)
            recording.log(ImageState, image=picture, state="loaded")
        return hands

    def wait(self, duration_ms: float) -> None:
        """Do nothing."""
        self.recording.now += duration_ms

    def look(self) -> None:
        """Lay out the page at its present scroll, and say which pictures came into view and went."""
        screen, moved = self.screen, self._laid_out
        boxes = {} if moved else screen.layout  # scrolling moves all alike: the recorder names only what else moved
        self.recording.log(Layout, view=VIEW, scroll=(0.0, screen.scroll), zoom=1.0, dpr=1.0, images=boxes)
        self._laid_out = True
        seen = screen.on_screen()
        for place in sorted(seen ^ self._seen):
            self.recording.log(OnScreen, image=screen.ids[place], seen=place in seen)
        self._seen = seen

    def scroll_to(self, top: float) -> None:
        """Scroll; a resting pointer may come over another picture by it."""
        if top != self.screen.scroll:
            self.screen.scroll = top
            self.look()
            if self.by == "mouse":
                self._hover(int(self.screen.under(np.array([self.at]))[0]))

    def travel(self, to: tuple[float, float], duration_ms: float, *, pressed: bool = False) -> None:
        """Move the pointer; a finger that is up leaves nothing, a keyboard neither."""
        if self.by == "keyboard" or (self.by == "touch" and not pressed):
            self.wait(duration_ms)
            self.at = to
            return
        times, xy = reach(self.at, to, begin_ms=self.recording.now, duration_ms=duration_ms, rng=self.rng)
        under = self.screen.under(xy)
        changes = [0, *(np.flatnonzero(np.diff(under)) + 1).tolist(), len(times)]
        for first, last in pairwise(changes):
            self.recording.now = float(times[first])
            self._hover(int(under[first]))
            self.recording.move(times[first:last], xy[first:last], pressed=pressed)
        self.at = to

    def down(self) -> None:
        """Press the button, or put the finger down."""
        if self.by != "keyboard":
            self._mark(pressed=True)
            self.recording.log(Pointer, action="down", by=self.by)

    def up(self) -> None:
        """Let go."""
        if self.by != "keyboard":
            self._mark(pressed=False)
            self.recording.log(Pointer, action="up", by=self.by)

    def lift(self) -> None:
        """Take the finger away, after what the tap did is told."""
        if self.by == "touch":
            self._hover(-1)

    def close(self) -> None:
        """The recorder's last word about itself."""
        samples = self.recording.samples
        self.recording.log(Health, samples=samples, dropped=0, handler_ms=round(0.01 * samples, 2), granularity_ms=0.1)

    def _mark(self, *, pressed: bool) -> None:
        """One sample where the pointer is."""
        self.recording.now = round(self.recording.now + 0.1, 1)
        if self.by == "touch":
            self._hover(int(self.screen.under(np.array([self.at]))[0]))
        self.recording.move(np.array([self.recording.now]), np.array([self.at]), pressed=pressed)

    def _hover(self, place: int) -> None:
        if place == self._over:
            return
        for over, inside in ((self._over, False), (place, True)):
            if over >= 0:
                self.recording.log(Hover, image=self.screen.ids[over], inside=inside)
        self._over = place
