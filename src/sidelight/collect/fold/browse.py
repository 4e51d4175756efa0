"""What a browsing page's log comes to."""

from collections.abc import Iterable

from sidelight.collect.wire.answer import BrowseAnswer
from sidelight.collect.wire.log import Deselect, Entry, Place, Select


def fold(entries: Iterable[Entry]) -> BrowseAnswer:
    """The images selected at the end, each with the place of its last selection.

    Args:
        entries: of all segments, in order; those of other kinds change nothing.

    >>> fold([Select(t=1.0, i=0, image="a", by="mouse", at=(0.5, 0.5)), Select(t=2.0, i=0, image="b", by="keyboard"),
    ...       Deselect(t=3.0, i=0, image="a", by="mouse")])
    BrowseAnswer(selected={'b': None})
    """
    selected: dict[str, Place | None] = {}
    for entry in entries:
        match entry:
            case Select(image=image, at=at):
                selected[image] = at
            case Deselect(image=image):
                selected.pop(image, None)
    return BrowseAnswer(selected)
