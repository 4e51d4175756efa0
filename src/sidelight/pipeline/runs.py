"""Which trainings a study consists of, in which order, and with which knobs."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sidelight.pipeline.measured import Measured
from sidelight.recipes.recipe import Condition, Recipe, Study, Tuning, recipe_hash
from sidelight.recipes.teaching import Teaching
from sidelight.train.objective.cyborg import Cyborg
from sidelight.train.term import GuidedObjective

FAST = Teaching()


@dataclass(frozen=True)
class Run:
    """One training of a study.

    Attributes:
        condition: name of the condition.
        purpose: "tune" (its validation accuracy helps to choose lambda; never measured on the test) or "study".
        recipe: what is trained.
        seed: of the run.
        teachers: runs of the same seed, of which one makes this run's maps; none trains on the data as they are.
        teaching: how it makes them.
    """

    condition: str
    purpose: str
    recipe: Recipe
    seed: int
    teachers: tuple["Run", ...] = ()
    teaching: Teaching = FAST

    @property
    def folder(self) -> str:
        """Name of the run's folder: two runs share it exactly when they would give the same weights."""
        name = recipe_hash(self.recipe)
        if self.teachers:
            whence = [name, [teacher.folder for teacher in self.teachers], asdict(self.teaching)]
            name = hashlib.sha256(json.dumps(whence, sort_keys=True).encode()).hexdigest()[:12]
        return f"{name}-seed{self.seed}"


def study_runs(study: Study, chosen: Mapping[str, float], *, seeds: int) -> list[Run]:
    """The runs whose results are reported: group after group, in each seed after seed.

    Args:
        study: what is asked.
        chosen: condition -> the knob that its tuning chose.
        seeds: 0 to seeds - 1.
    """
    groups = list(dict.fromkeys(condition.group for condition in study.conditions))
    return [
        study_run(study, condition, chosen, seed=seed)
        for group in groups
        for seed in range(seeds)
        for condition in study.conditions
        if condition.group == group
    ]


def study_run(study: Study, condition: Condition, chosen: Mapping[str, float], *, seed: int) -> Run:
    """One condition's run of one seed, with the runs of its teachers."""
    recipe = with_knob(condition.recipe, chosen.get(condition.tuned_as or condition.name), study.tuning)
    return Run(
        condition.name, "study", recipe, seed, teachers=_teachers(study, condition, chosen, seed), **_how(condition)
    )


def tuning_runs(condition: Condition, study: Study, chosen: Mapping[str, float] | None = None) -> list[Run]:
    """The short runs that choose lambda (or alpha) for a condition; none for a plain one.

    Args:
        condition: to choose for.
        study: that it belongs to.
        chosen: what was chosen for its teachers, which are trained in full.
    """
    if study.tuning is None or condition.tuned_as or not condition.tuned or not has_lambda(condition.recipe):
        return []
    short = replace(condition.recipe, training=replace(condition.recipe.training, epochs=study.tuning.epochs))
    return [
        Run(
            condition.name,
            "tune",
            with_knob(short, value, study.tuning),
            seed,
            teachers=_teachers(study, condition, chosen or {}, seed),
            **_how(condition),
        )
        for value in _values(condition.recipe, study.tuning)
        for seed in range(study.tuning.seeds)
    ]


def with_teachers(runs: Sequence[Run]) -> Iterator[Run]:
    """The runs in their order, each after those of its teachers; none twice."""
    seen: set[tuple[str, str, str]] = set()
    for run in runs:
        for each in (*run.teachers, run):
            key = (each.purpose, each.condition, each.folder)
            if key not in seen:
                seen.add(key)
                yield each


def with_knob(recipe: Recipe, value: float | None, tuning: Tuning | None) -> Recipe:
    """The recipe with its alpha, or its lambda by a gradient ratio, as chosen; as it is where there is none to set."""
    if value is None or tuning is None or not has_lambda(recipe):
        return recipe
    knob = "alpha" if by_alpha(recipe, tuning) else "ratio"
    guided: Any = recipe.objective
    return replace(recipe, objective=replace(guided, **{knob: value}))


def by_alpha(recipe: Recipe, tuning: Tuning) -> bool:
    """Whether the recipe blends class and guidance by alpha, and the study chooses that."""
    return bool(tuning.alphas) and isinstance(recipe.objective, Cyborg) and recipe.objective.ratio is None


def has_lambda(recipe: Recipe) -> bool:
    """Whether there is guidance that is trained on."""
    return isinstance(recipe.objective, GuidedObjective) and not recipe.objective.log_only


def chosen_knobs(measured: Sequence[Measured]) -> dict[str, float]:
    """For every tuned condition the ratio or alpha of the highest mean validation accuracy; of equals, the smallest."""
    accuracy: dict[tuple[str, float], list[float]] = {}
    for run in measured:
        value = run.ratio if run.ratio is not None else run.alpha
        if run.purpose == "tune" and value is not None:
            accuracy.setdefault((run.condition, value), []).append(run.validation)
    chosen: dict[str, tuple[float, float]] = {}
    for (condition, value), values in sorted(accuracy.items()):
        mean = sum(values) / len(values)
        if condition not in chosen or mean > chosen[condition][1]:
            chosen[condition] = (value, mean)
    return {condition: value for condition, (value, _) in chosen.items()}


def _values(recipe: Recipe, tuning: Tuning) -> tuple[float, ...]:
    return tuning.alphas if by_alpha(recipe, tuning) else tuning.ratios


def _teachers(study: Study, condition: Condition, chosen: Mapping[str, float], seed: int) -> tuple[Run, ...]:
    named = {each.name: each for each in study.conditions}
    return tuple(study_run(study, named[name], chosen, seed=seed) for name in condition.teachers)


def _how(condition: Condition) -> dict[str, Teaching]:
    return {"teaching": condition.teaching} if condition.teachers else {}
