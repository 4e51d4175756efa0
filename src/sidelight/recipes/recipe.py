"""What an experiment is: a frozen value, complete, comparable, and hashable into the name of its runs."""

import copy
import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sidelight.data.augment.config import Augmentation
from sidelight.data.format.manifest import Task
from sidelight.data.guidance import Guidance
from sidelight.data.plant import Plant
from sidelight.data.saliency import Saliency
from sidelight.data.selection import Selection
from sidelight.model.network import Network
from sidelight.recipes.teaching import Teaching
from sidelight.records.errors import UserFault
from sidelight.report.content import Axis, Contrast
from sidelight.train.objective.attention_pooling import AttentionPooling
from sidelight.train.objective.table import AnyObjective
from sidelight.train.training import Training


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
    saliency: Saliency = field(default_factory=Saliency)
    """Which maps the objective, or the blur outside them, is told."""
    selection: Selection = field(default_factory=Selection)
    """Which pictures are used."""
    plant: Plant | None = None
    """A shortcut planted into the backgrounds of the training pictures; None leaves the photographs as they are."""
    labels: Literal["own", "teacher"] = "own"
    """Whose labels the training pictures have: the data's, or the probabilities of a teacher (`sidelight teach
    --soft-labels`). Validation and test keep the data's."""
    workers: int = 0
    """Threads that prepare pictures beside the training; results do not depend on it."""

    def __post_init__(self) -> None:
        self._refuse_other_annotation()
        if isinstance(self.objective, AttentionPooling) and self.network.pooling != "attention":
            raise UserFault(
                f"recipe '{self.name}'",
                seen=f"objective AttentionPooling with network.pooling '{self.network.pooling}'",
                allowed="network.pooling 'attention': the objective supervises that attention",
                remedy="Set --network.pooling attention",
            )
        if self.augmentation.point_leaves == "drop_label" and self.task == "single_label":
            raise UserFault(
                f"recipe '{self.name}'",
                seen="augmentation.point_leaves 'drop_label' with one label a picture",
                allowed="'keep_label', as a point about the whole picture belongs to no class",
                remedy="Leave it out, or take a recipe for several labels a picture",
            )

    def _refuse_other_annotation(self) -> None:
        """Refuse an objective that is told what it cannot use, or is not told what it needs."""
        needs, kind = self.objective.needs, type(self.objective).__name__
        if (needs == "points") != (self.guidance.kind != "none"):
            raise UserFault(
                f"recipe '{self.name}'",
                seen=f"objective {kind} with guidance '{self.guidance.kind}'",
                allowed="an objective that lives on points, with points; or any other, with guidance 'none'",
                remedy="Choose a recipe of the kind you want; its knobs can be changed, its kind cannot",
            )
        blurred = self.augmentation.blur_outside > 0
        if (needs == "maps" or blurred) != (self.saliency.kind != "none"):
            user = f"objective {kind}" + (", augmentation.blur_outside" if blurred else "")
            raise UserFault(
                f"recipe '{self.name}'",
                seen=f"{user} with saliency '{self.saliency.kind}'",
                allowed="maps for an objective that lives on them, or for blur outside them; else saliency 'none'",
                remedy="Set --saliency.kind to the annotation that the data have, or take another recipe",
            )

    @property
    def task(self) -> Task:
        """Which data the objective is for: one label a picture, or several."""
        return "multi_label" if self.objective.labels == "multi" else "single_label"


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
        tuned: whether its lambda (or alpha) is chosen at all, where the study tunes; False trains the recipe as it
            stands.
        teachers: names of conditions of which one, trained with the same seed, makes this one's maps; of several the
            rule of `pipeline.teacher_choice` takes one, each seed for itself. None: it trains on the data as they are.
        teaching: how the teacher makes them.
    """

    name: str
    recipe: Recipe
    role: Literal["baseline", "control", "treated"]
    sentence: str
    group: str = ""
    tuned_as: str = ""
    tuned: bool = True
    teachers: tuple[str, ...] = ()
    teaching: Teaching = field(default_factory=Teaching)


@dataclass(frozen=True)
class Tuning:
    """How lambda is chosen for every guided condition, controls included: by validation accuracy, never on the test.

    Attributes:
        ratios: of the guidance's to the class term's gradient norm, at the last tensor that the two share.
        epochs: of the short runs that choose.
        seeds: how many short runs a ratio.
        alphas: of the class term, for recipes that blend by alpha; such a condition is tuned by alpha where any are
            given, and by ratio where none are.
    """

    ratios: tuple[float, ...] = (0.1, 0.3, 1.0)
    epochs: int = 10
    seeds: int = 1
    alphas: tuple[float, ...] = ()


@dataclass(frozen=True)
class Study:
    """Conditions times seeds. Runs of one seed share initial weights and batch order, so that they can be paired.

    Attributes:
        name: of the study.
        question: what it asks, in one sentence.
        conditions: the rows, group after group.
        tuning: how lambda is chosen; None trains every condition as it stands.
        subsets: coverage limits of the boxes; results are given for all test pictures and for each of these.
        on: benchmarks of the test; none = every one that models and data allow.
        validation: benchmarks that are also measured on the validation pictures.
        max_box_coverage: only pictures whose boxes cover at most this share of them are measured; 1 = all.
        axes: quantities along which the worth of guidance is asked.
        contrasts: settings between which it is compared.
    """

    name: str
    question: str
    conditions: tuple[Condition, ...]
    tuning: Tuning | None = None
    subsets: tuple[float, ...] = ()
    on: tuple[str, ...] = ()
    validation: tuple[str, ...] = ()
    max_box_coverage: float = 1.0
    axes: tuple[Axis, ...] = ()
    contrasts: tuple[Contrast, ...] = ()

    def __post_init__(self) -> None:
        names = [condition.name for condition in self.conditions]
        if len(set(names)) < len(names):
            raise ValueError(f"study '{self.name}' has two conditions of one name: {names}")
        levels = [level for axis in self.axes for level in axis.levels]
        levels += [level for contrast in self.contrasts for level in (contrast.here, contrast.there)]
        compared = {name for level in levels for name in (level.treated, level.control)}
        if strange := sorted(compared - set(names)):
            raise ValueError(f"study '{self.name}' compares {strange}, which are none of {names}")
        for condition in self.conditions:
            if condition.tuned_as and condition.tuned_as not in names:
                raise ValueError(
                    f"condition '{condition.name}' is tuned as '{condition.tuned_as}', which is none of {names}"
                )
            untaught = [each.name for each in self.conditions if not each.teachers]
            if strange := sorted(set(condition.teachers) - set(untaught)):
                raise ValueError(f"condition '{condition.name}' has teachers {strange}, which are none of {untaught}")


def as_values(recipe: Recipe) -> dict[str, object]:
    """The recipe as plain values, with the kind of its objective named; what `recipe.json` holds."""
    values: dict[str, object] = dataclasses.asdict(recipe)
    values["objective"] = {"kind": type(recipe.objective).__name__, **dataclasses.asdict(recipe.objective)}
    return values


def recipe_hash(recipe: Recipe) -> str:
    """Twelve hexadecimal digits that change with every value that can change a result (not with the name or the
    workers).

    Values that recipes did not have from the beginning are left out while they stand at their default (`ADDED`), so
    that runs keep their names.
    """
    return hashlib.sha256(_as_text(that_count(as_values(recipe))).encode()).hexdigest()[:12]


def that_count(values: Mapping[str, object]) -> dict[str, object]:
    """Of a recipe's plain values, as this or an earlier version wrote them, those that can change a result."""
    kept: dict[str, Any] = copy.deepcopy(
        {key: value for key, value in values.items() if key not in ("name", "workers")}
    )
    for path, default in ADDED.items():
        _leave_out(kept, path, default)
    if (kept.get("objective") or {}).get("kind") in ONCE_SINGLE:
        _leave_out(kept, ("objective", "labels"), "single")
    return kept


ADDED: dict[tuple[str, ...], object] = {
    ("saliency",): dataclasses.asdict(Saliency()),
    ("augmentation", "blur_outside"): 0.0,
    ("augmentation", "blur_sigma"): 0.05,
    ("network", "pooling"): "own",
    ("network", "output_stride"): None,
    ("labels",): "own",
    ("selection", "part"): "all",
    ("selection", "annotated_share"): None,
    ("selection", "training_share"): 1.0,
    ("training", "assess_every"): 1,
}
"""Values that came later, by their path in a recipe, with what they are where nobody turns them."""
ONCE_SINGLE = ("DenseSaliency", "AttentionPooling", "Rrr")
"""Objectives that came to take several labels later; of the others `labels` counted from the beginning."""


def _leave_out(values: dict[str, Any], path: tuple[str, ...], default: object) -> None:
    *above, name = path
    for part in above:
        values = values.get(part) or {}
    if name in values and _as_text(values[name]) == _as_text(default):
        del values[name]


def _as_text(values: object) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))
