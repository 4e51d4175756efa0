"""Reliance on a shortcut that was planted on purpose: the background told the class in training, and no longer does."""

from collections.abc import Mapping

from sidelight.evaluate.accuracy import Labels, Scores, top1

SHARES_OWN = {"conflicting": 0.0, "uniform": None, "agreeing": 1.0}
"""Kind of test -> how often a photo's background is one of its own class's donors; None = one in as many as classes."""


def planted_reliance(scores: Mapping[str, Scores], labels: Labels) -> dict[str, float]:
    """The benchmark "planted": top-1 under each kind of background, and what the shortcut is worth.

    Args:
        scores: {kind of `SHARES_OWN`: [m, classes]}, the same photos in every kind.
        labels: [m] classes of the objects.

    Returns:
        Top-1 of each kind in [0, 1], and `gap = agreeing - conflicting` in [-1, 1]: 0 for a model that does not look
        at the background.

    Raises:
        ValueError: if a kind is missing.

    >>> import numpy as np
    >>> right, wrong = np.eye(2), np.eye(2)[::-1]
    >>> planted_reliance({"conflicting": wrong, "uniform": right, "agreeing": right}, np.arange(2))["gap"]
    1.0
    """
    if missing := [kind for kind in SHARES_OWN if kind not in scores]:
        raise ValueError(f"no scores for {missing}; there are {sorted(scores)}")
    found = {kind: top1(scores[kind], labels) for kind in SHARES_OWN}
    return found | {"gap": found["agreeing"] - found["conflicting"]}
