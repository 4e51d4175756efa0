"""A campaign's work leaves the house: as a dataset, or in one of the published formats."""

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from sidelight.collect.campaign.folder import Campaign, open_campaign
from sidelight.collect.export.grade import Grade
from sidelight.collect.export.semantics import Semantics
from sidelight.collect.store.engine import Store, open_store
from sidelight.collect.wire.page import Task
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_coco_ab import write_coco_ab
from sidelight.pipeline.collect_dataset import write_dataset
from sidelight.pipeline.collect_folder import EXPORT_FILE, appearing
from sidelight.pipeline.collect_gather import Gathered, label_of, picture_root
from sidelight.pipeline.collect_imagenet_ab import write_imagenet_ab
from sidelight.pipeline.collect_onto import put_onto
from sidelight.pipeline.collect_pages import done_pages
from sidelight.pipeline.collect_provenance import ExportNote, export_provenance, simulated_statement
from sidelight.pipeline.collect_saliency import write_saliency_maps
from sidelight.records.errors import UserFault

Format = Literal["sidelight", "imagenet_ab", "coco_ab", "saliency_maps"]
Progress = Callable[[int, int | None], None]

TASK_OF: dict[Format, Task | None] = {
    "sidelight": None,
    "imagenet_ab": "browse",
    "coco_ab": "tag",
    "saliency_maps": "paint",
}
"""Which task a format can say; None: any."""

SHORTEST_REASON = 10
"""Letters."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants exported.

    Attributes:
        kind: format.
        grade: how much of a person to keep.
        semantics: of the AB formats.
        reason: why raw behaviour is needed (L3).
        overwrite: whether an earlier export may be replaced.
        onto: dataset whose pictures were labelled, to put the annotations onto; its splits, boxes and masks are kept.
    """

    kind: Format
    grade: Grade
    semantics: Semantics = "release"
    reason: str = ""
    overwrite: bool = False
    onto: Path | None = None


def export_campaign(folder: Path, out: Path, wish: Wish, *, progress: Progress) -> list[str]:
    """Export a campaign; its service may be running.

    Args:
        folder: of the campaign.
        out: folder to make; it appears whole or not at all.
        wish: what to export.
        progress: told how many pages are done.

    Returns:
        Lines to print: what went in, and what was left out and why.

    Raises:
        UserFault: the campaign's task is not the format's, L3 has no reason, or there is nothing to export.
    """
    campaign = open_campaign(folder)
    _refuse(wish, campaign)
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    try:
        with tempfile.TemporaryDirectory() as work:
            place = out if wish.onto is None else Path(work) / "export"
            told = _export(campaign, store, place, wish, work=Path(work) / "works.sqlite", progress=progress)
            return told if wish.onto is None else [*told, _put(wish.onto, place, out, overwrite=wish.overwrite)]
    finally:
        store.close()


def _put(parent: Path, collected: Path, out: Path, *, overwrite: bool) -> str:
    manifest, lost = put_onto(parent, collected, out, overwrite=overwrite)
    others = f"; {lost} annotations of other pictures left out" if lost else ""
    return f"put onto '{manifest.name}' -> {out}{others}"


def _refuse(wish: Wish, campaign: Campaign) -> None:
    if wish.onto is not None and wish.kind != "sidelight":
        raise UserFault("--onto", seen=f"with --as {wish.kind}", allowed="--as sidelight", remedy="Leave --onto out")
    task, wanted = campaign.settings.task, TASK_OF[wish.kind]
    if wanted not in (None, task):
        fitting = ", ".join(kind for kind, t in TASK_OF.items() if t in (None, task))
        seen = f"{wish.kind}, which holds {wanted} campaigns; this one's task is {task}"
        raise UserFault("--as", seen=seen, allowed=fitting, remedy="Choose one of these")
    if wish.kind == "saliency_maps" and wish.grade == "L0":
        seen, allowed = "maps at L0, which holds labels alone", "L1, L2, L3"
        raise UserFault("--grade", seen=seen, allowed=allowed, remedy="Choose L1: maps of several people, no path")
    if wish.grade == "L3" and len(wish.reason.strip()) < SHORTEST_REASON:
        raise UserFault(
            "--grade L3",
            seen=f"--reason is {wish.reason!r}",
            allowed="a reason in words, since raw movements identify people",
            remedy="State it with --reason, or export L2",
        )


