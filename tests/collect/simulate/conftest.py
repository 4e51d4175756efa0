"""A page of each task, and people who have something to see on it."""

import pytest

from sidelight.collect.simulate.person import Annotator, World
from sidelight.collect.wire.page import ClassOption, ClassPanel, PageSpec, Picture, Wording
from sidelight.records.example import Box, Example
from sidelight.signal.annotator import SimulatedAnnotator

CLASSES = ("cup", "dog", "owl")
LAWS = SimulatedAnnotator(seed=3, crew_size=40, selected_share=1.0, found_share=1.0)


@pytest.fixture(scope="session")
def world() -> World:
    """Every fourth of 48 pictures shows a cup in its left half; the first shows a dog, too."""
    boxes = (Box(0.1, 0.2, 0.5, 0.8, label=0), Box(0.6, 0.2, 0.9, 0.8, label=1))
    shown = {f"p{n}": Example(f"p{n}", f"p{n}.png", "train", 500, 375, (0,), boxes[:1]) for n in range(0, 48, 4)}
    return World(shown | {"p0": Example("p0", "p0.png", "train", 500, 375, (0, 1), boxes)}, CLASSES)


@pytest.fixture(scope="session")
def pages() -> dict[str, PageSpec]:
    pictures = tuple(Picture(f"p{n}", "/image/x", 500, 375, f"candidate {n}") for n in range(48))
    wording = Wording("A page", "<p>Look</p>")
    options = tuple(ClassOption(name, name) for name in CLASSES)
    panels = (ClassPanel("Kitchenware", options[:1]), ClassPanel("Animal", options[1:]), ClassPanel("Other", ()))
    return {
        "browse": PageSpec("page", "browse", 1, 10, pictures, wording),
        "tag": PageSpec("page", "tag", 1, 20, pictures[:1], wording, panels=panels),
        "paint": PageSpec("page", "paint", 1, 10, pictures[:1], wording, classes=options, grid=(32, 24)),
    }


@pytest.fixture(scope="session")
def people() -> dict[str, Annotator]:
    """One person for each way of working."""
    everybody = [Annotator(3, number, LAWS) for number in range(60)]
    return {by: next(p for p in everybody if p.by == by) for by in ("mouse", "touch", "keyboard")}
