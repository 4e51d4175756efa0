"""The demo's campaign: a service is started, simulated annotators label through it, and what they did is exported."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sidelight.collect.campaign.folder import init_campaign
from sidelight.collect.campaign.prepare import prepare
from sidelight.collect.campaign.settings import Settings
from sidelight.data.format.reader import Dataset
from sidelight.data.source.progress import silent
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_export import Wish, export_campaign
from sidelight.pipeline.collect_serving import serving
from sidelight.pipeline.collect_simulate import simulate_visit
from sidelight.pipeline.collect_visit import SimulatedVisit
from sidelight.records.errors import UserFault


def label_by_service(
    pictures: Path, out: Path, *, work: Path, annotators: int = 20, announce: Callable[[str], None]
) -> None:
    """Let simulated people label the pictures of a dataset in a campaign of their own, and put the clicks onto it.

    Every picture is a candidate of the page that asks for its class, among pictures of other classes.

    Args:
        pictures: single-label dataset; its boxes tell the simulated people where objects are.
        out: dataset to make: the same pictures with what was collected, in grade L2.
        work: folder for the campaign; made anew.
        annotators: number of people.
        announce: told in words what happens.

    Raises:
        UserFault: the service does not start, or it broke a promise.
    """
    if work.exists():
        shutil.rmtree(work)
    dataset = Dataset.open(pictures)
    _sort_by_class(dataset, work / "photos")
    campaign = work / "campaign"
    asked = Settings(
        task="browse",
        title="Find the digits",
        images=str((work / "photos").resolve()),
        pages_per_hit=1,  # so that many take part: who works by keyboard alone leaves no click
        hits_per_person=100,
        practice_pages=0,
    )
    prepared = prepare(asked, classes=None, gold=None)
    init_campaign(campaign, prepared.settings, prepared.pictures, store_url="", clock=wall_clock)
    with serving(campaign, work / "service.log") as address:
        announce(f"{annotators} simulated annotators label through {address}")
        visit = SimulatedVisit(annotators=annotators, boxes=pictures)
        lines, good = simulate_visit(campaign, visit, url="", progress=silent)
    announce(lines[0])
    if not good:
        raise UserFault("the service", seen=" ".join(lines), allowed="every promise kept", remedy="Report this fault")
    announce("exporting what they did")
    export_campaign(campaign, out, Wish(kind="sidelight", grade="L2", onto=pictures), progress=silent)


def _sort_by_class(dataset: Dataset, folder: Path) -> None:
    """Copy the pictures into a folder a class, as a requester has them."""
    for example in dataset.examples():
        target = folder / dataset.manifest.classes[example.labels[0]] / Path(example.path).name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dataset.image_path(example), target)
