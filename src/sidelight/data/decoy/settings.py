"""How many pictures a decoy dataset has, who made them, and how well the backdrop tells the class."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sidelight.data.decoy.artefact import GENERATORS, Domain
from sidelight.data.decoy.people import People
from sidelight.records.errors import UserFault
from sidelight.records.example import Split

Shortcut = Literal["none", "medium", "strong"]

CLASSES = ("genuine", "synthetic")
AGREEMENT: dict[Shortcut, float] = {"none": 0.5, "medium": 0.8, "strong": 0.95}
"""How often a training or validation picture's backdrop is of its own class's kind. In the test it is so by chance."""
SMALLEST_SIDE = 32
PART, LARGE, VALIDATION, TEST = range(4)


@dataclass(frozen=True)
class Plan:
    """One picture before it is drawn.

    Attributes:
        id: unique.
        split: which part of the data.
        label: 0 genuine, 1 synthetic.
        generator: who made it; "genuine" for a real one.
        kind: of its backdrop.
        annotated: whether people painted a map of it.
        key: of its chance.
    """

    id: str
    split: Split
    label: int
    generator: str
    kind: int
    annotated: bool
    key: tuple[int, ...]


@dataclass(frozen=True)
class Decoy:
    """A two-class task in the manner of synthetic-face detection: genuine pictures, and synthetic ones from several
    generators, of which the test's are never seen in training.
    """

    domain: Domain = "faces"
    """What the pictures are of; the second domain has other objects, other generators and another shortcut."""
    shortcut: Shortcut = "medium"
    """How often the backdrop goes with the class in training and validation: none .5, medium .8, strong .95."""
    annotated: int = 300
    """Training pictures with a map by (simulated) people."""
    large: int = 2100
    """Further training pictures, without a map: seven for each with one, as in the published experiment."""
    validation: int = 400
    """Validation pictures, from the generators of the training."""
    validation_annotated: int = 100
    """How many of these have a map: by them a teacher's maps are judged."""
    test_genuine: int = 500
    """Genuine test pictures; every generator is measured against all of them."""
    test_a_generator: int = 200
    """Test pictures of every unseen generator."""
    side: int = 56
    """Pixels; 56 gives a network without early pooling maps of 7 x 7 cells."""
    seed: int = 0
    """Of everything. Equal seeds give equal objects, flaws and maps at every strength of the shortcut."""
    people: People = field(default_factory=People)
    """Who paint the maps."""

    def __post_init__(self) -> None:
        for name in ("annotated", "large", "validation", "test_genuine", "test_a_generator"):
            self._refuse(getattr(self, name) < 2, name, ">= 2")
        self._refuse(not 0 <= self.validation_annotated <= self.validation, "validation_annotated", "0 to validation")
        self._refuse(self.side < SMALLEST_SIDE, "side", f">= {SMALLEST_SIDE}")
        self._refuse(self.people.count < 1, "people.count", ">= 1")

    def _refuse(self, bad: bool, name: str, allowed: str) -> None:
        if bad:
            seen = str(self.people.count if name == "people.count" else getattr(self, name))
            raise UserFault(f"decoy's {name}", seen=seen, allowed=allowed, remedy="Choose another number")

    def plans(self) -> Iterator[Plan]:
        """Every picture, part after part; half of each training and validation part is synthetic."""
        known = GENERATORS[self.domain]
        yield from self._mixed(PART, "train", self.annotated, self.annotated)
        yield from self._mixed(LARGE, "train", self.large, 0)
        yield from self._mixed(VALIDATION, "validation", self.validation, self.validation_annotated)
        for number in range(self.test_genuine):
            yield self._plan(TEST, "test", (0, number), "genuine", annotated=False)
        for place, name in enumerate(known.unseen, start=1):
            for number in range(self.test_a_generator):
                yield self._plan(TEST, "test", (place, number), name, annotated=False)

    def _mixed(self, part: int, split: Split, count: int, annotated: int) -> Iterator[Plan]:
        """Genuine and synthetic in turn, the generators of the training one after the other."""
        makers = list(GENERATORS[self.domain].training)
        for number in range(count):
            name = makers[number // 2 % len(makers)] if number % 2 else "genuine"
            yield self._plan(part, split, (0, number), name, annotated=number < annotated)

    def _plan(self, part: int, split: Split, place: tuple[int, int], generator: str, *, annotated: bool) -> Plan:
        label = int(generator != "genuine")
        key = (self.seed, list(GENERATORS).index(self.domain), part, *place)
        agreement = AGREEMENT[self.shortcut] if split != "test" else 0.5
        agrees = np.random.default_rng([*key, 99]).random() < agreement
        folder = ("annotated", "large", "validation", "test")[part]
        return Plan(
            id=f"{folder}-{generator}-{place[1]:05d}",
            split=split,
            label=label,
            generator=generator,
            kind=label if agrees else 1 - label,
            annotated=annotated,
            key=key,
        )
