"""Who a simulated annotator is, and what the pictures are to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import msgspec
import numpy as np

from sidelight.collect.simulate.hands import By
from sidelight.records.annotation import Annotation
from sidelight.records.example import Box, Example
from sidelight.signal.annotator import SimulatedAnnotator
from sidelight.signal.crew import Person
from sidelight.signal.draws import generator

MODALITY_SHARES: Mapping[By, float] = {"mouse": 0.8, "touch": 0.12, "keyboard": 0.08}
"""What people work with; assumed."""

UNKNOWN_BOX = Box(0.2, 0.2, 0.8, 0.8)
"""Where an object is taken to be when nobody knows: the middle. Good for trying a service out, not as guidance."""


@dataclass(frozen=True)
class World:
    """What there is to see on a campaign's pictures.

    Attributes:
        examples: by picture id, with labels and, where known, boxes. Their own ids are what chance depends on: names
            that are the same in every run.
        classes: names by label.
        titles: what a browse page is called -> the class that it asks about.
    """

    examples: Mapping[str, Example]
    classes: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)

    def example(self, picture: str, *, width: int, height: int) -> Example:
        """The picture with a place for every class on it; without labels when it is unknown."""
        known = self.examples.get(picture)
        if known is None:
            return Example(picture, picture, "train", width, height, labels=())
        return known

    def of_class(self, picture: str, name: str) -> bool:
        """Whether the class is on the picture."""
        known = self.examples.get(picture)
        return known is not None and name in {self.classes[label] for label in known.labels}


@dataclass(frozen=True)
class Annotator:
    """One simulated person.

    Attributes:
        seed: of the whole crew.
        number: of this person.
        laws: how simulated people browse and tag.
    """

    seed: int
    number: int
    laws: SimulatedAnnotator

    @cached_property
    def person(self) -> Person:
        """Speed and habits, from the crew's published laws."""
        return self.laws.crew.people[self.number % self.laws.crew_size]

    @cached_property
    def by(self) -> By:
        """What this person works with."""
        share = float(self.rng("modality").random())
        for modality, upto in zip(MODALITY_SHARES, np.cumsum(list(MODALITY_SHARES.values())).tolist(), strict=True):
            if share < upto:
                return modality
        return "mouse"

    @property
    def careful(self) -> "Annotator":
        """The same person trying hard, as at practice: nothing is missed, every click is on the object."""
        laws = replace(self.laws, selected_share=1.0, outside_share=0.0, found_share=1.0, on_object_share=1.0)
        return replace(self, laws=laws)

    def rng(self, *names: str) -> np.random.Generator:
        """Chance for one purpose, the same whenever asked."""
        return generator(self.seed, "annotator", str(self.number), *names)

    def clicks(self, example: Example, label: int) -> Annotation:
        """How this person selects a picture that shows the class asked about, if at all."""
        (judged,) = self.laws.annotate(self._seen(example, (label,)), mask=None)
        return judged

    def icons(self, example: Example, classes: tuple[str, ...]) -> tuple[Annotation, ...]:
        """Which classes this person finds on a picture, and where the icons go."""
        seen = self._seen(example, example.labels)
        return self.laws.annotate(seen, mask=None, task="multi_label", classes=classes)

    def _seen(self, example: Example, labels: tuple[int, ...]) -> Example:
        """The picture as this person sees it: different people judge it differently; without boxes, in the middle."""
        boxes = tuple(box for box in example.boxes if box.label is None or box.label in labels)
        middle = tuple(msgspec.structs.replace(UNKNOWN_BOX, label=label) for label in labels)
        name = f"{example.id}/{self.number}"
        return msgspec.structs.replace(example, id=name, labels=labels, boxes=boxes or middle)