def _export(campaign: Campaign, store: Store, out: Path, wish: Wish, *, work: Path, progress: Progress) -> list[str]:
    counts: Counter[str] = Counter()
    whole = wish.kind == "sidelight" and wish.grade == "L3"
    task, prefixes = campaign.settings.task, picture_root(campaign.settings)[1]
    gathered = Gathered(work, grade=wish.grade, task=task, prefixes=prefixes, whole=whole)
    try:
        for done, page in enumerate(done_pages(store, campaign.settings, grade=wish.grade, counts=counts), start=1):
            gathered.add(page)
            progress(done, None)
        if not counts["pages"]:
            raise _nothing(campaign, counts)
        provenance = export_provenance(
            campaign, store, grade=wish.grade, semantics=wish.semantics, reason=wish.reason, counts=counts
        )
        written = _write(campaign, store, out, wish, gathered=gathered, provenance=provenance)
    finally:
        gathered.close()
    return _told(out, wish, provenance, written)


def _write(
    campaign: Campaign, store: Store, out: Path, wish: Wish, *, gathered: Gathered, provenance: dict[str, str]
) -> Counter[str]:
    settings, simulated = campaign.settings, simulated_statement(store)
    classes = tuple(one.name for one in settings.classes)
    if wish.kind == "sidelight":
        return write_dataset(
            out,
            gathered.seen(store),
            name=settings.title,
            task=settings.task,
            classes=classes,
            image_root=picture_root(settings)[0],
            grade=wish.grade,
            provenance=provenance,
            simulated=simulated,
            overwrite=wish.overwrite,
        )
    with appearing(out, overwrite=wish.overwrite) as place:
        seen, known = gathered.seen(store), gathered.known(store)
        if wish.kind == "imagenet_ab":
            labels = {one.path: label for one in known if (label := label_of(one)) is not None}
            written = write_imagenet_ab(place, seen, known=labels, classes=classes, semantics=wish.semantics)
        elif wish.kind == "coco_ab":
            paths, panels = [one.path for one in known], tuple(settings.panels)
            written = write_coco_ab(place, seen, paths=paths, classes=classes, panels=panels, semantics=wish.semantics)
        else:
            written = write_saliency_maps(place, seen, classes=classes)
        provenance |= {f"count.{what}": str(count) for what, count in sorted(written.items())}
        note = ExportNote(wish.kind, simulated, provenance)
        (place / EXPORT_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(note), indent=2) + b"\n")
    return written


def _nothing(campaign: Campaign, counts: Counter[str]) -> UserFault:
    left_out = ", ".join(f"{what.replace('_', ' ')}: {count}" for what, count in sorted(counts.items()))
    return UserFault(
        f"campaign {str(campaign.folder)!r}",
        seen=f"no page to export ({left_out or 'none was submitted'})",
        allowed="at least one submitted page",
        remedy="Wait for people's work, or choose another grade",
    )


def _told(out: Path, wish: Wish, provenance: dict[str, str], written: Counter[str]) -> list[str]:
    counts = {what.removeprefix("count."): count for what, count in provenance.items() if what.startswith("count.")}
    went_in = ", ".join(f"{what.replace('_', ' ')} {count}" for what, count in sorted(written.items()) if count)
    pages = ", ".join(f"{what.replace('_', ' ')} {count}" for what, count in counts.items() if what not in written)
    return [f"{wish.kind}, grade {wish.grade} -> {out}", f"written: {went_in}", f"counted: {pages}"]
