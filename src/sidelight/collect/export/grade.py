"""How much of a person an export carries: four grades, from labels alone to everything."""

from typing import Literal

import msgspec

from sidelight.collect.export.resample import resampled
from sidelight.records.annotation import Annotation, PointPolicy

Grade = Literal["L0", "L1", "L2", "L3"]
"""L0 labels; L1 final points, masks and durations under a pseudonym; L2 resampled paths, the clock shifted; L3 all."""

Task = Literal["browse", "tag", "paint"]

POLICIES: dict[Task, dict[Grade, tuple[PointPolicy, ...]]] = {
    "browse": {"L0": (), "L1": ("final",), "L2": ("first", "final"), "L3": ("first", "final")},
    "tag": {"L0": (), **dict.fromkeys(("L1", "L2", "L3"), ("last_add", "final_position"))},
    "paint": dict.fromkeys(("L0", "L1", "L2", "L3"), ()),
}
"""Which points an export of a task has, by grade."""

_ALWAYS = {"conditions", "complete", "order", "blank"}
_BEHAVIOUR = {"by", "strokes", "active_ms", "idle_ms", "hidden_ms", "segments"}
_DISPLAY = {"imageWidth", "imageHeight", "image_idx", "page_idx"}

EXTRA: dict[Grade, frozenset[str] | None] = {
    "L0": frozenset(),
    "L1": frozenset(_ALWAYS),
    "L2": frozenset(_ALWAYS | _BEHAVIOUR | _DISPLAY),
    "L3": None,
}
"""Which texts of `Annotation.extra` are kept; None keeps all. A picture's place on the screen tells the window's size,
which helps to know a person again: only L3 has it."""

SHIFT_RANGE_MS = 30 * 86_400_000.0
"""A session's clock is moved by up to 30 days either way."""


def graded(
    annotation: Annotation, grade: Grade, *, annotation_id: str, person: str, shift_ms: float, task: Task
) -> Annotation:
    """What a grade lets through of an annotation.

    ======  ==========================================================================================
    grade   what is kept
    ======  ==========================================================================================
    L0      picture, class, whether it was selected. No pseudonym: nobody's answers can be put together
    L1      + a pseudonym, the final point (or mask, which lies beside the record), durations
    L2      + the path over each picture, resampled evenly; clicks; the clock shifted by one amount a session
    L3      everything as recorded
    ======  ==========================================================================================

    Args:
        annotation: as recorded.
        grade: how much to keep.
        annotation_id: its name in the export; the store's own never leaves.
        person: the annotator's pseudonym in this export.
        shift_ms: by how much this session's clock is moved (L2).
        task: which points there may be.

    >>> from sidelight.records.event import Event
    >>> raw = Annotation("p7/x", "cat", "session", points={"first": (0.1, 0.2), "final": (0.3, 0.4)}, dwell_ms=500.0,
    ...                  started_at=1e12, events=(Event("move", 5.0, 0.1, 0.2),))
    >>> slim = graded(raw, "L1", annotation_id="1", person="A", shift_ms=0.0, task="browse")
    >>> slim.points, slim.dwell_ms, slim.started_at, slim.events
    ({'final': (0.3, 0.4)}, 500.0, None, ())
    """
    kept, allowed = POLICIES[task][grade], EXTRA[grade]
    bare = msgspec.structs.replace(
        annotation,
        id=annotation_id,
        annotator="" if grade == "L0" else person,
        points={policy: point for policy, point in annotation.points.items() if policy in kept},
        extra={k: v for k, v in annotation.extra.items() if allowed is None or k in allowed},
    )
    if grade == "L3":
        return bare
    if grade == "L2":
        started = None if bare.started_at is None else max(0.0, bare.started_at + shift_ms)
        return msgspec.structs.replace(bare, started_at=started, events=resampled(bare.events))
    dwell = bare.dwell_ms if grade == "L1" else None
    return msgspec.structs.replace(bare, started_at=None, events=(), dwell_ms=dwell)
