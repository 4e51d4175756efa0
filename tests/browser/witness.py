"""What the page itself saw of the pointer, noted beside the recorder and without it; and an export, read against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from tests.browser.running import Service

from sidelight.cli.main import main
from sidelight.collect.service.tokens import Tokens
from sidelight.collect.store import pictures

NOTE = """
window.witnessed = [];
const placeOf = (image) => {
  const { left, top, width, height } = image.getBoundingClientRect();
  const scale = Math.min(width / image.naturalWidth, height / image.naturalHeight);
  const [w, h] = [scale * image.naturalWidth, scale * image.naturalHeight];
  return [image.src.split("/").pop(), [left + (width - w) / 2, top + (height - h) / 2, w, h]];
};
let submitted = false;
addEventListener("click", ({ target }) => (submitted ||= target.closest(".submit") !== null), true);
for (const type of ["pointermove", "pointerdown", "pointerup"]) {
  addEventListener(type, (event) => {
    if (submitted || !document.querySelector(".area > *")) return;
    const parts = type === "pointermove" ? event.getCoalescedEvents() : [];
    const boxes = Object.fromEntries([...document.querySelectorAll(".area img")].map(placeOf));
    const { scale, offsetLeft, offsetTop } = visualViewport;
    for (const { timeStamp: t, clientX: x, clientY: y } of parts.length ? parts : [event]) {
      const at = [(x - offsetLeft) * scale, (y - offsetTop) * scale];
      witnessed.push({ t, x, y, at, boxes, late: performance.now() - t, together: parts.length });
    }
  }, true);
}
"""
"""Runs before the page's own scripts. Notes, from the task's appearing to the click that submits, every pointer sample,
and where each picture was at that moment."""

TICK_MS = 0.2
"""Times are kept, and told by Chromium, in steps of 0.1 ms."""
NEAR_PX = 0.5

Place = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Sample:
    """A pointer sample of the page's own log (`NOTE`).

    Attributes:
        t: `timeStamp`, ms.
        x: client px.
        y: client px.
        at: px of the window.
        boxes: path of each picture -> where it was, client px.
        late: ms from the sample to its being told.
        together: how many samples were told at once; 0 for a press or release.
    """

    t: float
    x: float
    y: float
    at: Place
    boxes: dict[str, Box]
    late: float
    together: int


@dataclass(frozen=True)
class Moved:
    """A sample as the export has it: time, the picture it belongs to, and its place in [0, 1] of that picture."""

    t: float
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Exported:
    """A page in an export of grade L3.

    Attributes:
        annotations: rows of annotations.parquet.
        moves: all pointer samples of the page, by time.
        acts: all other events, by time.
        started_at: wall clock at time 0, ms since 1970.
    """

    annotations: list[dict[str, Any]]
    moves: list[Moved]
    acts: list[dict[str, Any]]
    started_at: float


def read(noted: list[dict[str, Any]], service: Service) -> list[Sample]:
    """The page's own log: what it has in `witnessed`."""
    tokens = Tokens(service.campaign.secrets.signing_key())
    ids = {signed: tokens.pictured(signed) for signed in {name for one in noted for name in one["boxes"]}}
    with service.store.read() as c:
        found = pictures.get(c, ids.values())
    return [
        Sample(**one | {"boxes": {found[ids[name]].path: tuple(box) for name, box in one["boxes"].items()}})
        for one in noted
    ]


def exported(service: Service, out: Path) -> Path:
    """What `sidelight collect export --as sidelight --grade L3` makes of a campaign."""
    words = ["--as", "sidelight", "--grade", "L3", "--reason", "to test the recorder", "--out", str(out)]
    assert main(["collect", "export", str(service.campaign.folder), *words]) == 0
    return out


def export_page(service: Service, out: Path) -> Exported:
    """The only page of an export."""
    annotations = pq.read_table(exported(service, out) / "annotations.parquet").to_pylist()
    of = {one["id"]: one["example_id"] for one in annotations}
    moves: list[Moved] = []
    acts: list[dict[str, Any]] = []
    for row in pq.read_table(out / "traces.parquet").to_pylist():
        path = of[row.pop("annotation_id")]
        for event in (dict(zip(row, values, strict=True)) for values in zip(*row.values(), strict=True)):
            if event["kind"] == "move":
                moves.append(Moved(event["elapsed_ms"], path, event["x"], event["y"]))
            else:
                acts.append(event)
    (started_at,) = {one["started_at"] for one in annotations}
    by_time = sorted(acts, key=lambda act: act["elapsed_ms"])
    return Exported(annotations, sorted(moves, key=lambda one: one.t), by_time, started_at)


def assert_same_path(found: Exported, truth: list[Sample]) -> None:
    """Every sample of the page's own log is in the export once: at its time, on its picture, at its place."""
    assert len(found.moves) == len(truth) > 0
    ahead = [seen.t - kept.t for kept, seen in zip(found.moves, truth, strict=True)]
    assert max(ahead) - min(ahead) <= TICK_MS
    for kept, seen in paired(found.moves, truth):
        left, top, width, height = seen.boxes[kept.path]
        assert abs(left + kept.x * width - seen.x) <= NEAR_PX
        assert abs(top + kept.y * height - seen.y) <= NEAR_PX
        assert [path for path, box in seen.boxes.items() if is_within(box, seen)] in ([], [kept.path])


def paired(moves: list[Moved], truth: list[Sample]) -> Iterator[tuple[Moved, Sample]]:
    """Samples of the export, in the order of their times, and those of the page's log.

    An export has a trace for each picture, so that of samples on two pictures at the very same time (a busy browser
    gives one to several) nobody knows the order: these are paired from left to right.
    """
    for _, group in groupby(zip(moves, truth, strict=True), key=lambda pair: pair[0].t):
        pairs = list(group)
        x = {id(kept): seen.boxes[kept.path][0] + kept.x * seen.boxes[kept.path][2] for kept, seen in pairs}
        yield from zip(
            sorted((kept for kept, _ in pairs), key=lambda kept: x[id(kept)]),
            sorted((seen for _, seen in pairs), key=lambda seen: seen.x),
            strict=True,
        )


def is_within(box: Box, seen: Sample) -> bool:
    """Whether a sample lies in a box, and not just at its edge."""
    left, top, width, height = box
    return NEAR_PX < seen.x - left < width - NEAR_PX and NEAR_PX < seen.y - top < height - NEAR_PX
