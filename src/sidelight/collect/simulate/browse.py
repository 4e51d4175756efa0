"""A simulated person at a page of candidates."""

from sidelight.collect.simulate.hands import Hands
from sidelight.collect.simulate.person import Annotator, World
from sidelight.collect.simulate.screen import PITCH, TOP, Screen
from sidelight.collect.wire.log import Deselect, Select
from sidelight.collect.wire.page import PageSpec, Picture
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

WRONG_SHARE = 0.01
"""Distractors that are selected all the same; assumed."""

LOOK_MS = (1000.0, 4000.0)
"""Time to take in a row before anything is done; with the rest it makes a page of 48 last about a minute. Assumed."""

WANDER_SHARE = 0.4
"""Of that time the mouse moves; so it does for almost half of a page's time. Assumed."""

CROSS_MS, APPROACH_MS = (120.0, 700.0), (150.0, 4000.0)
"""Bounds of the time a pointer takes over a picture that is passed over, and over one that is clicked."""


def browse(page: PageSpec, annotator: Annotator, world: World, *, nth: int, first: int = 0, last: int = 48) -> Hands:
    """Go through the candidates `first` to `last` (exclusive) in their order and select those of the class.

    Args:
        page: as the service gave it.
        annotator: the person.
        world: what is on the pictures.
        nth: of the person's pages; chance depends on it.
        first: where this segment begins; a reload goes on where the page was left.
        last: where it ends.

    Returns:
        The person's hands, with the recording.
    """
    name = class_of(page, world)
    hands = Hands.on(Screen.browsing(page.pictures), annotator.by, annotator.rng("page", str(nth), str(first)))
    for place in range(first, min(last, len(page.pictures))):
        if place % 3 == 0:
            hands.scroll_to(max(0.0, place // 3 * PITCH + TOP - 250.0))
            _look(hands, place)
        _visit(hands, place, _judgement(page.pictures[place], name, annotator, world))
    return hands


def _look(hands: Hands, place: int) -> None:
    """Take in a row; a mouse wanders over it meanwhile, as hands do."""
    looking = float(hands.rng.uniform(*LOOK_MS))
    if hands.by == "mouse":
        x, y = hands.rng.uniform(0.1, 0.9, 2).tolist()
        hands.travel(hands.screen.client(place, (3.0 * x, y)), WANDER_SHARE * looking)
        looking *= 1.0 - WANDER_SHARE
    hands.wait(looking)


def class_of(page: PageSpec, world: World) -> str:
    """The class that the page asks about: the one its title names; else the one most of its pictures show."""
    if page.wording.title in world.titles:
        return world.titles[page.wording.title]
    shown = [label for p in page.pictures if p.id in world.examples for label in world.examples[p.id].labels]
    return world.classes[max(sorted(set(shown)), key=shown.count)] if shown else ""


def _judgement(picture: Picture, name: str, annotator: Annotator, world: World) -> Annotation | None:
    """What the person does with a candidate; None for one to be passed over."""
    if world.of_class(picture.id, name):
        return annotator.clicks(world.examples[picture.id], world.classes.index(name))
    chance = annotator.rng("wrong", world.example(picture.id, width=picture.width, height=picture.height).id)
    if float(chance.random()) < WRONG_SHARE:
        place = tuple(chance.random(2).round(2).tolist())
        return Annotation("", picture.id, events=(Event("select", 0.0, *place),), dwell_ms=400.0)
    return None


def _visit(hands: Hands, place: int, judged: Annotation | None) -> None:
    rng = hands.rng
    clicks = [e for e in judged.events if e.kind in ("select", "deselect")] if judged else []
    if not clicks or judged is None:
        if rng.random() < 0.7 and hands.by == "mouse":
            hands.travel(hands.screen.client(place, tuple(rng.uniform(0.1, 0.9, 2).tolist())), rng.uniform(*CROSS_MS))
        else:
            hands.wait(rng.uniform(80.0, 400.0))
        return
    dwell = min(max(judged.dwell_ms or 0.0, APPROACH_MS[0]), APPROACH_MS[1])
    for event in clicks:
        _click(hands, place, event, dwell)
        hands.wait(float(rng.uniform(150.0, 500.0)))


def _click(hands: Hands, place: int, event: Event, dwell: float) -> None:
    """Reach the picture, rest a moment as people do, and click."""
    kind = Select if event.kind == "select" else Deselect
    image = hands.screen.ids[place]
    if event.x is None or event.y is None or hands.by == "keyboard":
        hands.wait(dwell)
        hands.recording.log(kind, image=image, by="keyboard")
        return
    hands.travel(hands.screen.client(place, (event.x, event.y)), 0.8 * dwell)
    hands.wait(0.2 * dwell)
    hands.down()
    hands.wait(float(hands.rng.uniform(40.0, 110.0)))
    hands.up()
    hands.recording.log(kind, image=image, by=hands.by, at=(event.x, event.y))
    hands.lift()
