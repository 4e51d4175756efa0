"""What the report over several runs is told: ways of training, with every number that their runs were measured at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sidelight.records.result import Result
from sidelight.report.bootstrap import Answers
from sidelight.report.content import Condition, Curve, Measured, Role
from sidelight.report.paper import CLICKS, PLAIN, RANDOM

ROLES: Mapping[str, Role] = {PLAIN: "baseline", RANDOM: "control", CLICKS: "treated"}
"""What a kind of guidance is for; kinds that the paper does not have are treated, but for the controls named here."""
CONTROLS = ("uniform", "shuffled", "centre")
"""Other kinds of points that know nothing of the picture."""


@dataclass(frozen=True)
class Number:
    """What one run scored in one column.

    Attributes:
        result: the number.
        answers: [n] what it scored on every picture, where their mean is the number and the pictures are photographs
            that have nothing to do with each other; None elsewhere.
    """

    result: Result
    answers: Answers | None = None


@dataclass(frozen=True)
class Trained:
    """One way of training one network: a recipe, whatever its seeds.

    Attributes:
        name: unique, for a reader.
        model: as the paper abbreviates it, or timm's name for a network that is not in the paper.
        guided: "plain", "random" and "clicks" are the paper's; other kinds of guidance by their own name.
        setup: "primitive" for a vision transformer trained without strong augmentation, "pretrained" for what began
            with weights from elsewhere; "" for all else.
        task: which kind of labels.
        numbers: column -> seed -> what that run scored.
        others: every other number, of benchmarks that fill no column of the paper: (seed, number).
        curves: of its runs.
    """

    name: str
    model: str
    guided: str
    setup: str = ""
    task: Literal["single_label", "multi_label"] = "single_label"
    numbers: Mapping[str, Mapping[int, Number]] = field(default_factory=dict)
    others: tuple[tuple[int, Result], ...] = ()
    curves: tuple[Curve, ...] = ()

    @property
    def role(self) -> Role:
        """What it is for in a comparison."""
        points = self.guided.rpartition(", ")[2]
        return ROLES.get(self.guided, "control" if points in CONTROLS else "treated")

    @property
    def condition(self) -> Condition:
        """It as a condition of a study, in the group of the trainings that it is compared with."""
        return Condition(self.name, "", self.role, group=self.group)

    @property
    def group(self) -> str:
        """What all trainings that are compared with each other have in common."""
        return " ".join(filter(None, (self.model, self.setup, "" if self.task == "single_label" else "several labels")))

    def measured(self) -> list[Measured]:
        """All of its numbers as a study has them."""
        own = [(seed, number.result) for column in self.numbers.values() for seed, number in column.items()]
        return [(self.name, seed, result) for seed, result in (*own, *self.others)]
