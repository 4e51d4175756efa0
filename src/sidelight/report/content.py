"""What a report is made of; the pipeline fills it, the other modules here draw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.records.annotation import Point
from sidelight.records.example import Box
from sidelight.records.result import Result

Role = Literal["baseline", "control", "treated"]
"""`baseline` has no guidance; `control` has one that tells nothing about the picture; `treated` is what is studied."""

Measured = tuple[str, int, Result]
"""Condition, seed, and one number that came out."""


@dataclass(frozen=True)
class Condition:
    """One way of training.

    Attributes:
        name: as on the command line and in the rows of every table.
        sentence: what it does, in words for a reader who has not seen the code.
        role: what it is for.
        group: conditions of one group stand in one table and are compared with each other; "" for the main question.
        points_in_box: which pictures ("all", "box<=0.5") -> share of this condition's points Z inside the object's box.
        gradient_ratio: the ratio of guidance to class gradient that was asked for; None without guidance.
        lambda_: weight of the guidance that gave this ratio, mean over seeds; None without guidance.
    """

    name: str
    sentence: str
    role: Role = "treated"
    group: str = ""
    points_in_box: Mapping[str, float] = field(default_factory=dict)
    gradient_ratio: float | None = None
    lambda_: float | None = None


@dataclass(frozen=True)
class Level:
    """What guidance is worth at one value of a quantity.

    Attributes:
        at: the value, in words for a reader ("433 photos").
        treated: name of the guided condition.
        control: name of the one that it is compared with; may belong to another group.
    """

    at: str
    treated: str
    control: str


@dataclass(frozen=True)
class Axis:
    """Levels of one quantity, all else equal.

    Attributes:
        name: of the quantity.
        levels: in order.
    """

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Contrast:
    """A difference of differences: what guidance is worth here, minus what it is worth there.

    Attributes:
        sentence: what is asked, written before there is an answer.
        here: the two conditions of one setting.
        there: those of the other.
    """

    sentence: str
    here: Level
    there: Level


@dataclass(frozen=True)
class Curve:
    """How the numbers of one run went, epoch by epoch.

    Attributes:
        condition: name of the run's condition.
        seed: of the run.
        values: metric -> one number an epoch, from the first epoch on.
    """

    condition: str
    seed: int
    values: Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class CurvePanel:
    """One panel of the figure of training curves.

    Attributes:
        metric: key in `Curve.values`.
        label: of the vertical axis.
        share: whether the numbers are shares, drawn in percent.
    """

    metric: str
    label: str
    share: bool = False


@dataclass(frozen=True)
class GalleryItem:
    """One photo with what people did on it and where models looked.

    Attributes:
        image: [H, W, 3] uint8, upright, as a person saw it.
        label: name of the true class.
        boxes: of the objects.
        clicks: where people (or the simulated annotator) clicked.
        predictions: condition -> (name of the class it chose, its probability in [0, 1]).
        cams: condition -> [h, w] float map for the class it chose, of any scale and size; drawn in this order.
        predicted_points: condition -> where its point head thinks people clicked.
    """

    image: npt.NDArray[np.uint8]
    label: str
    boxes: tuple[Box, ...] = ()
    clicks: tuple[Point, ...] = ()
    predictions: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    cams: Mapping[str, npt.NDArray[np.floating]] = field(default_factory=dict)
    predicted_points: Mapping[str, Point] = field(default_factory=dict)


@dataclass(frozen=True)
class Content:
    """Everything that one report tells.

    Attributes:
        title: of the page.
        conditions: in the order of the tables' rows; one for a single run.
        results: every number of every run.
        dataset: its name.
        fingerprint: of the data's content.
        simulated: what is simulated, and what that means for the numbers; "" when people did everything.
        labels: "benchmark/metric" -> heading of its column; the metric's name where absent.
        plain_numbers: "benchmark/metric" of what is no share: printed as it is, and never called null.
        headline: "benchmark/metric" of what the summary speaks about; all columns when empty.
        curves: of every run.
        curve_panels: which of the curves' metrics are drawn.
        gallery: photos, in the order shown.
        recipe: all values of the recipe, as they would be written to JSON.
        parameters: what else was chosen ("trainable weights": "2.8 M").
        environment: library or machine -> version or name.
        version: of sidelight.
        commit: of the source tree; "" when unknown.
        commands: that made the report, in order.
        seconds: of computing behind it; None when unknown.
        made_at: date and time, in words; "" to leave it out.
        notes: caveats, choices, what was not run; a sentence each.
    """

    title: str
    conditions: tuple[Condition, ...]
    results: Sequence[Measured]
    dataset: str = ""
    fingerprint: str = ""
    simulated: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    plain_numbers: frozenset[str] = frozenset()
    headline: tuple[str, ...] = ()
    curves: Sequence[Curve] = ()
    curve_panels: tuple[CurvePanel, ...] = ()
    gallery: Sequence[GalleryItem] = ()
    recipe: Mapping[str, object] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    commit: str = ""
    commands: tuple[str, ...] = ()
    seconds: float | None = None
    made_at: str = ""
    notes: tuple[str, ...] = ()
