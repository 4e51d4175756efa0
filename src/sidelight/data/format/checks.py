"""What must hold of one record beyond its types (`fingerprint.normal_form` sees to those).

The writer refuses what the validator would report: both ask here.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from sidelight.data.format.manifest import Task
from sidelight.records.annotation import Annotation
from sidelight.records.event import Event
from sidelight.records.example import Box, Example

POINT_MARGIN = 0.05
"""How far outside [0, 1] a recorded point may lie: pointers overshoot a picture's border by a pixel or two."""


def example_faults(example: Example, *, task: Task, classes: int) -> Iterator[str]:
    """Say everything that is wrong with an example, one message a fault.

    >>> list(example_faults(Example("a", "a.jpg", "train", 8, 0, (0,)), task="single_label", classes=2))
    ['height is 0; at least 1 is allowed']
    """
    if not example.id:
        yield "the id is empty"
    yield from _path_faults(example)
    for name in ("width", "height"):
        if getattr(example, name) < 1:
            yield f"{name} is {getattr(example, name)}; at least 1 is allowed"
    if task == "single_label" and len(example.labels) != 1:
        yield f"{len(example.labels)} labels; a single-label dataset has exactly one a picture"
    if len(set(example.labels)) != len(example.labels):
        yield f"labels {list(example.labels)} name a class twice"
    for label in example.labels:
        yield from _label_faults("label", label, classes)
    for number, box in enumerate(example.boxes):
        yield from box_faults(f"box {number}", box, classes=classes)


def _path_faults(example: Example) -> Iterator[str]:
    for name in ("path", "mask_path", "map_path"):
        value = getattr(example, name)
        if value is None:
            continue
        if not value or value[0] == "/" or "\\" in value or ".." in value.split("/"):
            yield f"{name} is {value!r}; a relative path with forward slashes and without '..' is allowed"


def box_faults(name: str, box: Box, *, classes: int) -> Iterator[str]:
    """Say what is wrong with a box: it must lie in [0, 1] and have an area."""
    corners = (box.x0, box.y0, box.x1, box.y1)
    if not all(map(math.isfinite, corners)) or min(corners) < 0 or max(corners) > 1:
        yield f"{name} is {corners}; corners in [0, 1] are allowed"
    elif box.x0 >= box.x1 or box.y0 >= box.y1:
        yield f"{name} is {corners}; x0 < x1 and y0 < y1 are allowed"
    if box.label is not None:
        yield from _label_faults(f"{name}'s label", box.label, classes)


def mask_faults(example: Example, mask: npt.NDArray[np.integer[Any]], *, classes: int) -> Iterator[str]:
    """Say what is wrong with a mask: it has the picture's size, and class index + 1 or 0 in every pixel."""
    if mask.shape != (example.height, example.width):
        yield f"the mask has (height, width) {mask.shape}; the picture's {(example.height, example.width)} is allowed"
    elif mask.max() > classes:
        yield f"the mask holds {mask.max()}; 0 (background) to {classes} (class index + 1) are allowed"


def saliency_faults(levels: npt.NDArray[np.integer[Any]]) -> Iterator[str]:
    """Say what is wrong with a heat map: one that is the same everywhere says nothing, and scaling it divides by 0.

    >>> list(saliency_faults(np.zeros((2, 2), np.uint8)))
    ['every pixel of the heat map is 0; a map that says where people looked, or none, is allowed']
    """
    if levels.min() == levels.max():
        yield f"every pixel of the heat map is {levels.min()}; a map that says where people looked, or none, is allowed"


def annotation_faults(annotation: Annotation, *, classes: int) -> Iterator[str]:
    """Say everything that is wrong with an annotation and its events, one message a fault.

    >>> list(annotation_faults(Annotation("a", "cat_1", points={"final": (0.5, 7.0)}), classes=2))
    ['final point is (0.5, 7.0); finite numbers in [-0.05, 1.05] are allowed']
    """
    if not annotation.id:
        yield "the id is empty"
    if annotation.label is not None:
        yield from _label_faults("label", annotation.label, classes)
    for policy, point in annotation.points.items():
        if not all(-POINT_MARGIN <= value <= 1 + POINT_MARGIN for value in point):
            allowed = f"finite numbers in [{-POINT_MARGIN}, {1 + POINT_MARGIN}] are allowed"
            yield f"{policy} point is {tuple(point)}; {allowed}"
    for name in ("dwell_ms", "started_at"):
        value = getattr(annotation, name)
        if value is not None and not 0 <= value < math.inf:
            yield f"{name} is {value}; a finite number >= 0 is allowed"
    yield from log_faults(annotation.events)


def log_faults(events: Iterable[Event]) -> Iterator[str]:
    """Say what is wrong with the events of an annotation, one message a fault."""
    for number, event in enumerate(events):
        total = (event.elapsed_ms or 0) + (event.x or 0) + (event.y or 0) + (event.from_x or 0) + (event.from_y or 0)
        if not math.isfinite(total):
            yield f"event {number} holds a number that is not finite: {event}"
        if event.keyboard and (event.x is not None or event.y is not None):
            yield f"event {number} was done by keyboard yet has a place ({event.x}, {event.y})"


def _label_faults(name: str, label: int, classes: int) -> Iterator[str]:
    if not 0 <= label < classes:
        yield f"{name} is {label}; 0 to {classes - 1} are allowed"
