"""The figure of a dataset's annotations."""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from sidelight.data.format.reader import Dataset
from sidelight.pipeline.stats import DatasetStatistics
from sidelight.records.errors import UserFault
from sidelight.report.dataset_figure import Behaviour, stats_figure
from sidelight.report.figure import png
from sidelight.signal.statistics import DWELL_QUANTILES


def draw_statistics(dataset: Path, found: DatasetStatistics, out: Path) -> Path:
    """Draw dwell times, clicks and people's loads as a PNG.

    Args:
        dataset: its folder.
        found: what `collect_statistics` found in it.
        out: file to write, .png.

    Returns:
        `out`.

    Raises:
        UserFault: if `out` is not named .png.
    """
    if out.suffix.lower() != ".png":
        raise UserFault(
            f"figure {out}", seen=f"ending '{out.suffix}'", allowed=".png", remedy="Name it statistics.png, say"
        )
    people = pc.value_counts(Dataset.open(dataset).table("annotations", ["annotator"]).column("annotator"))
    counts = [entry["counts"] for entry in people.to_pylist() if entry["values"]]
    behaviour = Behaviour(
        dwell_ms=found.dwell_ms,
        clicks=found.clicks,
        annotator_counts=np.array(counts, dtype=np.int64),
        published_dwell_ms=DWELL_QUANTILES if found.task == "single_label" else {},
    )
    title = f"{found.name} (simulated)" if found.simulated else found.name
    out.write_bytes(png(stats_figure(behaviour, title=title)))
    return out
