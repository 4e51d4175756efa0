"""How often the model names the class: top-1, top-k, and the mean over classes."""

import numpy as np
import numpy.typing as npt

from sidelight.records.errors import UserFault

Scores = npt.NDArray[np.floating]
Labels = npt.NDArray[np.integer]


def top1(scores: Scores, labels: Labels) -> float:
    """Share of photos whose highest score is that of their class.

    Of equal highest scores the first class counts as the model's answer, as with `argmax`.

    Args:
        scores: [n, classes], any monotone scale: logits or probabilities.
        labels: [n] integers in [0, classes).

    Returns:
        In [0, 1].

    Raises:
        UserFault: if there is no photo, or a score is not a number (the training diverged).

    >>> top1(np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]]), np.array([0, 1, 1]))
    0.6666666666666666
    """
    return top_k(scores, labels, k=1)


def top_k(scores: Scores, labels: Labels, *, k: int) -> float:
    """Share of photos whose class is among the `k` highest scores; of equal scores the lower class index goes first.

    Args:
        scores: [n, classes].
        labels: [n] integers in [0, classes).
        k: how many answers the model may give, >= 1.

    Returns:
        In [0, 1]; 1 when `k >= classes`.

    Raises:
        UserFault: as in `top1`.
    """
    return float(np.mean(ranks(scores, labels) < k))


def macro_accuracy(scores: Scores, labels: Labels) -> float:
    """Top-1 of every class on its own, then the mean over the classes that occur: rare classes weigh as much as common.

    Args:
        scores: [n, classes].
        labels: [n] integers in [0, classes).

    Returns:
        In [0, 1].

    Raises:
        UserFault: as in `top1`.

    >>> macro_accuracy(np.array([[2.0, 1.0], [2.0, 0.0], [3.0, 0.0], [1.0, 0.0]]), np.array([0, 0, 0, 1]))
    0.5
    """
    return float(np.nanmean(per_class_accuracy(scores, labels)))


def per_class_accuracy(scores: Scores, labels: Labels) -> npt.NDArray[np.float64]:
    """Top-1 of every class on its own.

    Args:
        scores: [n, classes].
        labels: [n] integers in [0, classes).

    Returns:
        [classes] in [0, 1]; NaN for a class without a photo.

    Raises:
        UserFault: as in `top1`.
    """
    classes = scores.shape[1]
    right = ranks(scores, labels) == 0
    counts = np.bincount(labels, minlength=classes)
    hits = np.bincount(labels, weights=right, minlength=classes)
    return np.divide(hits, counts, out=np.full(classes, np.nan), where=counts > 0)


def ranks(scores: Scores, labels: Labels) -> npt.NDArray[np.int64]:
    """Where each photo's own class stands among its scores: 0 is the highest.

    Args:
        scores: [n, classes].
        labels: [n] integers in [0, classes).

    Returns:
        [n] in [0, classes).

    Raises:
        UserFault: as in `top1`.
        ValueError: if a label has no column of scores.
    """
    _check(scores, labels)
    own = np.take_along_axis(scores, labels[:, None], axis=1)
    earlier = np.arange(scores.shape[1]) < labels[:, None]
    return ((scores > own) | ((scores == own) & earlier)).sum(axis=1)


def accuracy(scores: Scores, labels: Labels) -> dict[str, float]:
    """The benchmark "accuracy": `top1`, `macro`, and with more than five classes `top5`."""
    found = {"top1": top1(scores, labels), "macro": macro_accuracy(scores, labels)}
    return found if scores.shape[1] <= 5 else found | {"top5": top_k(scores, labels, k=5)}


def _check(scores: Scores, labels: Labels) -> None:
    if scores.ndim != 2 or scores.shape[0] != len(labels):
        raise ValueError(f"scores of shape {scores.shape} for {len(labels)} labels")
    if not len(labels):
        raise UserFault("accuracy", seen="no photo", allowed=">= 1 photo", remedy="Choose a split that has photos")
    if labels.min() < 0 or labels.max() >= scores.shape[1]:
        raise ValueError(f"labels in [{labels.min()}, {labels.max()}] for {scores.shape[1]} classes")
    refuse_nan(scores, what="scores")


def refuse_nan(values: npt.NDArray[np.floating], *, what: str) -> None:
    """Refuse a model's output that holds anything but numbers.

    Args:
        values: [n, ...], a row a photo.
        what: the rows are, for the message.

    Raises:
        UserFault: naming the first such photo.
    """
    bad = np.flatnonzero(np.isnan(values).reshape(len(values), -1).any(axis=1))
    if len(bad):
        raise UserFault(
            f"{what} of photo {bad[0]}",
            seen=f"not a number (as in {len(bad)} of {len(values)} photos)",
            allowed="numbers",
            remedy="The training diverged: lower its learning rate or the weight of its guidance",
        )
