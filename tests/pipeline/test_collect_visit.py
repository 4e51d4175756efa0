"""Simulated people through the whole service, in one process.

Under faults: `tests/collect/simulate/test_fault_run.py`.
"""

import asyncio

import httpx
import pytest

from sidelight.collect.service.app import create_app
from sidelight.collect.simulate.journal import Handed, Journal
from sidelight.collect.store import chunks
from sidelight.collect.store.engine import open_store
from sidelight.pipeline.collect_check import check_store
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.pipeline.collect_visit import SimulatedVisit, all_work, summary

START_S = 1_800_000_000.0


class Clock:
    """Stands still, but for what it is told and a hair with every look."""

    def __init__(self):
        self.now = START_S

    def __call__(self):
        self.now += 1e-4
        return self.now


def size_of(store):
    with store.read() as c:
        return chunks.size(c)


def visited(folder, task, visit, **settings):
    """Draw a campaign, let people work in it; the journal and what the store came to."""
    clock = Clock()
    usual = {"candidates": 9, "pages_per_hit": 4, "annotators": 4, "hits_per_person": 2}
    campaign, world = draw_campaign(folder, task=task, pictures=36, clock=clock, **usual | settings)
    store, journal = open_store(campaign.store_url, clock=clock), Journal()
    try:
        app = create_app(campaign, store, clock=clock, static=folder)

        async def work():
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
                await all_work(http, visit, world, journal, lambda done, total: None, wait_s=0.0)

        asyncio.run(work())
        return campaign, journal, check_store(store, campaign, journal), size_of(store)
    finally:
        store.close()


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_people_label_to_the_end_and_are_paid(tmp_path, task):
    _, journal, verdict, _ = visited(tmp_path, task, SimulatedVisit(annotators=6, run="r"))
    assert verdict.good, verdict.notes
    assert verdict.pages >= 20
    assert verdict.incomplete == verdict.late == 0
    assert journal.count("finished") == journal.count("consented") == 6
    assert journal.count("broke") == 0


def test_what_people_do_follows_from_the_seed(tmp_path):
    def answers(folder, seed):
        _, journal, _, _ = visited(tmp_path / folder, "browse", SimulatedVisit(annotators=1, run="r", seed=seed))
        return [sorted(map(repr, line.answer.selected.values())) for line in journal.lines if isinstance(line, Handed)]

    assert answers("a", 3) == answers("b", 3) != answers("c", 4)


def test_the_summary_says_what_happened(tmp_path):
    _, journal, verdict, _ = visited(tmp_path, "tag", SimulatedVisit(annotators=3, run="r"))
    lines = summary(journal, verdict, 2.0)
    assert lines[0].startswith(f"{verdict.pages} pages submitted in 2.0 s")
    assert "finished 3" in lines[2]
    assert lines[-1] == "every promise was kept"
    broken = summary(
        journal, type(verdict)(**{**{f: getattr(verdict, f) for f in verdict.__struct_fields__}, "lost": 1}), 2.0
    )
    assert broken[-1] == "A PROMISE WAS BROKEN"


def test_a_page_of_browsing_takes_few_bytes(tmp_path):
    _, _, verdict, size = visited(tmp_path, "browse", SimulatedVisit(annotators=6, run="r"))
    assert size.bytes / verdict.acknowledged < 12.0
    assert size.samples > 0.5 * verdict.acknowledged
