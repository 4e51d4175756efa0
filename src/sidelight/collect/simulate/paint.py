"""A simulated person who decides a class and paints what supports the decision."""

import numpy as np

from sidelight.collect.simulate.hands import Hands
from sidelight.collect.simulate.person import UNKNOWN_BOX, Annotator, World
from sidelight.collect.simulate.screen import Screen
from sidelight.collect.wire.log import Decide, Redo, Stroke, Undo
from sidelight.collect.wire.page import PageSpec
from sidelight.records.example import Box, Example

RADIUS_SHARE = 0.06
"""Radius of the brush in shares of the grid's shorter side."""

STROKES = 3
FIRST_SHARE, UNDO_SHARE, ERASE_SHARE, WRONG_SHARE = 0.5, 0.15, 0.2, 0.03
"""People who decide before they paint; strokes that are undone and redone; pages with a stroke of the eraser; decisions
that are wrong. All assumed."""


def paint(
    page: PageSpec, annotator: Annotator, world: World, *, nth: int, first: int = 0, last: int = STROKES
) -> Hands:
    """Decide, and paint strokes `first` to `last` (exclusive) across the object."""
    picture = page.pictures[0]
    rng = annotator.rng("page", str(nth), str(first))
    hands = Hands.on(Screen.alone(picture), annotator.by, rng)
    example = world.example(picture.id, width=picture.width, height=picture.height)
    decides_first = bool(annotator.rng("order").random() < FIRST_SHARE)
    if decides_first and first == 0:
        _decide(hands, page, annotator, example, world)
    box = next((b for b in example.boxes if b.label is None or b.label in example.labels), UNKNOWN_BOX)
    for number in range(first, min(last, STROKES)):
        _stroke(hands, page.grid, box, number)
        if rng.random() < UNDO_SHARE:
            hands.wait(400.0)
            hands.recording.log(Undo, by=hands.by)
            hands.wait(300.0)
            hands.recording.log(Redo, by=hands.by)
    if last >= STROKES:
        if not decides_first:
            _decide(hands, page, annotator, example, world)
        if rng.random() < ERASE_SHARE:
            _erase(hands, page.grid, box)
    return hands


def _decide(hands: Hands, page: PageSpec, annotator: Annotator, example: Example, world: World) -> None:
    names = [option.name for option in page.classes]
    true = [world.classes[label] for label in example.labels if world.classes[label] in names]
    guess = names[int(hands.rng.integers(len(names)))]
    wrong = not true or float(hands.rng.random()) < WRONG_SHARE
    hands.wait(float(annotator.person.dwell_ms) + 400.0)
    hands.recording.log(Decide, label=guess if wrong else true[0], by=hands.by)


def _stroke(hands: Hands, grid: tuple[int, int], box: Box, number: int) -> None:
    """One sweep across the box, from left to right, at its own height."""
    share = (number + 0.5) / STROKES
    y = box.y0 + share * (box.y1 - box.y0)
    inset = 0.15 * (box.x1 - box.x0)
    _sweep(hands, grid, [(box.x0 + inset, y), (box.x1 - inset, y)], tool="brush")


def _erase(hands: Hands, grid: tuple[int, int], box: Box) -> None:
    at = (box.x1, box.y0)
    _sweep(hands, grid, [at, at], tool="eraser")


def _sweep(hands: Hands, grid: tuple[int, int], ends: list[tuple[float, float]], *, tool: str) -> None:
    hands.travel(hands.screen.client(0, ends[0]), float(hands.rng.uniform(250.0, 700.0)))
    hands.down()
    hands.travel(hands.screen.client(0, ends[1]), float(hands.rng.uniform(400.0, 900.0)), pressed=True)
    hands.up()
    steps = np.linspace(ends[0], ends[1], 8)
    scale = np.array(grid) * 16.0
    cells = np.clip(np.floor(steps * scale + 0.5), 0, scale).astype(int).ravel().tolist()
    radius = round(max(1.0, RADIUS_SHARE * min(grid)), 2)
    hands.recording.log(Stroke, tool=tool, radius=radius, cells=tuple(cells), by=hands.by)
    hands.lift()
