"""The point Z of every picture, for all pictures at once."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sidelight.data.format.reader import Dataset
from sidelight.records.annotation import PointPolicy
from sidelight.records.errors import UserFault


@dataclass(frozen=True)
class PointPolicyChoice:
    """Which click is the point, when there are several."""

    within: PointPolicy | None = None
    """Within a record. None = `final` in single-label datasets and `final_position` in multi-label ones."""

    across: Literal["mean", "first"] = "mean"
    """Across the records of one picture (and class): their mean, or the first in the file that has a point."""


@dataclass(frozen=True)
class PointTable:
    """One point a picture and class, aligned with `Dataset.examples()`.

    Attributes:
        xy: [N, K, 2] float32, (x, y) in the image's [0, 1]; K is 1 for single-label datasets, else the number of
            classes; 0 where there is none.
        has: [N, K] bool.
    """

    xy: npt.NDArray[np.float32]
    has: npt.NDArray[np.bool_]


def read_points(dataset: Dataset, choice: PointPolicyChoice = PointPolicyChoice()) -> PointTable:
    """Read where people pointed.

    A record counts when it was not de-selected (`selected` is True or unknown), has a point under the policy, and is
    about the picture's class: in a single-label dataset its label is the picture's or unknown; in a multi-label one it
    has a label, present in the picture or not.

    Args:
        dataset: single- or multi-label.
        choice: which click; the official ImageNet-AB loader takes `first` + `mean`, the paper's words are `final`.

    Returns:
        The points, one row an example.

    Raises:
        UserFault: if the dataset has no such policy, or an annotation is about no example of it.

    Source: han2023luab, section 3 (Z) and the released loaders.
    """
    single = dataset.manifest.task == "single_label"
    policy = choice.within or ("final" if single else "final_position")
    examples = dataset.table("examples", ["id", "labels"] if single else ["id"])
    shape = (examples.num_rows, 1 if single else len(dataset.manifest.classes))
    if choice.within is None and not dataset.manifest.point_policies:
        return PointTable(np.zeros((*shape, 2), np.float32), np.zeros(shape, np.bool_))
    _refuse_missing(dataset, policy)

    columns = ["example_id", "label", "selected", f"{policy}_x", f"{policy}_y"]
    rows = dataset.table("annotations", columns)
    kept = pc.and_(pc.fill_null(rows.column("selected"), True), pc.is_valid(rows.column(f"{policy}_x")))
    rows = rows.filter(kept)
    example = _positions(rows.column("example_id"), examples.column("id"), dataset)
    label = pc.fill_null(rows.column("label"), -1).to_numpy()
    x, y = (rows.column(f"{policy}_{axis}").to_numpy() for axis in "xy")
    if single:
        own = _first_labels(examples.column("labels"))[example]
        about = (label == -1) | (label == own)
        cell = example
    else:
        about = label >= 0
        cell = example * shape[1] + label
    return _pool(cell[about], x[about], y[about], shape, across=choice.across)


def _pool(
    cell: npt.NDArray[np.int64],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    shape: tuple[int, int],
    *,
    across: str,
) -> PointTable:
    """Join the points that fall into the same cell of [N, K]."""
    cells = shape[0] * shape[1]
    if across == "first":
        cell, first = np.unique(cell, return_index=True)
        x, y = x[first], y[first]
    count = np.bincount(cell, minlength=cells)
    xy = np.empty((cells, 2), np.float32)
    for axis, values in enumerate((x, y)):
        xy[:, axis] = np.bincount(cell, weights=values, minlength=cells) / np.maximum(count, 1)
    return PointTable(xy.reshape(*shape, 2), count.reshape(shape) > 0)


def _positions(ids: pa.ChunkedArray, of: pa.ChunkedArray, dataset: Dataset) -> npt.NDArray[np.int64]:
    """Row of each id in the examples."""
    positions = pc.index_in(ids, value_set=of.combine_chunks())
    if positions.null_count:
        lost = ids.filter(pc.is_null(positions))[0].as_py()
        raise UserFault(
            f"dataset {str(dataset.root)!r}",
            seen=f"{positions.null_count} annotations about pictures that it lacks, such as {lost!r}",
            allowed="annotations about its own examples",
            remedy=f"Run `sidelight data validate {dataset.root}`",
        )
    return positions.to_numpy().astype(np.int64)


def _first_labels(labels: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    return pc.list_element(labels, 0).to_numpy().astype(np.int64)


def _refuse_missing(dataset: Dataset, policy: PointPolicy) -> None:
    if policy not in dataset.manifest.point_policies:
        raise UserFault(
            f"point policy {policy!r}",
            seen=f"dataset {dataset.manifest.name!r} has no such points",
            allowed=", ".join(dataset.manifest.point_policies) or "none",
            remedy="Choose one of its policies, or add clicks with `sidelight data simulate`",
        )
