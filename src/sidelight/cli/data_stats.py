"""The command `sidelight data stats DIR`."""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro
from rich.table import Table

from sidelight.cli.progress import console
from sidelight.pipeline.stats import DatasetStatistics, collect_statistics
from sidelight.signal.statistics import Statistic


@dataclass(frozen=True, kw_only=True)
class Stats:
    """Describe a dataset's annotations: counts, dwell times, clicks in boxes, coverage, beside the published
    figures.
    """

    dataset: tyro.conf.Positional[Path]
    """Folder of the dataset."""
    figure: Path | None = None
    """File for the figure (.png); None writes statistics.png beside the tables of the dataset."""


def main(argv: Sequence[str]) -> int:
    """Print a table a section, draw the figure, say where it is."""
    asked = tyro.cli(Stats, args=argv, prog="sidelight data stats")
    with console.status("counting"):
        found = collect_statistics(asked.dataset)
    for heading, rows in found.sections:
        console.print(_table(heading, rows))
    if found.simulated:
        console.print(found.simulated)
    _draw(found, asked.dataset, asked.figure or asked.dataset / "statistics.png")
    return 0


def _table(heading: str, rows: Sequence[Statistic]) -> Table:
    table = Table(title=heading, title_justify="left")
    for name in ("", "here", "published", "n", "source"):
        table.add_column(name, justify="left" if name in ("", "source") else "right")
    for row in rows:
        here, published = _number(row.value, row.unit), _number(row.published, row.unit)
        table.add_row(row.name, here, published, f"{row.n:,}", row.source)
    return table


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:,.0f} ms" if unit == "ms" else f"{value:,.3g}" if unit == "index" else f"{value:,.0f}"


def _draw(found: DatasetStatistics, dataset: Path, figure: Path) -> None:
    try:
        stats_figure = importlib.import_module("sidelight.pipeline.stats_figure")
    except ModuleNotFoundError as missing:
        console.print(f"no figure: the package '{missing.name}' is not installed (pip install 'sidelight[report]')")
        return
    console.print(f"figure: {stats_figure.draw_statistics(dataset, found, figure)}")
