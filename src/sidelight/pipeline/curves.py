"""What a training wrote down epoch by epoch."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path


def read_curves(file: Path) -> dict[str, list[float | None]]:
    """Columns of a run's metrics.csv.

    Returns:
        column -> a value an epoch, in order; None where the run measured nothing.
    """
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: [_number(row[name]) for row in rows] for name in (rows[0] if rows else {})}


def whole_columns(curves: Mapping[str, Sequence[float | None]]) -> dict[str, list[float]]:
    """Those that hold a number for every epoch.

    >>> whole_columns({"loss": [0.2, 0.1], "val_accuracy": [None, 0.5]})
    {'loss': [0.2, 0.1]}
    """
    return {name: [v for v in values if v is not None] for name, values in curves.items() if None not in values}


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
