"""What a person's pages show about how she works. Screening only: a reason to look, never a finding, never a verdict.

Assistive technology, touch, a tremor, a slow machine or a remote desktop change every one of these figures. Nobody is
refused or paid less because of them; a person decides, after looking at the replay.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from sidelight.collect.annotate import Annotated
from sidelight.collect.measure.pointing import pointing
from sidelight.collect.wire.chunk import Chunk
from sidelight.records.example import Box

HOVER_MS = 50.0
"""A pointer that was on a picture for so long before the click hovered over it."""

FEWEST_CLICKS, FEWEST_MOVEMENTS, FEWEST_DECISIONS = 10, 10, 5
"""Below so many nothing is flagged."""

LOW_INSIDE, LOW_HOVERED, HIGH_STRAIGHT, HIGH_JUMPS, FAST_MS = 0.6, 0.5, 0.5, 0.2, 250.0
"""Beyond these a figure stands out. For comparison: in the published data 82.9 % of the clicks (ImageNet-AB) and 92.3 %
of the icons (COCO-AB) lie in a box of the object."""


@dataclass(frozen=True)
class Watched:
    """One page of a person.

    Attributes:
        annotated: what `annotate` made of it.
        chunks: of the page.
        boxes: gold: picture id -> where the object is, in [0, 1]; pictures without a known truth are not in it.
    """

    annotated: Sequence[Annotated]
    chunks: Sequence[Chunk]
    boxes: Mapping[str, Sequence[Box]] = field(default_factory=dict)


class Screening(msgspec.Struct, frozen=True):
    """A person's figures over all her pages. Screening only.

    Attributes:
        pages: seen.
        gold_clicks: clicks (browse) and icons (tag) on pictures whose object's boxes are known.
        gold_inside: of these, inside a box.
        clicks: selecting clicks of mouse and pen.
        hovered: of these, with the pointer on the picture for a moment before.
        decision_ms: median time over a picture until it was selected, else on a page; None if unknown.
        decisions: how many times that is the median of.
        movements: of mouse and pen, long enough to be judged.
        straight: of these, on a straight line.
        jumps: samples far from the one before, without a way between.
    """

    pages: int
    gold_clicks: int
    gold_inside: int
    clicks: int
    hovered: int
    decision_ms: float | None
    decisions: int
    movements: int
    straight: int
    jumps: int

    @property
    def gold_inside_share(self) -> float | None:
        """Share of clicks on gold pictures that lie in the object's box; None without any."""
        return self.gold_inside / self.gold_clicks if self.gold_clicks else None

    @property
    def hovered_share(self) -> float | None:
        """Share of clicks before which the pointer was on the picture for a moment; None without any."""
        return self.hovered / self.clicks if self.clicks else None

    @property
    def straight_share(self) -> float | None:
        """Share of long movements that are straight; None without any."""
        return self.straight / self.movements if self.movements else None

    def flags(self) -> tuple[str, ...]:
        """What stands out, in words. Screening only."""
        standing_out = {
            "many clicks beside the object": self.gold_clicks >= FEWEST_CLICKS
            and self.gold_inside < LOW_INSIDE * self.gold_clicks,
            "clicks without the pointer on the picture before": self.clicks >= FEWEST_CLICKS
            and self.hovered < LOW_HOVERED * self.clicks,
            "very fast decisions": self.decisions >= FEWEST_DECISIONS and (self.decision_ms or 0.0) < FAST_MS,
            "movements on straight lines": self.movements >= FEWEST_MOVEMENTS
            and self.straight > HIGH_STRAIGHT * self.movements,
            "the pointer jumps": self.clicks >= FEWEST_CLICKS and self.jumps > HIGH_JUMPS * self.clicks,
        }
        return tuple(words for words, true in standing_out.items() if true)


def screen(pages: Iterable[Watched]) -> Screening:
    """Add up what a person's pages show.

    Args:
        pages: of one person.

    >>> screen([]).flags()
    ()
    """
    pages = list(pages)
    inside = [hit for page in pages for each in page.annotated for hit in _gold(each, page.boxes)]
    hovered = [seen for page in pages for each in page.annotated for seen in _hovered(each)]
    decisions = [time for page in pages for time in _decisions(page.annotated)]
    ways = [pointing(page.chunks) for page in pages]
    return Screening(
        pages=len(pages),
        gold_clicks=len(inside),
        gold_inside=sum(inside),
        clicks=len(hovered),
        hovered=sum(hovered),
        decision_ms=round(statistics.median(decisions), 1) if decisions else None,
        decisions=len(decisions),
        movements=sum(way.movements for way in ways),
        straight=sum(way.straight for way in ways),
        jumps=sum(way.jumps for way in ways),
    )


def _gold(each: Annotated, boxes: Mapping[str, Sequence[Box]]) -> list[bool]:
    """Whether the point of a selection lies in a box of its class; nothing where no point or no box is known."""
    points, label = each.annotation.points, each.annotation.label
    point = points.get("final") or points.get("final_position")
    known = [box for box in boxes.get(each.picture, ()) if box.label in (None, label)]
    if not (each.annotation.selected and point and known):
        return []
    return [any(box.contains(*point) for box in known)]


def _hovered(each: Annotated) -> list[bool]:
    """For each selecting click of a mouse or pen, whether the pointer was on the picture for a moment before."""
    if each.annotation.extra.get("by") == "touch":
        return []
    found: list[bool] = []
    since: float | None = None
    for event in each.annotation.events:
        now = event.elapsed_ms or 0.0
        if event.kind == "leave":
            since = None
        elif event.kind in ("enter", "move") and since is None:
            since = now
        elif event.kind == "select" and event.x is not None:
            found.append(since is not None and now - since >= HOVER_MS)
    return found


def _decisions(annotated: Sequence[Annotated]) -> list[float]:
    """Times until selections where they are known, else the page's."""
    records = [each.annotation for each in annotated]
    selected = [record.dwell_ms for record in records if record.selected and record.dwell_ms is not None]
    return selected or [record.dwell_ms for record in records if record.label is None and record.dwell_ms is not None]
