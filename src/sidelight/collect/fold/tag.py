"""What a tagging page's log comes to."""

from collections.abc import Iterable

from sidelight.collect.wire.answer import TagAnswer
from sidelight.collect.wire.log import Add, Entry, Move, Panel, Place, Remove


def fold(entries: Iterable[Entry]) -> TagAnswer:
    """The classes whose icons lie on the image at the end, each with its place, and the panels seen.

    A class has one icon: adding it again moves it. Moving one that does not lie there changes nothing.

    Args:
        entries: of all segments, in order; those of other kinds change nothing.

    >>> added = Add(t=1.0, i=0, label="cup", by="mouse", at=(0.1, 0.1))
    >>> moved = [Move(t=2.0, i=0, label=label, by="mouse", at=(0.2, 0.3)) for label in ("cup", "cat")]
    >>> fold([Panel(t=0.0, i=0, panel=0), added, *moved])
    TagAnswer(icons={'cup': (0.2, 0.3)}, panels=(0,))
    """
    icons: dict[str, Place | None] = {}
    panels: set[int] = set()
    for entry in entries:
        match entry:
            case Add(label=label, at=at):
                icons[label] = at
            case Move(label=label, at=at) if label in icons:
                icons[label] = at
            case Remove(label=label):
                icons.pop(label, None)
            case Panel(panel=panel):
                panels.add(panel)
    return TagAnswer(icons, tuple(sorted(panels)))
