"""How long the points of a dataset as large as ImageNet-AB take to load: `python benchmarks/points_load.py`.

Writes a made-up dataset of 1.27 million pictures, most with one record, into a temporary folder, then times
`read_points` on it in this process, files in the page cache. The aim is 2 seconds.
"""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import tyro

from sidelight.data.format.manifest import Manifest, write_manifest
from sidelight.data.format.points import PointPolicyChoice, read_points
from sidelight.data.format.reader import Dataset
from sidelight.data.format.schema import (
    ANNOTATIONS_FILE,
    EXAMPLES,
    EXAMPLES_FILE,
    TRACES,
    TRACES_FILE,
    annotations_schema,
)
from sidelight.data.format.writer import ROW_GROUP


@dataclass(frozen=True)
class PointsLoad:
    """Time `read_points`."""

    pictures: int = 1_274_843
    """How many."""
    repeats: int = 5
    """How often to load; the median counts."""


def write_dataset(root: Path, pictures: int) -> None:
    """A dataset whose tables have ImageNet-AB's size: 1 % of the pictures have two records, 13.3 % are not selected."""
    generator = np.random.default_rng(0)
    wnid = generator.integers(0, 1000, pictures)
    ids = pa.array([f"n{w:08d}_{i}" for i, w in enumerate(wnid)])
    nothing = pa.nulls(pictures, pa.string())
    lists = {"labels": wnid.reshape(-1, 1).tolist(), "boxes": pa.array([[]] * pictures, EXAMPLES.field("boxes").type)}
    examples = {
        "id": ids,
        "path": ids,
        "split": ["train"] * pictures,
        "width": np.full(pictures, 500),
        "height": np.full(pictures, 375),
        **lists,
        "mask_path": nothing,
        "map_path": nothing,
        "group": [""] * pictures,
    }
    rows = np.sort(np.concatenate([np.arange(pictures), generator.integers(0, pictures, pictures // 100)]))
    schema = annotations_schema(("first", "final"))
    chosen = generator.random(len(rows)) < 0.867
    points = {name: pa.array(generator.random(len(rows)), mask=~chosen) for name in schema.names[6:10]}
    annotations = {
        "id": [f"r{i}" for i in range(len(rows))],
        "example_id": ids.take(pa.array(rows)),
        "annotator": [f"{w:010X}" for w in generator.integers(0, 1705, len(rows))],
        "source": ["imagenet_ab"] * len(rows),
        "label": wnid[rows],
        "selected": chosen,
        **points,
        "dwell_ms": generator.lognormal(6.26, 0.73, len(rows)),
        "started_at": np.full(len(rows), 1.64e12),
        "extra": pa.nulls(len(rows), pa.string()),
    }
    pq.write_table(pa.Table.from_pydict(examples, EXAMPLES), root / EXAMPLES_FILE, row_group_size=ROW_GROUP)
    pq.write_table(pa.Table.from_pydict(annotations, schema), root / ANNOTATIONS_FILE, row_group_size=ROW_GROUP)
    pq.write_table(TRACES.empty_table(), root / TRACES_FILE)
    classes = tuple(f"c{i}" for i in range(1000))
    write_manifest(Manifest(1, "made up", "single_label", classes, "/", ("first", "final"), "", "benchmark"), root)


def main(asked: PointsLoad) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_dataset(root, asked.pictures)
        for choice in (PointPolicyChoice(), PointPolicyChoice("first"), PointPolicyChoice("first", "first")):
            seconds = []
            for _ in range(asked.repeats):
                start = time.perf_counter()
                table = read_points(Dataset.open(root), choice)
                seconds.append(time.perf_counter() - start)
            print(
                f"{asked.pictures} pictures, within={choice.within}, across={choice.across}: "
                f"median {np.median(seconds):.2f} s, fastest {min(seconds):.2f} s, {table.has.mean():.1%} with a point"
            )


if __name__ == "__main__":
    main(tyro.cli(PointsLoad))
