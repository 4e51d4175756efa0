"""Stored pages -> records: what a person left behind on each picture, in the picture's own coordinates.

An act of the keyboard has no place, and none is made up for it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from sidelight.collect.export.saliency import painted
from sidelight.collect.measure.activity import Activity, activity
from sidelight.collect.page_log import PageLog, Row, in_order, trace_of
from sidelight.collect.placed import SMALLEST_PX
from sidelight.collect.wire import log
from sidelight.collect.wire.answer import Answer, BrowseAnswer, PaintAnswer, TagAnswer
from sidelight.collect.wire.chunk import Chunk
from sidelight.records.annotation import Annotation, Point, PointPolicy
from sidelight.records.event import Event
from sidelight.records.trace import Trace

SOURCE = "campaign"

Span = tuple[float, float]
Rows = Sequence[Row[log.Entry]]
IconAct = log.Add | log.Move | log.Remove


class StoredPage(msgspec.Struct, frozen=True):
    """A page as the store knows it.

    Attributes:
        id: of the page.
        pictures: ids, in the order shown.
        answer: as stored.
        session: pseudonym of the person.
        classes: of the campaign, in the order of their indices.
        asked: class that the page asked about (browse); "" otherwise.
        panels: names of the panels (tag).
        condition: of the interface.
        number: place of the page in the assignment, from 0.
        consent: version of the text that the person agreed to.
        publish: whether she agreed that the byproducts are published.
        complete: whether no chunk is missing.
    """

    id: str
    pictures: tuple[str, ...]
    answer: Answer
    session: str = ""
    classes: tuple[str, ...] = ()
    asked: str = ""
    panels: tuple[str, ...] = ()
    condition: dict[str, bool] = {}
    number: int = 0
    consent: str = ""
    publish: bool = False
    complete: bool = True


@dataclass(frozen=True)
class Annotated:
    """One annotation, with what has no place in the record.

    Attributes:
        picture: id in the store.
        annotation: the record; its events hold the pointer samples, too (`move`).
        trace: the samples alone.
        drags: tag, the page's own annotation: when a pointer carried an icon, (from, until) in ms as the events.
        saliency: paint: [height, width] float64, 1 where painted; None when blank, which is no judgement.
    """

    picture: str
    annotation: Annotation
    trace: Trace
    drags: tuple[Span, ...] = ()
    saliency: npt.NDArray[np.float64] | None = None


@dataclass(frozen=True)
class _Page:
    stored: StoredPage
    log: PageLog
    spent: Activity


def annotate(page: StoredPage, chunks: Iterable[Chunk], *, around_px: float = 0.0) -> list[Annotated]:
    """Say what a person left behind on each picture of a page.

    Times are ms since the page was first shown; a later showing lies where the wall clock says. Samples are mapped to
    the pictures with the layouts in force; a sample belongs to one picture or to none. All are there: also those made
    while a picture was selected, and while an icon was dragged.

    - browse: one annotation a picture: `enter`, `leave`, `move`, `select`, `deselect`. Points `first` and `final`.
      `dwell_ms` is the time that the pointer was over the picture, until its last selection if there was one.
    - tag: one about the page (`label` None): `enter`, `leave`, `move`, `panel`, and the time that the page was shown as
      `dwell_ms`; and one a class that was placed: `add`, `move_icon`, `remove`, with the points `last_add` (whatever
      was done later), and `final_position` if the icon lies there at the end.
    - paint: one: `enter`, `leave`, `move`, with the decision as its label and the time until it as `dwell_ms`; the mask
      beside it, as `saliency`.

    A point is of the act it is named for, cut off at the picture's border; an act of the keyboard has none.

    Args:
        page: as stored.
        chunks: of the page, in any order.
        around_px: how far outside a picture, in CSS px, samples still belong to it. 0 keeps those on pictures, as the
            published files do; infinity keeps every sample, each with the picture nearest to it.

    Returns:
        In the order of the pictures.
    """
    chunks = list(chunks)
    whole = _Page(page, PageLog.of(chunks, page.pictures, around_px=around_px), activity(chunks))
    if isinstance(page.answer, BrowseAnswer):
        return _browsed(whole, page.answer)
    if isinstance(page.answer, TagAnswer):
        return [_page_of_tags(whole), *_tagged(whole, page.answer)]
    return [_painted(whole, page.answer)]


def _browsed(page: _Page, answer: BrowseAnswer) -> list[Annotated]:
    rows: dict[str, list[Row[log.Entry]]] = defaultdict(list)
    for row in page.log.rows:
        if isinstance(row.what, log.Hover | log.Select | log.Deselect):
            rows[row.what.image].append(row)
    return [_candidate(page, answer, k, rows[picture]) for k, picture in enumerate(page.stored.pictures)]


def _candidate(page: _Page, answer: BrowseAnswer, k: int, rows: Rows) -> Annotated:
    stored, picture = page.stored, page.stored.pictures[k]
    selects = [(row.time, row.what) for row in rows if isinstance(row.what, log.Select)]
    acts = [row.what for row in rows if isinstance(row.what, log.Select | log.Deselect)]
    final = answer.selected.get(picture) if not selects else _at(selects[-1][1])
    points: dict[PointPolicy, Point | None] = {"first": _at(selects[0][1]) if selects else final, "final": final}
    record = Annotation(
        id=f"{stored.id}:{picture}",
        example_id=picture,
        label=_index(stored.classes, stored.asked),
        selected=picture in answer.selected,
        points=_cut(points),
        dwell_ms=_time_over(page.log, rows, until=selects[-1][0] if selects else None),
        events=_events(page.log, k, rows, _browse_event),
        extra={"by": acts[-1].by} if acts else {},
    )
    return _annotated(page, k, record)


def _browse_event(time: float, entry: log.Entry) -> Event | None:
    match entry:
        case log.Hover(inside=inside):
            return Event("enter" if inside else "leave", time)
        case log.Select():
            return _act("select", time, entry)
        case log.Deselect():
            return _act("deselect", time, entry)
    return None


def _time_over(page: PageLog, rows: Rows, *, until: float | None) -> float | None:
    """How long the pointer was over a picture; None if it never was. The end of a showing ends a visit."""
    visits: list[Span] = []
    since: Row[log.Entry] | None = None
    for row in (row for row in rows if isinstance(row.what, log.Hover)):
        if since is not None:
            visits.append((since.time, row.time if row.showing == since.showing else page.ended(since.showing)))
        since = row if getattr(row.what, "inside", False) else None
    if since is not None:
        visits.append((since.time, page.ended(since.showing)))
    last = float("inf") if until is None else until
    return round(sum(max(0.0, min(end, last) - start) for start, end in visits), 1) if visits else None


def _page_of_tags(page: _Page) -> Annotated:
    """What concerns the page as a whole."""
    stored, panels = page.stored, page.stored.panels

    def event(time: float, entry: log.Entry) -> Event | None:
        if isinstance(entry, log.Panel):
            name = panels[entry.panel] if entry.panel < len(panels) else str(entry.panel)
            return Event("panel", time, label=name, keyboard=entry.by == "keyboard")
        return _browse_event(time, entry)

    record = Annotation(
        id=f"{stored.id}:page",
        example_id=stored.pictures[0],
        dwell_ms=round(page.spent.shown_ms, 1),
        events=_events(page.log, 0, page.log.rows, event),
    )
    return _annotated(page, 0, record, drags=_drags(page.log))


def _drags(page: PageLog) -> tuple[Span, ...]:
    """When a pointer carried an icon: from picking it up to what became of it."""
    spans: list[Span] = []
    since: Row[log.Entry] | None = None
    for row in page.rows:
        ends = isinstance(row.what, IconAct | log.PutBack | log.Pick | log.Shown)
        if ends and since is not None:
            spans.append((since.time, min(row.time, page.ended(since.showing))))
            since = None
        if isinstance(row.what, log.Pick) and row.what.by != "keyboard":
            since = row
    return tuple(spans if since is None else [*spans, (since.time, page.ended(since.showing))])


def _tagged(page: _Page, answer: TagAnswer) -> list[Annotated]:
    """One annotation for every class that was placed, in the order of the first act."""
    rows: dict[str, list[Row[log.Entry]]] = defaultdict(list)
    for row in page.log.rows:
        if isinstance(row.what, IconAct):
            rows[row.what.label].append(row)
    names = [name for name in dict.fromkeys([*rows, *answer.icons]) if name in page.stored.classes]
    return [_class_placed(page, answer, name, rows[name]) for name in names]


def _class_placed(page: _Page, answer: TagAnswer, name: str, rows: Rows) -> Annotated:
    stored = page.stored
    events: list[Event] = []
    added = lies = None
    for row in rows:
        entry = row.what
        assert isinstance(entry, IconAct)
        x, y = lies or (None, None)
        lies = None if isinstance(entry, log.Remove) else _at(entry)
        added = lies if isinstance(entry, log.Add) else added
        to_x, to_y = lies or (None, None)
        events.append(Event(_ICON[type(entry)], row.time, to_x, to_y, name, x, y, entry.by == "keyboard"))
    final = answer.icons.get(name) if not rows else lies
    record = Annotation(
        id=f"{stored.id}:{name}",
        example_id=stored.pictures[0],
        label=_index(stored.classes, name),
        selected=name in answer.icons,
        points=_cut({"last_add": added if rows else final, "final_position": final}),
        events=tuple(events),
        extra={"by": getattr(rows[-1].what, "by", "")} if rows else {},
    )
    return _annotated(page, 0, record)


_ICON: dict[type, Literal["add", "move_icon", "remove"]] = {
    log.Add: "add",
    log.Move: "move_icon",
    log.Remove: "remove",
}


def _painted(page: _Page, answer: PaintAnswer) -> Annotated:
    stored, rows = page.stored, page.log.rows
    decided = [row for row in rows if isinstance(row.what, log.Decide)]
    strokes = [row for row in rows if isinstance(row.what, log.Stroke)]
    mask = painted(answer)
    extra = {"strokes": str(len(strokes)), "blank": str(int(not mask.any()))}
    if decided and strokes:
        extra["order"] = "decided_first" if decided[-1].time < strokes[0].time else "painted_first"
    record = Annotation(
        id=f"{stored.id}:{stored.pictures[0]}",
        example_id=stored.pictures[0],
        label=_index(stored.classes, answer.label),
        selected=True if answer.label else None,
        dwell_ms=decided[-1].time if decided else None,
        events=_events(page.log, 0, rows, _browse_event),
        extra=extra | ({"by": getattr(decided[-1].what, "by", "")} if decided else {}),
    )
    return _annotated(page, 0, record, saliency=mask.astype(np.float64) if mask.any() else None)


def _events(
    page: PageLog, picture: int, rows: Rows, made: Callable[[float, log.Entry], Event | None]
) -> tuple[Event, ...]:
    """What was done on a picture, and the pointer's path over it, in order."""
    acts = [Row(row.time, row.showing, row.at, event) for row in rows if (event := made(row.time, row.what))]
    return tuple(row.what for row in in_order([*acts, *page.moves(picture)]))


