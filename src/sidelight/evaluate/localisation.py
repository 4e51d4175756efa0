"""Does the model look at the object? Its maps against people's boxes, beside what knowing nothing would score.

Objects sit in the middle of photos, so a map is worth what it adds to a point, a box and a Gaussian in the centre; all
three are measured on the same photos and reported in the same row.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from sidelight.evaluate.accuracy import refuse_nan
from sidelight.evaluate.contour_boxes import Boxes, BoxLaw, LevelBoxes, box_iou, enlarged, grid_boxes, level_boxes
from sidelight.evaluate.point_head import points_in_boxes
from sidelight.records.errors import UserFault

Maps = npt.NDArray[np.floating]
Shares = npt.NDArray[np.float64]

GRID = 224
CENTRE_SIDE = float(np.sqrt(0.5))
"""Side of the centre box: it covers half of the photo. Chosen beforehand; the Gaussian is the tuned one."""
CLASSIC_THRESHOLD = 0.2
"""Of zhou2016cam: the box around the largest contour above a fifth of the map's highest value."""


def pointing_game(maps: Maps, boxes: Sequence[Boxes], *, grid: int = GRID) -> float:
    """Share of photos whose map is highest inside a box.

    The map is enlarged to grid x grid (bicubic); the centre of its first highest pixel, row by row, is the point. A
    constant map points nowhere: a miss.

    Args:
        maps: [n, h, w], one a photo, for the class whose boxes are given. Classes of a multi-label photo are given as
            so many photos.
        boxes: n arrays [Q, 4] (x0, y0, x1, y1) in [0, 1]; photos with Q = 0 are left out.
        grid: side of the evaluation grid in pixels.

    Returns:
        In [0, 1].

    Raises:
        UserFault: if no photo has a box, or a map holds something that is not a number.

    Source:
        zhang2018pointing, section 4.1; without their tolerance of 15 pixels around the object.

    >>> pointing_game(np.array([[[0.0, 0.0], [0.0, 1.0]]]), [np.array([[0.5, 0.5, 1.0, 1.0]])])
    1.0
    """
    maps, boxes = _with_boxes(maps, boxes)
    points = np.full((len(maps), 2), np.nan)
    for row, found in enumerate(maps):
        large = enlarged(found, grid)
        if large.any():
            y, x = divmod(int(large.argmax()), grid)
            points[row] = (x + 0.5) / grid, (y + 0.5) / grid
    return float(points_in_boxes(points, boxes).mean())


def box_accuracies(
    drawn: Iterable[LevelBoxes], boxes: Sequence[Boxes], law: BoxLaw, *, named: npt.NDArray[np.bool_] | None = None
) -> dict[str, float]:
    """How often the box that a thresholded map makes is a right one, at thresholds that all photos share.

        BoxAcc(tau, delta) = mean_n [max_q IoU(box of {map_n > tau}, truth_nq) >= delta]

    A threshold chosen photo by photo would be an oracle that has seen the box.

    Args:
        drawn: n, of the map of each photo.
        boxes: n arrays [Q, 4] in [0, 1], Q >= 1.
        law: that the boxes were drawn by.
        named: [n] whether the model names the photo's class.

    Returns:
        All in [0, 1].

        - `max_box_accuracy`: `max_tau BoxAcc(tau, .5)` of the box around the largest contour.
        - `max_box_accuracy_v2`: mean over delta in {.3, .5, .7} of `max_tau BoxAcc(tau, delta)`, each delta with its
          own threshold, where the best of all contours counts.
        - `top1_localisation`: as `max_box_accuracy`, but only photos count as right whose class is named too.
        - `top1_localisation_fixed`: the same at the threshold `CLASSIC_THRESHOLD`.

        The last two only with `named`.

    Source:
        choe2020wsol, section 4.1, and the evaluator that its authors published; Top-1 localisation is older, and not
        in that evaluator.
    """
    steps = len(law.thresholds)
    one, best = np.zeros(steps, np.int64), np.zeros((3, steps), np.int64)
    both, fixed = np.zeros(steps, np.int64), 0
    known = np.ones(len(boxes), bool) if named is None else named
    for each, truth, right in zip(drawn, boxes, known.tolist(), strict=True):
        corners = grid_boxes(truth, grid=law.grid)
        largest, any_contour = each.overlaps(corners, law)
        one += largest >= 0.5
        both += right & (largest >= 0.5)
        best += any_contour >= np.array([[0.3], [0.5], [0.7]])
        classic = each.largest[int(CLASSIC_THRESHOLD * each.highest)][None]
        fixed += right and bool(box_iou(classic, corners).max() >= 0.5)
    n = len(boxes)
    found = {
        "max_box_accuracy": float(one.max() / n),
        "max_box_accuracy_v2": float(best.max(axis=1).mean() / n),
    }
    if named is not None:
        found |= {"top1_localisation": float(both.max() / n), "top1_localisation_fixed": fixed / n}
    return found


