"""A simulated person at a picture with icons of classes, panel by panel."""

from sidelight.collect.simulate.hands import Hands
from sidelight.collect.simulate.person import Annotator, World
from sidelight.collect.simulate.screen import VIEW, Screen
from sidelight.collect.wire.log import Add, Move, Panel, Pick, PutBack
from sidelight.collect.wire.page import PageSpec
from sidelight.records.annotation import Annotation, Point

PALETTE = (VIEW[0] - 260.0, 200.0)
"""Where the first icon of a panel lies, client px."""

STEP_MS, SEARCH_MS, DRAG_MS = (180.0, 900.0), (700.0, 2500.0), (400.0, 1100.0)
PUT_BACK_SHARE = 0.04
"""Icons that are picked up and let go again; assumed."""


def tag(page: PageSpec, annotator: Annotator, world: World, *, nth: int, first: int = 0, last: int = 99) -> Hands:
    """Open the panels `first` to `last` (exclusive) one after the other and drop the icons of the classes found."""
    picture = page.pictures[0]
    hands = Hands.on(Screen.alone(picture), annotator.by, annotator.rng("page", str(nth), str(first)))
    example = world.example(picture.id, width=picture.width, height=picture.height)
    judged = annotator.icons(example, world.classes)
    found = {world.classes[each.label]: each for each in judged if each.label is not None}
    if first == 0:
        hands.recording.log(Panel, panel=0)
    for number, panel in enumerate(page.panels[first:last], start=first):
        if number:
            hands.wait(float(hands.rng.uniform(*STEP_MS)))
            hands.recording.log(Panel, panel=number, by=_stepping(annotator))
        for row, option in enumerate(panel.classes):
            if option.name in found:
                _place(hands, row, option.name, found[option.name])
    return hands


def _stepping(annotator: Annotator) -> str:
    return "keyboard" if annotator.person.keyboard else annotator.by


def _place(hands: Hands, row: int, name: str, judged: Annotation) -> None:
    added, final = judged.points["last_add"], judged.points["final_position"]
    hands.wait(float(hands.rng.uniform(*SEARCH_MS)))
    icon = PALETTE[0] + row % 4 * 50.0, PALETTE[1] + row // 4 * 50.0
    if hands.by == "keyboard":
        hands.recording.log(Pick, label=name, by="keyboard")
        hands.wait(float(hands.rng.uniform(*DRAG_MS)))
        hands.recording.log(Add, label=name, by="keyboard")
        return
    if float(hands.rng.random()) < PUT_BACK_SHARE:
        _pick(hands, icon, name)
        hands.travel((icon[0] - 30.0, icon[1] + 8.0), 200.0, pressed=True)
        hands.up()
        hands.recording.log(PutBack, label=name, by=hands.by)
        hands.lift()
    _pick(hands, icon, name)
    _drop(hands, added)
    hands.recording.log(Add, label=name, by=hands.by, at=added)
    hands.lift()
    if final != added:
        hands.wait(float(hands.rng.uniform(600.0, 1500.0)))
        _pick(hands, hands.screen.client(0, added), name)
        _drop(hands, final)
        hands.recording.log(Move, label=name, by=hands.by, at=final)
        hands.lift()


def _pick(hands: Hands, icon: tuple[float, float], name: str) -> None:
    hands.travel(icon, float(hands.rng.uniform(*DRAG_MS)))
    hands.down()
    hands.recording.log(Pick, label=name, by=hands.by)


def _drop(hands: Hands, at: Point) -> None:
    hands.travel(hands.screen.client(0, at), float(hands.rng.uniform(*DRAG_MS)), pressed=True)
    hands.up()
