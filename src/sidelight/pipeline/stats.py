"""A dataset on disk -> the numbers that describe its annotations."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sidelight.data.format.manifest import Task
from sidelight.data.format.reader import Dataset
from sidelight.pipeline.maps import dataset_map
from sidelight.records.annotation import PointPolicy
from sidelight.records.errors import UserFault
from sidelight.records.example import Example
from sidelight.signal.heat_map import centre_of_mass, half_area
from sidelight.signal.placing import Boxes
from sidelight.signal.statistics import (
    PAPER,
    Statistic,
    annotator_statistics,
    box_statistics,
    click_statistics,
    dwell_statistics,
    interval_statistics,
    map_statistics,
    mask_statistic,
    share,
    without_published,
)
from sidelight.signal.target import Target

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DatasetStatistics:
    """The numbers of a dataset, and the columns that a figure draws.

    Attributes:
        name: of the dataset.
        task: single_label or multi_label.
        simulated: what is simulated, in words; "" when nothing is.
        sections: (heading, rows) in the order of printing; a section without anything to count is left out.
        dwell_ms: [n] float64, of selected pictures.
        interval_ms: [n] float64, between successive pointer samples.
        clicks: [n, 2] float64, (x, y) in [0, 1], under the dataset's default policy.
    """

    name: str
    task: Task
    simulated: str
    sections: tuple[tuple[str, tuple[Statistic, ...]], ...]
    dwell_ms: FloatArray
    interval_ms: FloatArray
    clicks: FloatArray


def collect_statistics(dataset: Path) -> DatasetStatistics:
    """Count what is in a dataset.

    Args:
        dataset: its folder.

    Raises:
        UserFault: if it is none, if a table or a mask cannot be read, or an annotation is about no example of it.
    """
    opened = Dataset.open(dataset)
    manifest, examples = opened.manifest, opened.examples()
    rows = _Rows.read(opened, examples)
    intervals = _intervals(opened)
    timed = rows.selected & (rows.dwell_ms > 0)
    dwell = rows.dwell_ms[timed]
    people = {
        "Dwell": dwell_statistics(dwell) if len(dwell) else (),
        "Pointer": interval_statistics(intervals) if len(intervals) else (),
        "Annotators": annotator_statistics(rows.annotator[timed].tolist(), dwell) if len(dwell) else (),
    }
    if manifest.task == "multi_label":
        people = {heading: without_published(found) for heading, found in people.items()}
    sections = {
        "Contents": _contents(examples, rows, manifest.task),
        "Boxes": box_statistics(Boxes.of([_corners(example, None) for example in examples])),
        "Clicks": _clicks(opened, examples, rows),
        "Maps": _maps(opened, examples),
        **people,
    }
    default: PointPolicy = "final" if manifest.task == "single_label" else "final_position"
    points = rows.points.get(default, np.zeros((0, 2)))
    return DatasetStatistics(
        name=manifest.name,
        task=manifest.task,
        simulated=manifest.simulated,
        sections=tuple((heading, found) for heading, found in sections.items() if found),
        dwell_ms=dwell,
        interval_ms=intervals,
        clicks=points[rows.clicked(default)] if len(points) else points,
    )


@dataclass(frozen=True)
class _Rows:
    """The columns of the annotations, one entry an annotation."""

    picture: IndexArray
    annotator: npt.NDArray[np.object_]
    label: IndexArray  # -1 = none
    asked: BoolArray
    selected: BoolArray  # or not asked
    dwell_ms: FloatArray  # NaN = unknown
    traced: BoolArray
    points: dict[PointPolicy, FloatArray]  # NaN = none

    @classmethod
    def read(cls, dataset: Dataset, examples: list[Example]) -> "_Rows":
        policies = dataset.manifest.point_policies
        names = ["id", "example_id", "annotator", "label", "selected", "dwell_ms"]
        table = dataset.table("annotations", [*names, *(f"{policy}_{axis}" for policy in policies for axis in "xy")])
        traced = dataset.table("traces", ["annotation_id"]).column("annotation_id")
        return cls(
            picture=_positions(table.column("example_id"), examples, dataset),
            annotator=table.column("annotator").to_numpy(),
            label=table.column("label").fill_null(-1).to_numpy().astype(np.intp),
            asked=table.column("selected").is_valid().to_numpy(),
            selected=table.column("selected").fill_null(True).to_numpy(),
            dwell_ms=_floats(table, "dwell_ms"),
            traced=pc.is_in(table.column("id"), value_set=traced.combine_chunks()).to_numpy(),
            points={p: np.stack([_floats(table, f"{p}_{axis}") for axis in "xy"], axis=1) for p in policies},
        )

    def clicked(self, policy: PointPolicy) -> BoolArray:
        """Which annotations have a point that counts."""
        there: BoolArray = self.selected & ~np.isnan(self.points[policy][:, 0])
        return there


def _contents(examples: list[Example], rows: _Rows, task: Task) -> tuple[Statistic, ...]:
    n = len(examples)
    pointed = np.zeros(n, dtype=np.bool_)
    for policy in rows.points:
        pointed[rows.picture[rows.clicked(policy)]] = True
    found = [Statistic("pictures", float(n), "count", n)]
    for split in sorted({example.split for example in examples}):
        count = sum(example.split == split for example in examples)
        found.append(Statistic(f"pictures for {split}", float(count), "count", n))
    found.append(Statistic("annotations", float(len(rows.picture)), "count", len(rows.picture)))
    found.append(share("pictures with a click", pointed, 0.867 if task == "single_label" else None, PAPER))
    traced = np.isin(np.arange(n), rows.picture[rows.traced])
    if task == "single_label":
        found.append(share("pictures that a pointer came over", traced, 0.993, PAPER))
        found.append(share("selected", rows.selected[rows.asked], 0.867, PAPER))
    else:
        placed = set(zip(rows.picture[rows.selected].tolist(), rows.label[rows.selected].tolist(), strict=True))
        present = [(i, label) in placed for i, example in enumerate(examples) for label in example.labels]
        found.append(share("present classes that were tagged", present, 0.619, PAPER))
    return tuple(found)


def _clicks(dataset: Dataset, examples: list[Example], rows: _Rows) -> tuple[Statistic, ...]:
    found: list[Statistic] = []
    for policy, points in rows.points.items():
        at = np.flatnonzero(rows.clicked(policy))
        pairs = zip(rows.picture[at].tolist(), rows.label[at].tolist(), strict=True)
        own = Boxes.of([_corners(examples[picture], label) for picture, label in pairs])
        found += click_statistics(points[at], own, policy=policy)
    for policy, hits in _mask_hits(dataset, examples, rows).items():
        found.append(mask_statistic(np.array(hits, dtype=np.bool_), policy=policy))
    return tuple(found)


def _mask_hits(dataset: Dataset, examples: list[Example], rows: _Rows) -> dict[PointPolicy, list[bool]]:
    """For every click on a picture whose mask holds the click's class: whether it lies on it."""
    of_picture: dict[int, list[int]] = {}
    for row, (picture, label) in enumerate(zip(rows.picture.tolist(), rows.label.tolist(), strict=True)):
        if examples[picture].mask_path and rows.selected[row] and label >= 0:
            of_picture.setdefault(picture, []).append(row)
    hits: dict[PointPolicy, list[bool]] = {policy: [] for policy in rows.points} if of_picture else {}
    for picture, own in of_picture.items():
        mask = dataset_map(dataset, str(examples[picture].mask_path))
        for row in own:
            target = Target(np.zeros((0, 4)), mask == rows.label[row] + 1)
            for policy, points in rows.points.items():
                if rows.clicked(policy)[row] and target.pixels is not None and target.pixels.any():
                    hits[policy].append(bool(target.covers(points[row : row + 1])[0]))
    return hits


