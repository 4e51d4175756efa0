"""What a training wrote down epoch by epoch."""

import csv
from pathlib import Path


def read_curves(file: Path) -> dict[str, list[float | None]]:
    """Columns of a run's metrics.csv.

    Returns:
        column -> a value an epoch, in order; None where the run measured nothing.
    """
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: [_number(row[name]) for row in rows] for name in (rows[0] if rows else {})}


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
