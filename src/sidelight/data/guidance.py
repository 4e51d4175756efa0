"""Which point Z a run is told about each picture: people's clicks, or a control in their place."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sidelight.data.format.points import PointTable
from sidelight.records.annotation import PointPolicy
from sidelight.records.errors import UserFault
from sidelight.records.example import Example

GuidanceKind = Literal["none", "clicks", "uniform", "shuffled", "centre", "box_centre"]


@dataclass(frozen=True)
class Guidance:
    """Where the points come from. Every control is present exactly where clicks are, so that it costs and weighs the
    same.
    """

    kind: GuidanceKind = "none"
    """none; clicks (people's, or the simulated annotator's); uniform: a random point drawn once a picture;
    shuffled: the clicks of other pictures; centre: always (.5, .5); box_centre: the middle of the largest box."""
    within: PointPolicy | None = None
    """Which click stands for a record that has several; None takes the data's default (final, or final_position)."""
    across: Literal["mean", "first"] = "mean"
    """What several annotators of one picture give: the mean of their points, or the first."""


def example_seed(example_id: str) -> int:
    """A number that belongs to an example, whatever its place in the data: CRC-32 of its id.

    >>> example_seed("cat_1") == example_seed("cat_1")
    True
    """
    return zlib.crc32(example_id.encode())


def choose_points(clicks: PointTable, examples: Sequence[Example], kind: GuidanceKind, *, seed: int) -> PointTable:
    """Replace the clicks by what `kind` asks for.

    Args:
        clicks: of `examples`, in their order; xy [N, K, 2], has [N, K].
        examples: the pictures.
        kind: see `Guidance.kind`.
        seed: of the run. A uniform point depends on (seed, picture) alone; it is drawn once, not once an epoch.

    Returns:
        Points of the same shape. For every control `has` equals that of the clicks; `box_centre` loses pictures
        without a box; `none` has no point at all.

    Raises:
        UserFault: if points are asked for and no picture has a click.
    """
    if kind == "none":
        return PointTable(xy=clicks.xy, has=np.zeros_like(clicks.has))
    if not clicks.has.any():
        raise UserFault(
            f"guidance '{kind}'",
            seen=f"none of the {len(examples)} pictures has a click",
            allowed="data with clicks on the pictures of the split",
            remedy="Collect clicks, or add simulated ones with 'sidelight data simulate'",
        )
    if kind == "clicks":
        return clicks
    if kind == "box_centre":
        return _box_centres(clicks, examples)
    return PointTable(xy=_control(clicks, examples, kind, seed), has=clicks.has)


def _control(clicks: PointTable, examples: Sequence[Example], kind: GuidanceKind, seed: int) -> npt.NDArray[np.float32]:
    if kind == "centre":
        return np.full_like(clicks.xy, 0.5)
    if kind == "uniform":
        shape = clicks.xy.shape[1:]
        draws = [np.random.default_rng([seed, example_seed(e.id), 1]).random(shape) for e in examples]
        return np.asarray(draws, dtype=np.float32)
    rng = np.random.default_rng([seed, 2])
    shuffled = clicks.xy.copy()
    for k in range(clicks.has.shape[1]):
        present = np.flatnonzero(clicks.has[:, k])
        shuffled[present, k] = clicks.xy[rng.permutation(present), k]
    return shuffled


def _box_centres(clicks: PointTable, examples: Sequence[Example]) -> PointTable:
    xy, has = clicks.xy.copy(), clicks.has.copy()
    classes = clicks.has.shape[1]
    for row, example in enumerate(examples):
        for k in range(classes):
            boxes = [box for box in example.boxes if classes == 1 or box.label == k]
            if not boxes:
                has[row, k] = False
                continue
            largest = max(boxes, key=lambda box: box.area)
            xy[row, k] = (largest.x0 + largest.x1) / 2, (largest.y0 + largest.y1) / 2
    return PointTable(xy=xy, has=has)