def centre_gaussian(grid: int = GRID) -> Shares:
    """A map that knows only that objects are in the middle: an isotropic Gaussian, sigma = a quarter of the side.

    Its level sets are discs around the centre, so the shared threshold picks the best centred square; sigma only
    decides which sides the thresholds reach (here about .07 to 1).

    Source:
        choe2020wsol (the centre-Gaussian baseline); sigma is our choice.
    """
    axis = ((np.arange(grid) + 0.5) / grid - 0.5) / 0.25
    return np.exp(-0.5 * (axis[:, None] ** 2 + axis[None, :] ** 2))


def localisation(
    maps: Maps, boxes: Sequence[Boxes], *, law: BoxLaw | None = None, named: npt.NDArray[np.bool_] | None = None
) -> dict[str, float]:
    """The benchmark "localisation": the model's maps, and three baselines that have seen no photo.

    Args:
        maps: [n, h, w], one a photo, for the class whose boxes are given. Classes of a multi-label photo are given as
            so many photos.
        boxes: n arrays [Q, 4] in [0, 1]; photos with Q = 0 are left out.
        law: how maps become boxes.
        named: [n] whether the model names the photo's class; None where that has no meaning.

    Returns:
        `pointing` beside `centre_point` (the photo's centre lies in a box); the numbers of `box_accuracies`
        beside `centre_gaussian` and `centre_gaussian_v2` (thresholds tuned on the same photos, as for the model) and
        `centre_box` (fixed: half the photo). All in [0, 1].

    Raises:
        UserFault: as in `pointing_game`.
    """
    law = law or BoxLaw()
    has_box = np.array([len(found) > 0 for found in boxes], bool)
    maps, boxes = _with_boxes(maps, boxes)
    gaussian = level_boxes(centre_gaussian(law.grid), law)
    of_gaussian = box_accuracies((gaussian for _ in boxes), boxes, law)
    box = grid_boxes(np.array([[0.5, 0.5, 0.5, 0.5]]) + np.array([-1, -1, 1, 1]) * CENTRE_SIDE / 2, grid=law.grid)
    overlap = [box_iou(box, grid_boxes(truth, grid=law.grid)).max() for truth in boxes]
    return {
        "pointing": pointing_game(maps, boxes, grid=law.grid),
        **box_accuracies(
            (level_boxes(found, law) for found in maps), boxes, law, named=None if named is None else named[has_box]
        ),
        "centre_point": float(points_in_boxes(np.full((len(boxes), 2), 0.5), boxes).mean()),
        "centre_gaussian": of_gaussian["max_box_accuracy"],
        "centre_gaussian_v2": of_gaussian["max_box_accuracy_v2"],
        "centre_box": float(np.mean(np.array(overlap) >= 0.5)),
    }


def _with_boxes(maps: Maps, boxes: Sequence[Boxes]) -> tuple[Maps, list[Boxes]]:
    if len(maps) != len(boxes):
        raise ValueError(f"{len(maps)} maps but boxes of {len(boxes)} photos")
    rows = [row for row, found in enumerate(boxes) if len(found)]
    if not rows:
        raise UserFault(
            "localisation",
            seen="no photo has a box",
            allowed=">= 1 photo with one",
            remedy="Measure on photos with boxes",
        )
    refuse_nan(maps, what="map")
    return maps[rows], [boxes[row] for row in rows]
