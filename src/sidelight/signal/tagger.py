"""Labelling by tagging, as in COCO: icons of classes, panel by panel, dropped on one picture."""

import math
from dataclasses import dataclass, field

import numpy as np

from sidelight.records.annotation import Annotation, Point
from sidelight.records.event import Event
from sidelight.records.example import Example
from sidelight.signal.click import click_beside, click_inside
from sidelight.signal.crew import Person
from sidelight.signal.display import Display
from sidelight.signal.target import Target

PANELS = 11
FIRST_DROP_MS = (5_000.0, 15_000.0)
KEY_REPEAT_MS = (31.0, 36.0)
MOUSE_STEP_MS = (200.0, 2_500.0)
SEARCH_MS = (1_500.0, 6_000.0)
"""From one panel step to a drop, or from one drop to the next; assumed."""

MOVE_AFTER_MS = (600.0, 4_000.0)


@dataclass(frozen=True)
class Tagging:
    """How simulated people tag.

    Source: han2023luab section 3.2 (recall, icons on the mask); times from the records of COCO-AB seen in public.
    """

    found_share: float = 0.619
    """Share of the classes present that are tagged. Published: .619."""

    on_object_share: float = 0.923
    """Share of icons that lie on the object's mask (or in its box). Published: .923. The others lie just beside it."""

    move_share: float = 0.1
    """Share of icons that are dropped again elsewhere, so that `last_add` and `final_position` differ. Estimated."""

    def tag(
        self,
        example: Example,
        targets: dict[int, Target],
        *,
        names: tuple[str, ...],
        person: Person,
        rng: np.random.Generator,
        spread: float,
    ) -> tuple[Annotation, ...]:
        """One person's icons on one picture: one annotation for each class found, in the order of the panels.

        The class indices are spread evenly over eleven panels, for the panels of a data set are not known. A panel
        step belongs to the annotation of the class dropped after it; those after the last drop to the last one.
        """
        display = Display.tagging(example.width, example.height)
        found = [label for label in sorted(targets) if rng.random() < self.found_share]
        page = _Page(person, rng)
        made: list[Annotation] = []
        for label in found:
            started = page.elapsed_ms
            page.turn_to(label * PANELS // max(len(names), label + 1))
            page.search(first=not made)
            name = names[label] if label < len(names) else str(label)
            added = self._drop(targets[label], display, rng, spread=spread)
            final, dwell = added, page.elapsed_ms - started
            page.log(Event("add", page.elapsed_ms, *added, label=name))
            if rng.random() < self.move_share:
                final = self._drop(targets[label], display, rng, spread=spread)
                page.wait(*MOVE_AFTER_MS)
                page.log(Event("move_icon", page.elapsed_ms, *final, name, *added))
            if label == found[-1]:
                page.turn_to(PANELS - 1)
            told = page.take()
            made.append(_annotation(example, person, label, points=(added, final), dwell=dwell, events=told))
        return tuple(made)

    def _drop(self, target: Target, display: Display, rng: np.random.Generator, *, spread: float) -> Point:
        inside = click_inside(target, display, rng, spread=spread)
        if rng.random() < self.on_object_share:
            return inside
        return click_beside(target, display, inside, rng) or inside


@dataclass
class _Page:
    """What happens on one page, event by event."""

    person: Person
    rng: np.random.Generator
    elapsed_ms: float = 0.0
    panel: int = 0
    events: list[Event] = field(default_factory=list)

    def wait(self, low_ms: float, high_ms: float) -> None:
        u = float(self.rng.random())
        self.elapsed_ms += float(round(math.exp(math.log(low_ms) + u * math.log(high_ms / low_ms))))

    def turn_to(self, panel: int) -> None:
        while self.panel < panel:
            self.panel += 1
            self.wait(*(KEY_REPEAT_MS if self.person.keyboard else MOUSE_STEP_MS))
            self.events.append(
                Event("panel", self.elapsed_ms, label=f"panel {self.panel}", keyboard=self.person.keyboard)
            )

    def search(self, *, first: bool) -> None:
        if first:
            self.elapsed_ms = max(self.elapsed_ms, float(round(self.rng.uniform(*FIRST_DROP_MS))))
        else:
            self.wait(*SEARCH_MS)

    def log(self, event: Event) -> None:
        self.events.append(event)

    def take(self) -> tuple[Event, ...]:
        taken, self.events = tuple(self.events), []
        return taken


def _annotation(
    example: Example,
    person: Person,
    label: int,
    *,
    points: tuple[Point, Point],
    dwell: float,
    events: tuple[Event, ...],
) -> Annotation:
    return Annotation(
        id=f"{example.id}/simulated/{label}",
        example_id=example.id,
        annotator=person.pseudonym,
        source="simulated",
        label=label,
        selected=True,
        points={"last_add": points[0], "final_position": points[1]},
        dwell_ms=dwell,
        events=events,
    )