def _maps(dataset: Dataset, examples: list[Example]) -> tuple[Statistic, ...]:
    """Of people's heat maps, and how many a teacher made."""
    maps = [dataset_map(dataset, example.map_path).astype(np.float64) for example in examples if example.map_path]
    telling = [levels for levels in maps if levels.max() > 0]
    found: tuple[Statistic, ...] = ()
    if telling:
        found = map_statistics(np.array([*map(half_area, telling)]), np.array([*map(centre_of_mass, telling)]))
    taught = sum(1 for _ in dataset.teacher_maps())
    return (*found, Statistic("maps by a teacher", float(taught), "count", taught)) if taught else found


def _corners(example: Example, label: int | None) -> list[tuple[float, float, float, float]]:
    """The boxes of a class; all of them where the class is not known (None or -1)."""
    anything = label is None or label < 0
    return [(b.x0, b.y0, b.x1, b.y1) for b in example.boxes if anything or b.label in (None, label)]


def _intervals(dataset: Dataset) -> FloatArray:
    """Times between two pointer samples that follow each other on one picture."""
    table = dataset.table("traces", ["kind", "elapsed_ms"])
    kind, elapsed = (table.column(name).combine_chunks() for name in ("kind", "elapsed_ms"))
    moved = pc.equal(kind.flatten(), "move").to_numpy(zero_copy_only=False)
    owner = pc.list_parent_indices(kind).to_numpy(zero_copy_only=False)
    times = elapsed.flatten().to_numpy(zero_copy_only=False).astype(np.float64)
    steps = np.diff(times)[moved[1:] & moved[:-1] & (owner[1:] == owner[:-1])]
    return steps[~np.isnan(steps)]


def _floats(table: pa.Table, name: str) -> FloatArray:
    return table.column(name).to_numpy().astype(np.float64)  # null -> NaN


def _positions(ids: pa.ChunkedArray, examples: list[Example], dataset: Dataset) -> IndexArray:
    place = {example.id: i for i, example in enumerate(examples)}
    lost = [example_id for example_id in ids.unique().to_pylist() if example_id not in place]
    if lost:
        raise UserFault(
            f"dataset {str(dataset.root)!r}",
            seen=f"annotations about {len(lost)} pictures that it lacks, such as {lost[0]!r}",
            allowed="annotations about its own examples",
            remedy=f"Run `sidelight data validate {dataset.root}`",
        )
    return np.array([place[example_id] for example_id in ids.to_pylist()], dtype=np.intp)
