"""Progress bars: one look for every command, silent where nobody watches."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sidelight.records.errors import Fault

console = Console(highlight=False, markup=False, soft_wrap=True)
"""Where commands print."""

SHOWN_FAULTS = 50


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar for the length of a `with` block.

    Args:
        what: shown before the bar.

    Yields:
        A function to call with (done, total); total may be None while it is not known.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    watched = Console(stderr=True)
    with Progress(*columns, console=watched, transient=True, disable=not watched.is_terminal) as shown:
        task = shown.add_task(what, total=None, note="")

        def advance(done: int, total: int | None, note: str = "") -> None:
            shown.update(task, completed=done, total=total, note=note)

        yield advance


def list_faults(faults: Sequence[Fault], *, shown: int = SHOWN_FAULTS) -> None:
    """Print one line a fault; the first ones, and how many more there are."""
    for fault in faults[:shown]:
        console.print(f"fault: {fault}")
    if len(faults) > shown:
        console.print(f"... and {len(faults) - shown} more faults")
