"""What the published files kept of a person's movements: the laws that `release` repeats and `full` does not."""

from collections.abc import Sequence
from typing import Literal

from sidelight.records.event import Event

Semantics = Literal["release", "full"]
"""`release`: as the published files were made. `full`: everything that was recorded."""

THROTTLE_MS = 1000.0 / 60.0


def throttled(samples: Sequence[Event], *, interval_ms: float = THROTTLE_MS) -> list[Event]:
    """Keep the first sample, and then each that comes at least `interval_ms` after the last kept one.

    The law of a throttle that acts on the leading edge: the last sample before a rest is lost.

    Args:
        samples: with times, in order.
        interval_ms: of the release's tool, one frame at 60 Hz.

    Source: han2023luab, its released annotation tool.

    >>> [e.elapsed_ms for e in throttled([Event("move", t, 0.5, 0.5) for t in (0.0, 8.0, 17.0, 25.0, 34.0)])]
    [0.0, 17.0, 34.0]
    """
    kept: list[Event] = []
    for sample in samples:
        if not kept or (sample.elapsed_ms or 0.0) - (kept[-1].elapsed_ms or 0.0) >= interval_ms:
            kept.append(sample)
    return kept


def unselected(events: Sequence[Event]) -> list[Event]:
    """The pointer samples made while the picture was not selected; the release's tool recorded no others.

    >>> from sidelight.records.event import Event
    >>> [e.elapsed_ms for e in unselected([Event("move", 1.0), Event("select", 2.0), Event("move", 3.0)])]
    [1.0]
    """
    samples, selected = [], False
    for event in events:
        if event.kind in ("select", "deselect"):
            selected = event.kind == "select"
        elif event.kind == "move" and not selected:
            samples.append(event)
    return samples


def estimate_time(events: Sequence[Event]) -> float | None:
    """How long the picture was looked at before it was selected, in ms: the release's `estimateTime`.

    Each visit counts from its first pointer sample to the click that selects, or to the pointer's leaving; after a
    de-selection counting begins again with the next sample. The visits are added up.

    Args:
        events: of one picture, in order of time.

    Returns:
        The sum; None when the pointer was never over the picture while it was not selected.

    Source: han2023luab, its released annotation tool.

    >>> visit = [Event("enter", 0.0), Event("move", 10.0, 0.1, 0.1), Event("select", 350.0, 0.5, 0.5)]
    >>> estimate_time(visit)
    340.0
    >>> estimate_time([*visit, Event("deselect", 400.0), Event("move", 410.0, 0.5, 0.4), Event("leave", 500.0)])
    430.0
    """
    total, since, selected, counted, now = 0.0, None, False, False, 0.0
    for event in events:
        now = max(now, event.elapsed_ms or 0.0)
        if event.kind == "move" and not selected:
            since, counted = (now if since is None else since), True
        elif event.kind in ("select", "leave") and since is not None:
            total, since = total + now - since, None
        if event.kind in ("select", "deselect"):
            selected = event.kind == "select"
    if since is not None:
        total += now - since
    return total if counted else None
