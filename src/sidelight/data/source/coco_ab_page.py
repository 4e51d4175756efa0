"""One record of COCO-AB: what one annotator did on the page that showed one photo."""

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec

from sidelight.data.source.coco_classes import CATEGORIES
from sidelight.data.source.event_order import merge_streams
from sidelight.data.source.excerpt import excerpt, printable
from sidelight.data.source.identity import Identities
from sidelight.records.annotation import Annotation, Point, PointPolicy
from sidelight.records.event import Event

PLACE_MARGIN = 0.05
"""How far outside [0, 1] a place may lie: offsets count from behind a border of two pixels."""
LONGEST_MS = 1e10
"""Largest time, about four months."""

_KINDS: Mapping[str, Literal["add", "move_icon", "remove"]] = {"add": "add", "move": "move_icon", "remove": "remove"}
_STRING_OR_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|-?(?:NaN|Infinity)')


class _Camel(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """Fields are named in the release's way."""


class AbPlace(_Camel, frozen=True, gc=False):
    """A place on the photo, in [0, 1], x to the right; null where the photo had no size yet."""

    x: float | None = None
    y: float | None = None


class AbAction(_Camel, frozen=True, gc=False):
    """An icon was dropped (`add`), dropped again (`move`) or taken away (`remove`)."""

    action_type: str
    icon_type: str
    point_from: AbPlace | None = None
    point_to: AbPlace | None = None
    time_at: float | None = None


class AbPanel(_Camel, frozen=True, gc=False):
    """Another panel of icons was opened."""

    category_name: str
    time_at: float | None = None
    using_keyboard: bool = False


class AbMove(_Camel, frozen=True, gc=False):
    """A pointer sample; none is made while an icon is dragged."""

    time_at: float | None = None
    x: float | None = None
    y: float | None = None


class AbPage(_Camel, frozen=True, gc=False):
    """A record. Times are ms since the page began; sizes may be 0.

    Not read: `imageWidth`, a copy of the height in the release, hence wrong; and `categoryIndex`, which the name tells.
    """

    image_id: Annotated[int, msgspec.Meta(ge=0, lt=10**12)] = msgspec.field(name="image_id")
    action_histories: tuple[AbAction, ...]
    category_histories: tuple[AbPanel, ...] = ()
    mouse_tracking: tuple[AbMove, ...] = ()
    original_image_width: int | None = None
    original_image_height: int | None = None
    image_height: int | None = None
    page_id: int | None = msgspec.field(name="page_id", default=None)
    hit_id: str | None = msgspec.field(name="hit_id", default=None)
    worker_id: str | None = msgspec.field(name="worker_id", default=None)
    time_spent: float | None = None


_DECODER = msgspec.json.Decoder(AbPage)


def decode_page(text: bytes) -> tuple[AbPage, int]:
    """Decode a record's JSON.

    Returns:
        The record, and how many numbers were NaN or infinite: no JSON, but Python writes them. They are read as null.

    Raises:
        ValueError: with the reason, on one line, if it is no record.
    """
    strange = 0
    if b"NaN" in text or b"Infinity" in text:
        strange = sum(not token.startswith(b'"') for token in _STRING_OR_TOKEN.findall(text))
        text = _STRING_OR_TOKEN.sub(lambda found: found[0] if found[0].startswith(b'"') else b"null", text)
    try:
        return _DECODER.decode(text), strange
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(printable(str(error))) from None


def page_annotations(
    page: AbPage, *, labels: Mapping[str, int], identities: Identities
) -> tuple[list[Annotation], list[str]]:
    """One annotation for the page, and one for every class that was placed, in the order of the first action.

    - A class's: its `add`, `move_icon` and `remove` events; `selected` says whether its icon lay on the photo at the
      end.
      Points: `last_add`, where it was last added, as the official loader has it, whatever was done later; and
      `final_position`, where it lay at the end, none if it was removed. Points are cut off at the photo's border.
    - The page's (`label` None): the `panel` and `move` events, and the time spent on the page as `dwell_ms`.

    `elapsed_ms` counts from the page's beginning, which was before the photo had loaded; no clock time is known. Stamps
    keep the record's order. A place or a time that is no number in range is read as missing and told.

    Args:
        page: the record.
        labels: index of each class that the dataset has; other classes of COCO are passed over.
        identities: what annotator and task are called.

    Returns:
        The annotations, and one message for everything that was left out.

    Source: han2023luab and its released tool. The official loader gives (y, x) in whole pixels; here (x, y) in [0, 1].
    """
    check = _Check()
    by_class: dict[str, list[AbAction]] = {}
    for action in page.action_histories:
        if action.icon_type not in labels and action.icon_type not in CATEGORIES.values():
            check.unknown("iconType", action.icon_type, [*labels, *CATEGORIES.values()])
        elif action.action_type not in _KINDS:
            check.unknown("actionType", action.action_type, list(_KINDS))
        elif action.icon_type in labels:
            by_class.setdefault(action.icon_type, []).append(action)
    person = identities.name("worker", page.worker_id) if page.worker_id else ""
    annotations = [_page_annotation(page, person, identities, check)]
    for name, actions in by_class.items():
        annotations.append(_class_annotation(page, actions, label=labels[name], person=person, check=check))
    return annotations, check.messages()


class _Check:
    """Gathers what is wrong with a record, equal things in one message."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._count: dict[str, int] = {}

    def messages(self) -> list[str]:
        more = {what: f" ({count - 1} more like it)" if count > 1 else "" for what, count in self._count.items()}
        return [f"{message}{more[what]}" for what, message in self._first.items()]

    def unknown(self, field: str, name: str, known: Sequence[str]) -> None:
        close = difflib.get_close_matches(name[:80], known, n=1, cutoff=0.0)
        self._tell(f"{field}:{name}", f"{field} is {excerpt(name)}, the closest known one is {close[0]!r}; left out")

    def place(self, point: AbPlace | AbMove | None) -> Point | None:
        """The point if it is one."""
        if point is None or point.x is None or point.y is None:
            return None
        if all(-PLACE_MARGIN <= value <= 1 + PLACE_MARGIN for value in (point.x, point.y)):
            return point.x, point.y
        allowed = f"{-PLACE_MARGIN} to {1 + PLACE_MARGIN} are allowed"
        self._tell("place", f"a place is ({point.x}, {point.y}), {allowed}; read as missing")
        return None

    def time(self, time: float | None) -> float | None:
        """The time if it is one."""
        if time is None or 0 <= time <= LONGEST_MS:
            return time
        self._tell("time", f"a time is {time} ms, 0 to {LONGEST_MS:.0f} are allowed; read as missing")
        return None

    def _tell(self, what: str, message: str) -> None:
        self._first.setdefault(what, message)
        self._count[what] = self._count.get(what, 0) + 1


def _page_annotation(page: AbPage, person: str, identities: Identities, check: _Check) -> Annotation:
    spent = check.time(page.time_spent)
    panels = [
        Event("panel", check.time(panel.time_at), label=panel.category_name, keyboard=panel.using_keyboard)
        for panel in page.category_histories
    ]
    moves = [_located(check, "move", move.time_at, move) for move in page.mouse_tracking]
    extra = {
        "page_id": page.page_id,
        "hit_id": identities.name("hit_id", page.hit_id) if page.hit_id else None,
        "imageHeight": page.image_height,
        "imageWidth": _display_width(page),
    }
    return Annotation(
        id=f"{page.image_id}:page",
        example_id=str(page.image_id),
        annotator=person,
        source="coco_ab",
        dwell_ms=spent or None,
        events=merge_streams([(event.elapsed_ms or 0.0, event) for event in stream] for stream in (panels, moves)),
        extra={name: str(value) for name, value in extra.items() if value is not None},
    )


def _display_width(page: AbPage) -> int | None:
    """Width of the displayed photo in CSS pixels; the release's own is a copy of the height."""
    if not (page.image_height and page.original_image_width and page.original_image_height):
        return None
    return round(page.image_height * page.original_image_width / page.original_image_height)


def _class_annotation(
    page: AbPage, actions: Sequence[AbAction], *, label: int, person: str, check: _Check
) -> Annotation:
    """Replay what was done with one class's icon."""
    name = actions[0].icon_type
    events = []
    added: Point | None = None
    lies: Point | None = None
    placed = False
    for action in actions:
        kind = _KINDS[action.action_type]
        event = _located(check, kind, action.time_at, action.point_to, origin=action.point_from, label=name)
        events.append(event)
        place = None if event.x is None or event.y is None else (event.x, event.y)
        placed = kind != "remove"
        lies = place if placed else None
        added = place if kind == "add" else added
    points: dict[PointPolicy, Point] = {}
    if added:
        points["last_add"] = _cut(added)
    if lies:
        points["final_position"] = _cut(lies)
    return Annotation(
        id=f"{page.image_id}:{name}",
        example_id=str(page.image_id),
        annotator=person,
        source="coco_ab",
        label=label,
        selected=placed,
        points=points,
        events=tuple(events),
    )


def _located(
    check: _Check,
    kind: Literal["move", "add", "move_icon", "remove"],
    time: float | None,
    place: AbPlace | AbMove | None,
    *,
    origin: AbPlace | None = None,
    label: str | None = None,
) -> Event:
    x, y = check.place(place) or (None, None)
    from_x, from_y = check.place(origin) or (None, None)
    return Event(kind, check.time(time), x, y, label=label, from_x=from_x, from_y=from_y)


def _cut(point: Point) -> Point:
    x, y = (min(1.0, max(0.0, value)) for value in point)
    return x, y
