"""How well a multi-label model ranks the photos of each class: mean average precision."""

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from sidelight.evaluate.accuracy import Scores, refuse_nan
from sidelight.records.errors import UserFault

Targets = npt.NDArray[np.bool_] | npt.NDArray[np.integer] | npt.NDArray[np.floating]


def average_precisions(scores: Scores, targets: Targets) -> npt.NDArray[np.float64]:
    """Average precision of every class: the area under its precision-recall curve, not interpolated.

    `AP_c = sum_k (R_k - R_{k-1}) P_k` over the distinct scores of the class, from high to low.

    Only the order of scores counts, so logits are taken as they are: a sigmoid would change nothing, except that in
    float32 it makes ties of all logits above about 17.

    Args:
        scores: [n, classes] logits or probabilities.
        targets: [n, classes], not 0 where the class is on the photo.

    Returns:
        [classes] in [0, 1]; NaN for a class that is on no photo.

    Raises:
        UserFault: if a score is not a number (the training diverged).
        ValueError: if the shapes differ.

    Source:
        lin2014coco for the labels; the un-interpolated area is that of scikit-learn.

    >>> average_precisions(np.array([[3.0, 0.0], [2.0, 0.0], [1.0, 0.0]]), np.array([[1, 0], [0, 0], [1, 0]]))
    array([0.83333333,        nan])
    """
    if scores.shape != targets.shape:
        raise ValueError(f"scores of shape {scores.shape} for targets of shape {targets.shape}")
    refuse_nan(scores, what="scores")
    there = targets != 0
    found = np.full(scores.shape[1], np.nan)
    for label in np.flatnonzero(there.any(axis=0)).tolist():
        found[label] = average_precision_score(there[:, label], scores[:, label].astype(np.float64))
    return found


def random_order(targets: Targets) -> npt.NDArray[np.float64]:
    """Average precision of every class that a random order of the photos has on average.

        E[AP] = (H_n + (k - 1) / (n - 1) (n - H_n)) / n,     H_n = 1 + 1/2 + ... + 1/n,

    of n photos that k show the class. On few photos it lies far above the class's share k / n, which equal scores get:
    who sorts at all, sorts some photo first.

    Args:
        targets: [n, classes], not 0 where the class is on the photo.

    Returns:
        [classes] in [0, 1]; NaN for a class that is on no photo.

    >>> random_order(np.array([[1], [0]]))
    array([0.75])
    """
    n, k = len(targets), (targets != 0).sum(axis=0)
    harmonic = (1 / np.arange(1, n + 1)).sum()
    found = (harmonic + (k - 1) / max(n - 1, 1) * (n - harmonic)) / n
    return np.where(k > 0, found, np.nan)


def average_precision(scores: Scores, targets: Targets) -> dict[str, float]:
    """The benchmark "average_precision", and two baselines that have seen no photo.

    Args:
        scores: [n, classes] logits or probabilities.
        targets: [n, classes], not 0 where the class is on the photo.

    Returns:
        `map`: mean of `average_precisions` over the classes that are on some photo, in [0, 1] (torchmetrics would count
        an absent class as 0). `absent_classes`: how many classes were left out of it. `class_frequency`: the same mean
        for scores that are equal for all photos; `random_order`: for a random order, on average.

    Raises:
        UserFault: as in `average_precisions`, and if no class is on any photo.
    """
    each = average_precisions(scores, targets)
    absent = int(np.isnan(each).sum())
    if absent == len(each):
        raise UserFault(
            "average precision",
            seen=f"none of {len(each)} classes is on any of {len(scores)} photos",
            allowed=">= 1 class that is on a photo",
            remedy="Choose a split that has labelled photos",
        )
    there = targets != 0
    return {
        "map": float(np.nanmean(each)),
        "absent_classes": float(absent),
        "class_frequency": float(there.mean(axis=0)[there.any(axis=0)].mean()),
        "random_order": float(np.nanmean(random_order(targets))),
    }
