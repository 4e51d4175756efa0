"""How well one number tells attacks from genuine pictures: the area under the ROC, and errors at fixed thresholds."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.accuracy import Labels, Scores, refuse_nan
from sidelight.records.errors import UserFault

Numbers = npt.NDArray[np.float64]
ScoreKind = Literal["difference", "sigmoid_z1"]

BPCERS = (0.01, 0.05, 0.10)
"""Shares of genuine pictures that may be called attacks, at which the error on attacks is given."""


def attack_scores(logits: Scores, kind: ScoreKind = "difference") -> Numbers:
    """One number a picture, higher for class 1 (the attack: synthetic, spoof).

    Args:
        logits: [n, 2].
        kind: `difference` is `z1 - z0` in float64, which ranks as the softmax does, without its ties. `sigmoid_z1` is
            what CYBORG's test script writes: it ignores z0, and float32 makes ties of all logits above about 17.

    Returns:
        [n] float64.

    Raises:
        UserFault: if a logit is not a number.
        ValueError: if there are not two classes.

    >>> attack_scores(np.array([[1.0, 3.0], [2.0, 0.0]])).tolist()
    [2.0, -2.0]
    """
    if logits.ndim != 2 or logits.shape[1] != 2:
        raise ValueError(f"logits of shape {logits.shape}; two classes are expected")
    refuse_nan(logits, what="logits")
    if kind == "difference":
        wide = logits.astype(np.float64)
        return wide[:, 1] - wide[:, 0]
    z1 = logits[:, 1].astype(np.float32)
    with np.errstate(over="ignore"):
        return (1 / (1 + np.exp(-z1))).astype(np.float64)


def auc(scores: Numbers, labels: Labels) -> float:
    """Chance that an attack scores higher than a genuine picture, a tie counting half: the area under the ROC.

    `AUC = (R - m (m + 1) / 2) / (m k)`, R the sum of the attacks' ranks (mean ranks where equal), m attacks, k genuine.

    Args:
        scores: [n] higher for attacks.
        labels: [n] 1 attack, 0 genuine.

    Returns:
        In [0, 1]; .5 says nothing.

    Raises:
        UserFault: if one of the classes is missing.

    Source:
        fawcett2006roc.

    >>> auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    0.75
    """
    attacks, genuine = _split(scores, labels)
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    total = ranks[place[labels == 1]].sum()
    return float((total - len(attacks) * (len(attacks) + 1) / 2) / (len(attacks) * len(genuine)))


def apcer_at_bpcer(scores: Numbers, labels: Labels, *, bpcer: float) -> float:
    """Share of attacks that pass, when at most a share `bpcer` of genuine pictures is called an attack.

    The threshold is the lowest genuine score that leaves at most `bpcer` of the genuine scores above it (no
    interpolation between scores); an attack passes if it is not above it.

    Args:
        scores: [n] higher for attacks.
        labels: [n] 1 attack, 0 genuine.
        bpcer: in [0, 1).

    Returns:
        In [0, 1]; low is good.

    Raises:
        UserFault: if one of the classes is missing.

    Source:
        iso2023pad, whose APCER is of one kind of attack; of several kinds pooled it is their mean error.

    >>> apcer_at_bpcer(np.array([0.0, 1.0, 2.0, 3.0, 2.5, 9.0]), np.array([0, 0, 0, 0, 1, 1]), bpcer=0.25)
    0.0
    """
    attacks, genuine = _split(scores, labels)
    allowed = int(np.floor(bpcer * len(genuine) + 1e-9))
    threshold = np.sort(genuine)[len(genuine) - 1 - allowed]
    return float(np.mean(attacks <= threshold))


def two_class(logits: Scores, labels: Labels, *, kind: ScoreKind = "difference") -> dict[str, float]:
    """The benchmark "two_class": `auc`, and `apcer_at_1`, `_5`, `_10` (percent of genuine pictures).

    Args:
        logits: [n, 2].
        labels: [n] 1 attack, 0 genuine.
        kind: see `attack_scores`.
    """
    scores = attack_scores(logits, kind)
    found = {"auc": auc(scores, labels)}
    return found | {f"apcer_at_{100 * b:g}": apcer_at_bpcer(scores, labels, bpcer=b) for b in BPCERS}


def _split(scores: Numbers, labels: Labels) -> tuple[Numbers, Numbers]:
    attacks, genuine = scores[labels == 1], scores[labels == 0]
    if not len(attacks) or not len(genuine):
        raise UserFault(
            "two classes",
            seen=f"{len(attacks)} attacks and {len(genuine)} genuine pictures",
            allowed="at least one of each",
            remedy="Choose a split that has both",
        )
    return attacks, genuine
