"""What an experiment is: a frozen value, complete, comparable, and hashable into the name of its runs."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal

from sidelight.data.augment.config import Augmentation
from sidelight.data.format.manifest import Task
from sidelight.data.guidance import Guidance
from sidelight.data.plant import Plant
from sidelight.data.selection import Selection
from sidelight.model.network import Network
from sidelight.records.errors import UserFault
from sidelight.train.objective.binary_cross_entropy import BinaryCrossEntropy
from sidelight.train.objective.cross_entropy import CrossEntropy
from sidelight.train.objective.luab import Luab
from sidelight.train.training import Training

AnyObjective = CrossEntropy | BinaryCrossEntropy | Luab


@dataclass(frozen=True)
class Recipe:
    """Everything that decides the outcome of a training but the data and the seed.

    To change the *kind* of a part (another objective, say) take another recipe; overrides reach the knobs of its parts.
    """

    name: str
    """What the recipe is called in tables."""
    network: Network
    """The backbone."""
    objective: AnyObjective
    """What is minimised."""
    augmentation: Augmentation
    """What happens to pictures, points and maps before the model sees them."""
    training: Training
    """How it is minimised."""
    guidance: Guidance = field(default_factory=Guidance)
    """Which points the objective is told."""
    selection: Selection = field(default_factory=Selection)
    """Which pictures are used."""
    plant: Plant | None = None
    """A shortcut planted into the backgrounds of the training pictures; None leaves the photographs as they are."""
    workers: int = 0
    """Threads that prepare pictures beside the training; results do not depend on it."""

    def __post_init__(self) -> None:
        guided = isinstance(self.objective, Luab)
        if guided != (self.guidance.kind != "none"):
            raise UserFault(
                f"recipe '{self.name}'",
                seen=f"objective {type(self.objective).__name__} with guidance '{self.guidance.kind}'",
                allowed="a guided objective with points, or a plain one with guidance 'none'",
                remedy="Choose a recipe of the kind you want; its knobs can be changed, its kind cannot",
            )
        if self.augmentation.point_leaves == "drop_label" and self.task == "single_label":
            raise UserFault(
                f"recipe '{self.name}'",
                seen="augmentation.point_leaves 'drop_label' with one label a picture",
                allowed="'keep_label', as a point about the whole picture belongs to no class",
                remedy="Leave it out, or take a recipe for several labels a picture",
            )

    @property
    def task(self) -> Task:
        """Which data the objective is for: one label a picture, or several."""
        several = isinstance(self.objective, BinaryCrossEntropy) or (
            isinstance(self.objective, Luab) and self.objective.labels == "multi"
        )
        return "multi_label" if several else "single_label"


@dataclass(frozen=True)
class Condition:
    """One row of a study's table.

    Attributes:
        name: of the row.
        recipe: how its runs are trained.
        role: `baseline` (plain training), `control` (guidance that knows nothing of the picture), `treated`.
        sentence: what it is, for the reader of the report.
        group: rows that are compared with each other; differences are taken within a group only.
        tuned_as: name of the condition whose choice of lambda this one takes; "" = its own.
    """

    name: str
    recipe: Recipe
    role: Literal["baseline", "control", "treated"]
    sentence: str
    group: str = ""
    tuned_as: str = ""


@dataclass(frozen=True)
class Tuning:
    """How lambda is chosen for every guided condition, controls included: by validation accuracy, never on the test.

    Attributes:
        ratios: of the guidance's to the class term's gradient norm at the pooled features.
        epochs: of the short runs that choose.
        seeds: how many short runs a ratio.
    """

    ratios: tuple[float, ...] = (0.1, 0.3, 1.0)
    epochs: int = 10
    seeds: int = 1


@dataclass(frozen=True)
class Study:
    """Conditions times seeds. Runs of one seed share initial weights and batch order, so that they can be paired.

    Attributes:
        name: of the study.
        question: what it asks, in one sentence.
        conditions: the rows, group after group.
        tuning: how lambda is chosen; None trains every condition as it stands.
        subsets: coverage limits of the boxes; results are given for all test pictures and for each of these.
    """

    name: str
    question: str
    conditions: tuple[Condition, ...]
    tuning: Tuning | None = None
    subsets: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        names = [condition.name for condition in self.conditions]
        if len(set(names)) < len(names):
            raise ValueError(f"study '{self.name}' has two conditions of one name: {names}")
        for condition in self.conditions:
            if condition.tuned_as and condition.tuned_as not in names:
                raise ValueError(
                    f"condition '{condition.name}' is tuned as '{condition.tuned_as}', which is none of {names}"
                )


def as_values(recipe: Recipe) -> dict[str, object]:
    """The recipe as plain values, with the kind of its objective named; what `recipe.json` holds."""
    values: dict[str, object] = dataclasses.asdict(recipe)
    values["objective"] = {"kind": type(recipe.objective).__name__, **dataclasses.asdict(recipe.objective)}
    return values


def recipe_hash(recipe: Recipe) -> str:
    """Twelve hexadecimal digits that change with every value that can change a result (not with the name or the
    workers).
    """
    values = {key: value for key, value in as_values(recipe).items() if key not in ("name", "workers")}
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]
