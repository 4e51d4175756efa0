"""Numbers of a training, to a CSV file and to TensorBoard."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self

from torch.utils.tensorboard import SummaryWriter

Row = Mapping[str, float]


def csv_text(rows: Sequence[Row]) -> str:
    r"""Rows as CSV; the columns are those of all rows, in the order in which they first appear.

    >>> csv_text([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25, "val_accuracy": 0.5}])
    'epoch,loss,val_accuracy\n1,0.5,\n2,0.25,0.5\n'
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class MetricsLog:
    """Where a run's numbers go; a context that writes what is left at its end.

    - `metrics.csv`: a row an epoch, written anew as a whole, so that it never holds half a row.
    - `tensorboard/`: the same under `epoch/`, and under `step/` the loss and the gradient ratio, all over steps.

    Args:
        run: folder of the run.
        step: steps already taken; what an interrupted training logged after them is hidden from TensorBoard.
    """

    def __init__(self, run: Path, *, step: int) -> None:
        self._csv = run / "metrics.csv"
        self._board = SummaryWriter(str(run / "tensorboard"), purge_step=step + 1)

    def losses(self, values: Iterable[float], *, last_step: int) -> None:
        """The losses of the steps up to `last_step` (counted from 1)."""
        listed = list(values)
        for step, value in enumerate(listed, start=last_step - len(listed) + 1):
            self._board.add_scalar("step/loss", value, step)

    def gradient_ratio(self, value: float, *, step: int) -> None:
        """Guidance to class gradient norm at the pooled features, of one step."""
        self._board.add_scalar("step/gradient_ratio", value, step)

    def rows(self, rows: Sequence[Row]) -> None:
        """Replace the CSV by these rows, a row an epoch; without any there is no file."""
        if not rows:
            self._csv.unlink(missing_ok=True)
            return
        partial = self._csv.with_suffix(".csv.partial")
        partial.write_text(csv_text(rows), encoding="utf-8")
        partial.replace(self._csv)

    def epoch(self, row: Row, *, step: int) -> None:
        """Show an epoch's row in TensorBoard."""
        for name, value in row.items():
            self._board.add_scalar(f"epoch/{name}", value, step)

    def flush(self) -> None:
        """Have everything on disk before a checkpoint says that it happened."""
        self._board.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self._board.close()
