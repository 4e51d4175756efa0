"""What a running service does by itself: leases that ran out end, and what is too old is deleted."""

import asyncio
from collections.abc import Callable

import httpx

from sidelight.collect.panel.prolific import Prolific
from sidelight.collect.panel.prolific_api import ProlificApi
from sidelight.collect.panel.prolific_token import key_set
from sidelight.collect.service.desk import Desk, threaded
from sidelight.collect.service.problem import report
from sidelight.collect.store import bundles, leases, retention
from sidelight.collect.store.erasure import Removed

EVERY_S = 30.0
"""Between two rounds."""

SETTLED_S = 600.0
"""After a submit: until then the last chunks may still come."""

DAY_S = 86_400.0
"""Between two looks at what is old, and at the panel's keys."""


async def keep_house(desk: Desk, *, every_s: float = EVERY_S) -> None:
    """Go round until cancelled; what fails is reported, and tried again in the next round."""
    looked = None
    while True:
        now = desk.clock()
        done = await _tried(lambda: end_leases(desk)) and await _tried(lambda: tidy_up(desk))
        if looked is None or now - looked >= DAY_S:
            done = await _tried(lambda: forget_old(desk)) and await _tried(lambda: fetch_keys(desk)) and done
            looked = now if done else None
        await asyncio.sleep(every_s)


def end_leases(desk: Desk) -> int:
    """End the leases that ran out; their places are free again.

    Returns:
        How many.
    """
    ended, now = 0, desk.clock()
    while some := desk.write(lambda c: leases.reclaim(c, now=now)):
        ended += some
    return ended


def tidy_up(desk: Desk) -> int:
    """Pack together the chunks of pages that were submitted a while ago.

    Returns:
        How many pages.
    """
    packed, before = 0, desk.clock() - SETTLED_S
    while some := desk.write(lambda c: bundles.tidy(c, before=before)):
        packed += some
    return packed


def forget_old(desk: Desk) -> Removed:
    """Delete events, answers and identities whose time is over.

    Returns:
        What was removed of events and answers.
    """
    privacy, now, removed = desk.campaign.settings.privacy, desk.clock(), Removed()
    while (some := desk.write(lambda c: retention.expire(c, now=now, days=privacy.retention_days))) != Removed():
        removed += some
    desk.vault.forget_before(now - privacy.identity_days * DAY_S)
    if removed != Removed():
        desk.store.scrub()
    return removed


def fetch_keys(desk: Desk, *, transport: httpx.BaseTransport | None = None) -> None:
    """Fetch the public keys that the panel signs arrivals with, where the campaign asks for signatures.

    Args:
        desk: gets the keys; it keeps those it has when the panel does not answer.
        transport: how the request travels; None is the network.
    """
    if not (isinstance(desk.panel, Prolific) and desk.panel.audience):
        return
    api = ProlificApi("", transport=transport)
    try:
        desk.keys = key_set(api.key_set())
    finally:
        api.close()


async def _tried(work: Callable[[], object]) -> bool:
    try:
        await threaded(work)
    except Exception as fault:  # the service goes on whatever fails here
        report(fault)
        return False
    return True
