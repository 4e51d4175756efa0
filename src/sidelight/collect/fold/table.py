"""Every task's fold."""

from collections.abc import Iterable

from sidelight.collect.fold import browse, paint, tag
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.log import Entry
from sidelight.collect.wire.page import Task


def fold(task: Task, entries: Iterable[Entry], *, grid: tuple[int, int] = (0, 0)) -> Answer:
    """What a page's log comes to: a function of its entries alone.

    Args:
        task: of the page.
        entries: of all segments, in order. Those that are not the task's own change nothing, so a whole log will do.
        grid: paint: (width, height) of the mask.

    Returns:
        The answer that the page's own fold must equal.
    """
    if task == "browse":
        return browse.fold(entries)
    if task == "tag":
        return tag.fold(entries)
    return paint.fold(entries, grid)
