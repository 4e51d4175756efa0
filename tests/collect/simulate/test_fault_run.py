"""The short fault run: every fault at once, on SQLite and on PostgreSQL with two processes.

`make soak` runs the long one, which kills the service as well.
"""

import asyncio
from itertools import cycle

import httpx
import pytest

from sidelight.collect.service.app import create_app
from sidelight.collect.simulate.client import Habits
from sidelight.collect.simulate.journal import Journal
from sidelight.pipeline.collect_check import check_store
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.pipeline.collect_visit import SimulatedVisit, all_work

MISBEHAVE = Habits(reload=0.15, abandon=0.1, give_back=0.02, shuffle=0.4, hold_back=0.35)


class Ticking:
    """Goes on with every look, by so much that leases may run out under people's hands."""

    def __init__(self, tick_s):
        self.now, self.tick_s = 1_800_000_000.0, tick_s

    def __call__(self):
        self.now += self.tick_s
        return self.now


class Balanced(httpx.AsyncBaseTransport):
    """Gives requests to several apps in turn, as what stands before several processes does."""

    def __init__(self, apps):
        self._next = cycle([httpx.ASGITransport(app) for app in apps])

    async def handle_async_request(self, request):
        return await next(self._next).handle_async_request(request)


def faulty_run(folder, task, store_url, open_stores, *, people=18, tick_s=0.001):
    clock = Ticking(tick_s)
    settings = {"candidates": 9, "pages_per_hit": 4, "annotators": 8, "hits_per_person": 2, "lease_minutes": 1.0}
    campaign, world = draw_campaign(folder, task=task, pictures=36, store_url=store_url, clock=clock, **settings)
    stores = [open_stores(store_url) for _ in range(1 if store_url.startswith("sqlite") else 2)]
    apps = [create_app(campaign, store, clock=clock, static=folder) for store in stores]
    journal = Journal()

    async def work():
        async with httpx.AsyncClient(transport=Balanced(apps), base_url="http://service") as http:
            visit = SimulatedVisit(annotators=people, faults=True, habits=MISBEHAVE, run="r", seed=1)
            await all_work(http, visit, world, journal, lambda done, total: None, wait_s=0.0)

    asyncio.run(work())
    return journal, check_store(stores[0], campaign, journal)


@pytest.mark.parametrize("task", ["browse", "tag", "paint"])
def test_nothing_is_lost_or_doubled_when_everything_goes_wrong(tmp_path, task, store_url, open_stores):
    journal, verdict = faulty_run(tmp_path, task, store_url, open_stores)
    assert verdict.good, verdict.notes
    assert verdict.lost == verdict.doubled == verdict.altered == verdict.unknown == verdict.disagreeing == 0
    assert verdict.stored == verdict.delivered > 0
    assert verdict.pages >= 50
    assert verdict.incomplete == 0
    assert journal.count("broke") == 0
    for fault in ("dropped", "answer_lost", "doubled", "reloaded", "abandoned", "gaps"):
        assert journal.count(fault) > 0, fault


def test_what_comes_after_its_lease_is_taken_and_marked(tmp_path, store_url, open_stores):
    _, verdict = faulty_run(tmp_path, "paint", store_url, open_stores, people=5, tick_s=3.0)
    assert verdict.good
    assert verdict.late > 0