def _annotated(
    page: _Page,
    picture: int,
    record: Annotation,
    *,
    drags: tuple[Span, ...] = (),
    saliency: npt.NDArray[np.float64] | None = None,
) -> Annotated:
    """The record with what all annotations of a page share."""
    shown = page.log.showings
    full = msgspec.structs.replace(
        record,
        annotator=page.stored.session,
        source=SOURCE,
        started_at=round(shown[0].epoch_ms, 1) if shown else None,
        extra=_extra(page, picture) | record.extra,
    )
    return Annotated(full.example_id, full, trace_of(full.events), drags, saliency)


def _extra(page: _Page, picture: int) -> dict[str, str]:
    stored, spent = page.stored, page.spent
    extra = {
        "image_idx": str(picture),
        "page_idx": str(stored.number),
        "conditions": ",".join(sorted(name for name, on in stored.condition.items() if on)),
        "active_ms": f"{spent.active_ms:.0f}",
        "idle_ms": f"{spent.idle_ms:.0f}",
        "hidden_ms": f"{spent.hidden_ms:.0f}",
        "consent": stored.consent,
        "publish": str(int(stored.publish)),
        "complete": str(int(stored.complete)),
        "segments": str(len(page.log.showings)),
    }
    return {name: value for name, value in extra.items() if value} | _display(page.log, stored.pictures[picture])


