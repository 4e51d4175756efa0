"""Labelling by browsing, as in ImageNet: a page of candidates, a click on each picture that shows the class."""

import math
from dataclasses import dataclass

import numpy as np

from sidelight.records.annotation import Annotation, Point
from sidelight.records.event import Event
from sidelight.records.example import Example
from sidelight.records.trace import Trace
from sidelight.signal.click import click_inside, click_outside
from sidelight.signal.crew import Person
from sidelight.signal.display import Display
from sidelight.signal.dwell import draw_dwell
from sidelight.signal.path import STILL_MS, approach, crossing, edge_place, sample_times
from sidelight.signal.target import Target

PICTURES_A_PAGE = 48
INTERACTED_SHARE = 0.993
"""Pictures that a pointer came over at all, selected or not."""

HOVER_LOG_MS = (5.9, 0.7)
"""Mean and standard deviation of the log of the time a pointer takes to cross an unselected picture; assumed."""

PAUSE_LOG_MS = (5.7, 0.5)
"""The same for the time after a click until the pointer leaves, or until a mistaken click is undone; assumed."""


@dataclass(frozen=True)
class Browsing:
    """How simulated people browse.

    Source: han2023luab section 3.1 (shares); the laws of path and dwell are in their own modules.
    """

    selected_share: float = 0.867
    """Share of pictures of the class that are selected. Published: .867."""

    outside_share: float = 0.171
    """Share of selections whose click lies off the object. Published: 1 - .829. Where boxes cover all: still inside."""

    spread: float = 0.25
    """Standard deviation of a click in a box, in units of the box's width and height. Not published; assumed."""

    correction_share: float = 0.01
    """Share of selections that were undone and made again elsewhere, so that `first` and `final` differ. Assumed."""

    def browse(self, example: Example, target: Target, person: Person, rng: np.random.Generator) -> Annotation:
        """One person's judgement on one candidate.

        The draws for selection and for the place come first and are always made: at another `outside_share` a click
        that stays inside stays at the same place, and the clicks outside are a subset of those at a higher share.
        """
        display = Display.browsing(example.width, example.height)
        selects, misses, corrects, comes, slot = rng.random(5).tolist()
        place = self._place(target, display, misses, rng)
        reached = float(round(slot * PICTURES_A_PAGE * person.dwell_ms))
        if selects >= self.selected_share:
            if comes * (1.0 - self.selected_share) >= INTERACTED_SHARE - self.selected_share:
                return _annotation(example, person, ())
            return _passed_over(example, person, reached, display, rng)
        dwell = draw_dwell(person, rng)
        clicks = [(place, reached + dwell)]
        events = _first_click(place, reached, dwell, display, rng)
        if corrects < self.correction_share:
            place = self._place(target, display, float(rng.random()), rng)
            again = draw_dwell(person, rng)
            undone = clicks[0][1] + _pause(rng)
            events += _second_click(clicks[0][0], place, display, rng, undone=undone, dwell=again)
            clicks.append((place, undone + again))
            dwell += again
        events.append(Event("leave", elapsed_ms=clicks[-1][1] + _pause(rng)))
        return _annotation(example, person, events, dwell=dwell, clicks=(clicks[0][0], clicks[-1][0]))

    def _place(self, target: Target, display: Display, misses: float, rng: np.random.Generator) -> Point:
        inside = click_inside(target, display, rng, spread=self.spread)
        outside = click_outside(target, display, rng)
        return outside if outside is not None and misses < self.outside_share else inside


def _annotation(
    example: Example,
    person: Person,
    events: list[Event] | tuple[Event, ...],
    *,
    dwell: float | None = None,
    clicks: tuple[Point, Point] | None = None,
) -> Annotation:
    return Annotation(
        id=f"{example.id}/simulated",
        example_id=example.id,
        annotator=person.pseudonym,
        source="simulated",
        label=example.labels[0],
        selected=clicks is not None,
        points={} if clicks is None else {"first": clicks[0], "final": clicks[1]},
        dwell_ms=dwell,
        events=tuple(events),
    )


def _pause(rng: np.random.Generator) -> float:
    return float(round(math.exp(PAUSE_LOG_MS[0] + PAUSE_LOG_MS[1] * float(rng.standard_normal()))))


def _moves(trace: Trace, start_ms: float) -> list[Event]:
    samples = zip((trace.elapsed_ms + start_ms).tolist(), trace.x.tolist(), trace.y.tolist(), strict=True)
    return [Event("move", t, x, y) for t, x, y in samples]


def _rest_at(dwell: float, rng: np.random.Generator) -> float:
    return max(0.0, dwell - float(rng.uniform(*STILL_MS)))


def _first_click(place: Point, reached: float, dwell: float, display: Display, rng: np.random.Generator) -> list[Event]:
    times = sample_times(_rest_at(dwell, rng), rng)
    trace = approach(edge_place(rng), place, times, display, rng)
    entered, selected = Event("enter", elapsed_ms=reached), Event("select", reached + dwell, *place)
    return [entered, *_moves(trace, reached), selected]


def _second_click(
    old: Point, new: Point, display: Display, rng: np.random.Generator, *, undone: float, dwell: float
) -> list[Event]:
    times = sample_times(_rest_at(dwell, rng), rng)
    trace = approach(old, new, times, display, rng)
    return [Event("deselect", undone, *old), *_moves(trace, undone), Event("select", undone + dwell, *new)]


def _passed_over(
    example: Example, person: Person, reached: float, display: Display, rng: np.random.Generator
) -> Annotation:
    hover = float(round(math.exp(HOVER_LOG_MS[0] + HOVER_LOG_MS[1] * float(rng.standard_normal()))))
    trace = crossing(edge_place(rng), edge_place(rng), sample_times(hover, rng), display, rng)
    left = reached + max(hover, float(trace.elapsed_ms[-1]))
    events = [Event("enter", elapsed_ms=reached), *_moves(trace, reached), Event("leave", elapsed_ms=left)]
    return _annotation(example, person, events, dwell=left - reached)
