"""Several streams of events as one log."""

from collections.abc import Iterable
from operator import itemgetter

from sidelight.records.event import Event


def merge_streams(streams: Iterable[Iterable[tuple[float, Event]]]) -> tuple[Event, ...]:
    """Merge streams by their keys, without ever changing the order inside a stream.

    Recorded stamps repeat and step back. An event whose key is below an earlier one of its stream is placed as if it
    had that key. Where keys are equal, earlier streams come first.

    Args:
        streams: of (key, event); the key is the time, or the time with a rank for equal times.

    >>> a, b, c = Event("enter", 5.0), Event("leave", 3.0), Event("move", 4.0)
    >>> [event.kind for event in merge_streams([[(5, a), (3, b)], [(4, c)]])]
    ['move', 'enter', 'leave']
    """
    keyed: list[tuple[float, Event]] = []
    for stream in streams:
        latest = -1.0
        for key, event in stream:
            latest = max(latest, key)
            keyed.append((latest, event))
    keyed.sort(key=itemgetter(0))
    return tuple([event for _, event in keyed])
