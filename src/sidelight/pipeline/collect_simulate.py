"""Simulated people label through a running service; then its store is held against what they know."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx

from sidelight.collect.campaign.folder import open_campaign
from sidelight.collect.service.running import running_address
from sidelight.collect.simulate.client import HARD
from sidelight.collect.simulate.journal import Journal
from sidelight.collect.simulate.person import World
from sidelight.collect.store.engine import open_store
from sidelight.pipeline.collect_check import check_store
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_visit import SimulatedVisit, all_work, summary
from sidelight.pipeline.collect_world import campaign_world, mark_simulated
from sidelight.records.errors import UserFault

TIMEOUT_S = 30.0

LONGEST_LEASE_MINUTES = 2.0
"""Leases that simulated people wait for the end of."""


def simulate_visit(
    folder: Path, visit: SimulatedVisit, *, url: str, progress: Callable[[int, int | None], None]
) -> tuple[list[str], bool]:
    """Let people label in a campaign whose service runs.

    The campaign is marked: from now on all its exports say that people in it are simulated.

    Args:
        folder: of the campaign; its store is read afterwards.
        visit: who comes.
        url: of the service; "" looks it up in the folder.
        progress: told how many people are done.

    Returns:
        Lines to print, and whether the store kept all its promises.

    Raises:
        UserFault: there is no campaign, or no service answers.
    """
    campaign = open_campaign(folder)
    address = url or running_address(folder)
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    try:
        mark_simulated(store, visit.annotators)
        world = campaign_world(campaign, store, visit.boxes)
        journal = Journal()
        began = time.perf_counter()
        asyncio.run(visit_over_http(address, _late(visit, campaign.settings.lease_minutes), world, journal, progress))
        seconds = time.perf_counter() - began
        verdict = check_store(store, campaign, journal)
    finally:
        store.close()
    return summary(journal, verdict, seconds), verdict.good and not journal.count("broke")


def _late(visit: SimulatedVisit, lease_minutes: float) -> SimulatedVisit:
    """Among the faults, some pages come after their lease: where leases are so short that one can wait for it."""
    if not visit.faults or visit.habits is not None:
        return visit
    late = HARD.late if lease_minutes <= LONGEST_LEASE_MINUTES else 0.0
    return replace(visit, habits=replace(HARD, late=late, late_s=60.0 * lease_minutes + 3.0))


async def visit_over_http(
    url: str, visit: SimulatedVisit, world: World, journal: Journal, progress: Callable[[int, int | None], None]
) -> None:
    """Let everybody come, over the network."""
    limits = httpx.Limits(max_connections=visit.at_once, max_keepalive_connections=visit.at_once)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=TIMEOUT_S) as http:
        await _refuse_silence(http)
        await all_work(http, visit, world, journal, progress)


async def _refuse_silence(http: httpx.AsyncClient) -> None:
    try:
        await http.get("/healthz")
    except httpx.TransportError as error:
        raise UserFault(
            f"service at {http.base_url}",
            seen=f"no answer ({type(error).__name__})",
            allowed="the address of a running service",
            remedy="Start it: sidelight collect serve DIR",
        ) from error
