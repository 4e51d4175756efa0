"""A page's work, whatever the task: how many steps it has, and what a person does in some of them."""

from sidelight.collect.simulate.browse import browse
from sidelight.collect.simulate.hands import Hands
from sidelight.collect.simulate.paint import STROKES, paint
from sidelight.collect.simulate.person import Annotator, World
from sidelight.collect.simulate.tag import tag
from sidelight.collect.wire.page import PageSpec


def steps_of(page: PageSpec) -> int:
    """Candidates, panels or strokes: between two of them a page may be reloaded."""
    if page.task == "browse":
        return len(page.pictures)
    return len(page.panels) if page.task == "tag" else STROKES


def perform(page: PageSpec, annotator: Annotator, world: World, *, nth: int, first: int, last: int) -> Hands:
    """Work through the steps `first` to `last` (exclusive) in one segment.

    Args:
        page: as the service gave it.
        annotator: the person.
        world: what is on the pictures.
        nth: of the person's pages.
        first: step.
        last: step; the page's `steps_of` ends it.
    """
    if page.task == "browse":
        hands = browse(page, annotator, world, nth=nth, first=first, last=last)
    elif page.task == "tag":
        hands = tag(page, annotator, world, nth=nth, first=first, last=last)
    else:
        hands = paint(page, annotator, world, nth=nth, first=first, last=last)
    hands.close()
    return hands
