"""How much of a model's map lies in people's boxes, cell by cell: nothing is enlarged, and no threshold is tuned."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.alignment import energy_inside
from sidelight.evaluate.point_head import Boxes
from sidelight.signal.heat_map import by_area

Maps = npt.NDArray[np.floating]
FINE = 8
"""Boxes are drawn on a grid this many times finer than the map, and brought to its cells by area."""


def box_overlap(maps: Maps, boxes: Sequence[Boxes]) -> dict[str, float]:
    """Two numbers of the benchmark "localisation".

    With c_i the share of cell i that the boxes cover, together:

    - `energy = mean over photos of sum_i c_i relu(M_i) / sum_i relu(M_i)`, the energy-based pointing game;
    - `iou = mean over photos of sum_i min(r_i, c_i) / sum_i max(r_i, c_i)`, r_i = 1 where M_i is positive and at
      least half of the highest M.

    Args:
        maps: [n, h, w], one a photo, for the class whose boxes are given.
        boxes: n arrays [Q, 4] (x0, y0, x1, y1) in [0, 1], Q >= 1.

    Returns:
        Both in [0, 1]. A map without a positive part counts as 0.

    Raises:
        UserFault: if a map holds something that is not a number.
        ValueError: if there is no photo, or the numbers of maps and of boxes differ.

    Source:
        wang2020scorecam, section 4.3 (energy); rao2023guidance (both numbers; their threshold is fixed likewise, the
        half is our choice).

    >>> box_overlap(np.array([[[3.0, 1.0], [0.0, -1.0]]]), [np.array([[0.0, 0.0, 0.5, 1.0]])])
    {'energy': 0.75, 'iou': 0.5}
    """
    covers = [_cover(found, (FINE * maps.shape[1], FINE * maps.shape[2])) for found in boxes]
    energy = energy_inside(maps, covers)
    overlaps = [
        _overlap(found, by_area(cover, (maps.shape[1], maps.shape[2])))
        for found, cover in zip(maps, covers, strict=True)
    ]
    return {"energy": energy, "iou": float(np.mean(overlaps))}


def _overlap(found: npt.NDArray[np.floating], cover: npt.NDArray[np.floating]) -> float:
    region = ((found > 0) & (found >= found.max() / 2)).astype(np.float64)
    return float(np.minimum(region, cover).sum() / max(np.maximum(region, cover).sum(), 1e-12))


def _cover(boxes: Boxes, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Share of each cell that the boxes cover: where several meet, the largest of their shares."""
    cover = np.zeros(shape)
    for x0, y0, x1, y1 in np.reshape(boxes, (-1, 4)):
        rows, columns = _covered(y0, y1, shape[0]), _covered(x0, x1, shape[1])
        cover = np.maximum(cover, rows[:, None] * columns)
    return cover


def _covered(low: float, high: float, cells: int) -> npt.NDArray[np.float64]:
    """Share of each of `cells` equal parts of [0, 1] that lies in [low, high]."""
    edges = np.arange(cells + 1) / cells
    return np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, None) * cells
