"""Does a class's score come from the object or from its company? Scores before and after objects are removed.

A model that sees the object loses its score when the object goes, not when something beside it goes. Each picture and
class where removing the company hurts more than removing the object itself is a violation.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.accuracy import refuse_nan
from sidelight.records.errors import UserFault

Scores = npt.NDArray[np.floating]
Indices = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Removals:
    """What a model says about pictures from which one class at a time was removed.

    Attributes:
        picture: [m] which picture a row is of; a picture has a row for each of its classes that could be removed.
        removed: [m] class whose objects are gone.
        scores: [m, classes] logits of what is left.

    Raises:
        ValueError: if the columns differ in length, or a picture has two rows of one class.
    """

    picture: Indices
    removed: Indices
    scores: Scores

    def __post_init__(self) -> None:
        if not len(self.picture) == len(self.removed) == len(self.scores):
            raise ValueError(f"{len(self.picture)} pictures, {len(self.removed)} classes, {len(self.scores)} scores")
        pairs = Counter(zip(self.picture.tolist(), self.removed.tolist(), strict=True))
        if twice := [pair for pair, count in pairs.items() if count > 1]:
            raise ValueError(f"(picture, class) {twice[0]} was removed twice")


@dataclass(frozen=True)
class RemovalReading:
    """The paper's definition is one sentence, and its authors' code is not public: these are its readings."""

    measure: Literal["rate", "difference"] = "rate"
    """How often removing the company lowers a class's score below what removing the class itself leaves (rate), or by
    how much (difference), the class removed less the company removed, of probabilities."""
    average: Literal["mean_of_indicators", "indicator_of_mean", "random"] = "mean_of_indicators"
    """V^avg erases "a random class", which is the mean over the other classes (mean_of_indicators), the mean of their
    scores compared once (indicator_of_mean), or one class drawn (random)."""
    over: Literal["pairs", "classes"] = "pairs"
    """The mean over (picture, class) as pairs, or over pictures for each class and then over classes."""
    draw: int = 0
    """Seed of `average` random."""


def object_removal(found: Removals, reading: RemovalReading | None = None) -> dict[str, float]:
    r"""The benchmark "object_removal".

    With s_c(I \ k) the probability of class c after all objects of class k have been removed from picture I, for
    every class c that was removed from I and K the other classes that were,

        V_min = mean over (I, c) of [min_{k in K} s_c(I \ k) < s_c(I \ c)]
        V_avg = mean over (I, c) of mean_{k in K} [s_c(I \ k) < s_c(I \ c)]

    Pictures from which fewer than two classes could be removed are left out.

    Args:
        found: the model's scores.
        reading: of the definition.

    Returns:
        `v_min` and `v_avg` in [0, 1] (differences: in [-1, 1]); `pairs`: how many (I, c) are behind them.

    Raises:
        UserFault: if no picture has two removable classes, or a score is not a number.

    Source:
        shetty2019sidewalk, section 3, as told by han2023luab, section 5.2. The formulas are our reconstruction: rates,
        because the published V_min is above V_avg and both are positive for models that see.

    >>> scores = np.array([[0.0, 3.0], [1.0, 0.0]])  # removing class 1 hurts class 0 less than removing 0 itself
    >>> object_removal(Removals(np.array([7, 7]), np.array([0, 1]), scores))
    {'v_min': 0.0, 'v_avg': 0.0, 'pairs': 2.0}
    """
    reading = reading or RemovalReading()
    refuse_nan(found.scores, what="scores")
    # float32 would make ties of all probabilities of confident logits.
    scores = 1 / (1 + np.exp(-found.scores.astype(np.float64)))
    rng = np.random.default_rng(reading.draw)
    worst, average, of_class = [], [], []
    for rows in _by_picture(found.picture):
        for row in rows.tolist():
            c = int(found.removed[row])
            company = scores[rows[rows != row], c]
            worst.append(_violated(company.min(), scores[row, c], reading))
            average.append(_on_average(company, scores[row, c], reading, rng))
            of_class.append(c)
    if not worst:
        raise UserFault(
            "object removal",
            seen="no picture from which two classes could be removed",
            allowed=">= 1 such picture",
            remedy="Measure on pictures with masks of several classes, or raise the limit of their size",
        )
    means = (_mean(np.array(values, np.float64), np.array(of_class), reading) for values in (worst, average))
    return {"v_min": next(means), "v_avg": next(means), "pairs": float(len(worst))}


def _by_picture(picture: Indices) -> list[npt.NDArray[np.intp]]:
    """Rows of each picture that has two at least."""
    order = np.argsort(picture, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(picture[order])) + 1)
    return [rows for rows in groups if len(rows) > 1]


def _violated(company: float, own: float, reading: RemovalReading) -> float:
    return float(company < own) if reading.measure == "rate" else float(own - company)


def _on_average(
    company: npt.NDArray[np.float64], own: float, reading: RemovalReading, rng: np.random.Generator
) -> float:
    if reading.average == "indicator_of_mean":
        return _violated(float(company.mean()), own, reading)
    chosen = rng.choice(company, 1) if reading.average == "random" else company
    return float(np.mean([_violated(each, own, reading) for each in chosen.tolist()]))


def _mean(values: npt.NDArray[np.float64], classes: Indices, reading: RemovalReading) -> float:
    if reading.over == "pairs":
        return float(values.mean())
    return float(np.mean([values[classes == c].mean() for c in np.unique(classes)]))
