"""The columns of the dataset's tables. README.md beside this file says what each means."""

import functools

import pyarrow as pa

from sidelight.records.annotation import PointPolicy

EXAMPLES_FILE = "examples.parquet"
ANNOTATIONS_FILE = "annotations.parquet"
TRACES_FILE = "traces.parquet"
MAPS_FOLDER = "maps"
IMAGES_FOLDER = "images"

BOX = pa.struct(
    [
        pa.field("x0", pa.float64()),
        pa.field("y0", pa.float64()),
        pa.field("x1", pa.float64()),
        pa.field("y1", pa.float64()),
        pa.field("label", pa.int32()),
    ]
)

EXAMPLES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),
        pa.field("split", pa.string(), nullable=False),
        pa.field("width", pa.int32(), nullable=False),
        pa.field("height", pa.int32(), nullable=False),
        pa.field("labels", pa.list_(pa.int32()), nullable=False),
        pa.field("boxes", pa.list_(BOX), nullable=False),
        pa.field("mask_path", pa.string()),
        pa.field("map_path", pa.string()),
        pa.field("group", pa.string(), nullable=False),
    ]
)

TRACES = pa.schema(
    [
        pa.field("annotation_id", pa.string(), nullable=False),
        pa.field("kind", pa.list_(pa.string()), nullable=False),
        pa.field("elapsed_ms", pa.list_(pa.float64()), nullable=False),
        pa.field("x", pa.list_(pa.float64()), nullable=False),
        pa.field("y", pa.list_(pa.float64()), nullable=False),
        pa.field("label", pa.list_(pa.string()), nullable=False),
        pa.field("from_x", pa.list_(pa.float64()), nullable=False),
        pa.field("from_y", pa.list_(pa.float64()), nullable=False),
        pa.field("keyboard", pa.list_(pa.bool_()), nullable=False),
    ]
)


@functools.cache
def annotations_schema(policies: tuple[PointPolicy, ...]) -> pa.Schema:
    """The columns of `annotations.parquet`: the fixed ones, and two for every policy.

    >>> annotations_schema(("final",)).names[6:8]
    ['final_x', 'final_y']
    """
    points = [pa.field(f"{policy}_{axis}", pa.float64()) for policy in policies for axis in ("x", "y")]
    return pa.schema(
        [
            pa.field("id", pa.string(), nullable=False),
            pa.field("example_id", pa.string(), nullable=False),
            pa.field("annotator", pa.string(), nullable=False),
            pa.field("source", pa.string(), nullable=False),
            pa.field("label", pa.int32()),
            pa.field("selected", pa.bool_()),
            *points,
            pa.field("dwell_ms", pa.float64()),
            pa.field("started_at", pa.float64()),
            pa.field("extra", pa.string()),
        ]
    )
