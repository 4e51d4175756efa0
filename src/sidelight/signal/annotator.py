"""People who do not exist: annotations drawn from boxes or masks with the published statistics."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.records.annotation import Annotation
from sidelight.records.errors import UserFault
from sidelight.records.example import Example
from sidelight.signal.browse import Browsing
from sidelight.signal.crew import Crew
from sidelight.signal.draws import generator
from sidelight.signal.tagger import Tagging
from sidelight.signal.target import Target

SIMULATED_STATEMENT = (
    "Clicks, traces and times are simulated from boxes or masks, not made by people. They may carry less than people's "
    "clicks (no preference for the telling part of an object) or more (drawn from exact boxes, without the effects of "
    "real annotators)."
)
"""What every result obtained with simulated annotations has to say."""


@dataclass(frozen=True)
class SimulatedAnnotator(Browsing, Tagging):
    """A crew of simulated people who label pictures and leave byproducts.

    An annotation is a function of the parameters, the seed and the example alone: it does not matter in which order,
    how often or in which process examples are annotated.

    >>> from sidelight.records.example import Box, Example
    >>> cat = Example("cat_1", "cat_1.png", "train", 64, 64, labels=(0,), boxes=(Box(0.25, 0.25, 0.75, 0.75),))
    >>> (annotation,) = SimulatedAnnotator(seed=1).annotate(cat, mask=None)
    >>> annotation.selected, sorted(annotation.points)
    (True, ['final', 'first'])
    """

    seed: int = 0
    """Of crew and draws."""

    crew_size: int = 200
    """Number of people who share the work."""

    def __post_init__(self) -> None:
        """Refuse shares outside [0, 1], an empty crew and a click law without width."""
        names = ("selected_share", "outside_share", "correction_share", "found_share", "on_object_share", "move_share")
        for name in names:
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise _refused(name, getattr(self, name), "a share in [0, 1]", "0.171 for 17.1 %")
        if self.crew_size < 1:
            raise _refused("crew_size", self.crew_size, "a whole number of at least 1", "200")
        if not 0.001 <= self.spread <= 1000.0:
            raise _refused("spread", self.spread, "[0.001, 1000] box sizes", "0.25, or 10 for a uniform law")

    @cached_property
    def crew(self) -> Crew:
        """The people behind the pseudonyms."""
        return Crew(self.seed, self.crew_size)

    def annotate(
        self,
        example: Example,
        *,
        mask: npt.NDArray[np.integer] | None,
        task: Literal["single_label", "multi_label"] = "single_label",
        classes: tuple[str, ...] = (),
    ) -> tuple[Annotation, ...]:
        """Label one picture.

        Args:
            example: its boxes, labels, size and id count.
            mask: [H, W] integers, class index + 1, 0 = background; None when there is none.
            task: single_label = browsing, one click a picture; multi_label = tagging, one icon a class.
            classes: names of all classes, written into the events of tagging; their number spreads them over panels.

        Returns:
            Browsing: one annotation. Tagging: one for each class found, none for a missed one. A class without box
            and without mask is not annotated: there is nothing to draw its click from.
        """
        rng = generator(self.seed, "example", example.id)
        person = self.crew.person_for(example.id)
        edge: Literal["box", "mask"] = "box" if task == "single_label" else "mask"
        gathered = {label: Target.of(example, label=label, mask=mask, edge=edge) for label in example.labels}
        targets = {label: target for label, target in gathered.items() if not target.empty}
        if task == "multi_label":
            return self.tag(example, targets, names=classes, person=person, rng=rng, spread=self.spread)
        return tuple(self.browse(example, target, person, rng) for target in targets.values())


def _refused(name: str, value: float, allowed: str, example: str) -> UserFault:
    return UserFault(
        f"simulated annotator, {name}", seen=f"{value}", allowed=allowed, remedy=f"Give a number such as {example}"
    )
