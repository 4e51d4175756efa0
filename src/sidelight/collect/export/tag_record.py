"""What one person did on one tagging page, as a record of COCO-AB says it."""

from collections.abc import Sequence
from typing import Any

from sidelight.collect.export.semantics import Semantics
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event

Span = tuple[float, float]
"""From and until, ms since the page was shown."""

_ACTIONS = {"add": "add", "move_icon": "move", "remove": "remove"}


def tag_record(
    annotations: Sequence[Annotation],
    *,
    classes: Sequence[str],
    panels: Sequence[str],
    drags: Sequence[Span],
    semantics: Semantics,
) -> dict[str, Any]:
    """The lists and the time of a record; whoever writes it adds the picture and who it was.

    Args:
        annotations: one about the page (`label` None), and one a class that was placed; at any grade. Where actions
            have no events (L0, L1) they come from the points, without a time.
        classes: names by label.
        panels: names in their order; `categoryIndex` is the place in it.
        drags: when an icon was being carried.
        semantics: `release`: no pointer samples while an icon is carried, since the released tool could not see them.
            `full`: all of them, and `usingKeyboard` on actions.

    Returns:
        `actionHistories`, `categoryHistories`, `mouseTracking`, `timeSpent`, in the release's words. Places and times
        that are unknown are null.

    Source: han2023luab, its released annotation tool.

    >>> placed = Annotation("1", "7", label=0, selected=True, points={"last_add": (0.5, 0.25)})
    >>> record = tag_record([placed], classes=["cup"], panels=["Kitchenware"], drags=[], semantics="release")
    >>> record["actionHistories"][0]["pointTo"]
    {'x': 0.5, 'y': 0.25}
    """
    page = [event for a in annotations if a.label is None for event in a.events]
    moves = [event for event in page if event.kind == "move" and (semantics == "full" or not _carried(event, drags))]
    acts = [event for a in annotations if a.label is not None for event in (a.events or _bare(a, classes))]
    acts.sort(key=lambda event: event.elapsed_ms or 0.0)
    spent = [a.dwell_ms for a in annotations if a.label is None and a.dwell_ms is not None]
    return {
        "timeSpent": round(spent[0]) if spent else None,
        "mouseTracking": [
            {"timeAt": _time(event), **place} for event in moves if (place := _place(event.x, event.y)) is not None
        ],
        "actionHistories": [_action(event, semantics) for event in acts if event.kind in _ACTIONS],
        "categoryHistories": [
            {
                "categoryIndex": panels.index(event.label),
                "categoryName": event.label,
                "timeAt": _time(event),
                "usingKeyboard": event.keyboard,
            }
            for event in page
            if event.kind == "panel" and event.label in panels
        ],
    }


def _carried(event: Event, drags: Sequence[Span]) -> bool:
    return any(start <= (event.elapsed_ms or 0.0) <= end for start, end in drags)


def _action(event: Event, semantics: Semantics) -> dict[str, Any]:
    action = {
        "actionType": _ACTIONS[event.kind],
        "iconType": event.label,
        "pointFrom": _place(event.from_x, event.from_y),
        "pointTo": None if event.kind == "remove" else _place(event.x, event.y),
        "timeAt": _time(event),
    }
    return action | ({"usingKeyboard": event.keyboard} if semantics == "full" else {})


def _place(x: float | None, y: float | None) -> dict[str, float] | None:
    return None if x is None or y is None else {"x": x, "y": y}


def _time(event: Event) -> int | None:
    return None if event.elapsed_ms is None else round(event.elapsed_ms)


def _bare(annotation: Annotation, classes: Sequence[str]) -> list[Event]:
    """Actions that come to the annotation's points."""
    if not annotation.selected or annotation.label is None:
        return []
    name, points = classes[annotation.label], annotation.points
    lies = points.get("final_position")
    added = points.get("last_add") or lies
    x, y = added or (None, None)
    acts = [Event("add", None, x, y, name)]
    if added and lies and lies != added:
        acts.append(Event("move_icon", None, lies[0], lies[1], name, added[0], added[1]))
    return acts
