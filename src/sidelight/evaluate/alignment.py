"""Whether a model looks where people looked: its maps against theirs, and against the object's exact mask."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.accuracy import refuse_nan
from sidelight.signal.heat_map import by_area

Maps = npt.NDArray[np.floating]


def correlation(model: Maps, human: Sequence[Maps]) -> float:
    """Mean Pearson correlation over places between a model's map and people's, picture by picture.

    Args:
        model: [n, h, w], of any scale.
        human: n maps of any size; brought to h x w by area.

    Returns:
        In [-1, 1]. A constant map of the model counts as 0.

    Raises:
        UserFault: if a map of the model is not a number.
        ValueError: if there is no picture, or the numbers of maps differ.

    Source:
        bylinskii2019metrics, CC.

    >>> round(correlation(np.array([[[0.0, 1.0], [2.0, 3.0]]]), [np.array([[0.0, 2.0], [4.0, 6.0]])]), 6)
    1.0
    """
    there = _at_size(model, human)
    a, b = (maps.reshape(len(maps), -1) - maps.mean(axis=(1, 2))[:, None] for maps in (model, there))
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    found = np.divide((a * b).sum(axis=1), norms, out=np.zeros(len(a)), where=norms > 1e-12)
    return float(found.mean())


def energy_inside(model: Maps, masks: Sequence[Maps]) -> float:
    """The energy-based pointing game: share of a map's positive part that lies on the object, mean over pictures.

    `sum_i m_i relu(M_i) / sum_i relu(M_i)`, m_i the share of cell i that the object covers.

    Args:
        model: [n, h, w].
        masks: n masks of any size, 1 on the object; brought to h x w by area.

    Returns:
        In [0, 1]. A map without a positive part counts as 0.

    Raises:
        UserFault: if a map of the model is not a number.
        ValueError: if there is no picture, or the numbers of maps differ.

    Source:
        wang2020scorecam, section 4.3.

    >>> energy_inside(np.array([[[3.0, -1.0], [1.0, 0.0]]]), [np.array([[1.0, 1.0], [0.0, 0.0]])])
    0.75
    """
    on_object = _at_size(model, masks)
    energy = np.maximum(model, 0)
    total = energy.sum(axis=(1, 2))
    inside = (energy * on_object).sum(axis=(1, 2))
    return float(np.divide(inside, total, out=np.zeros(len(total)), where=total > 0).mean())


def _at_size(model: Maps, others: Sequence[Maps]) -> npt.NDArray[np.float64]:
    if not len(model) or len(model) != len(others):
        raise ValueError(
            f"{len(model)} maps of the model for {len(others)} others; as many are expected, and one at least"
        )
    refuse_nan(model, what="maps")
    return np.stack([by_area(other, (model.shape[1], model.shape[2])) for other in others])