def _display(page: PageLog, picture: str) -> dict[str, str]:
    """Size and place of a picture when it was first to be seen; the place counts from the document's corner."""
    layouts = [row.what for row in page.rows if isinstance(row.what, log.Layout) and picture in row.what.images]
    layout = next((one for one in layouts if min(one.images[picture][2:]) >= SMALLEST_PX), None)
    if layout is None:
        return {}
    left, top, width, height = layout.images[picture]
    at = f"{left + layout.scroll[0]:g},{top + layout.scroll[1]:g}"
    return {"imageWidth": str(round(width)), "imageHeight": str(round(height)), "imagePosition": at}


def _act(kind: Literal["select", "deselect"], time: float, entry: log.Select | log.Deselect) -> Event:
    x, y = _at(entry) or (None, None)
    return Event(kind, time, x, y, keyboard=entry.by == "keyboard")


def _at(entry: log.Select | log.Deselect | log.Add | log.Move) -> Point | None:
    """Where a pointer did it."""
    return None if entry.by == "keyboard" else entry.at


def _cut(points: dict[PointPolicy, Point | None]) -> dict[PointPolicy, Point]:
    known = {policy: point for policy, point in points.items() if point is not None}
    return {policy: (min(1.0, max(0.0, x)), min(1.0, max(0.0, y))) for policy, (x, y) in known.items()}


def _index(classes: Sequence[str], name: str) -> int | None:
    return classes.index(name) if name in classes else None
