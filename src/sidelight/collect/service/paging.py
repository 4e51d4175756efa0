"""The page to work on now: put together from its plan, the campaign's texts and what was already done on it."""

import math
from typing import get_args

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.service.desk import Desk
from sidelight.collect.service.schema import Ahead
from sidelight.collect.store import chunks, hits, leases, pictures
from sidelight.collect.store import tables as t
from sidelight.collect.store.people import Session
from sidelight.collect.store.plan import Plan
from sidelight.collect.wire.chunk import decode
from sidelight.collect.wire.log import TaskEntry
from sidelight.collect.wire.page import Next, PageSpec, Picture

PRACTICE, LOOKED_AT = "practice-", "preview"
"""Ids of pages that no assignment has: nothing done on them is kept."""

DONE_ON_PAGE = get_args(TaskEntry)


def next_page(desk: Desk, session: str) -> Next:
    """The page under way or the next one; or where the session is instead.

    Raises:
        Refused: the session may not work.
    """
    with desk.store.read() as c:
        found = desk.session(c, session)
    token = desk.campaign.withdraw_token(session) if found.consent_at is not None and not found.preview else ""
    stage = desk.stage(found)
    if stage not in ("practice", "work"):
        return Next(stage, withdraw_token=token)
    if stage == "practice":
        return Next(stage, _practice(desk, found), token)
    page = _looked_at(desk, found) if found.preview else _leased(desk, found)
    if page is None:
        with desk.store.read() as c:
            return Next("done" if worked(c, session) else "closed", withdraw_token=token)
    return Next(stage, page, token)


def ahead(desk: Desk, session: str) -> Ahead:
    """The pictures that come next, as far as that is known: those of the assignment's next page."""
    with desk.store.read() as c:
        found = desk.session(c, session)
        plan = leases.ahead(c, session) if desk.stage(found) == "work" else None
    return Ahead(tuple(_address(desk, found, one) for one in plan.pictures) if plan else ())


def worked(c: Connection, session: str) -> bool:
    """Whether a session has finished any assignment."""
    a = t.assignment.c
    done = sa.select(sa.literal(1)).where(a.session == session, a.submitted_at.is_not(None)).limit(1)
    return c.execute(done).scalar() is not None


def grid_of(cells: int, width: int, height: int) -> tuple[int, int]:
    """Width and height of a picture's mask, in cells as nearly square as whole numbers allow.

    Args:
        cells: of the longer side.
        width: of the picture, pixels.
        height: of the picture, pixels.

    >>> grid_of(128, 640, 480), grid_of(64, 10, 10_000)
    ((128, 96), (1, 64))
    """
    longer = max(width, height)
    across, down = (max(1, math.floor(cells * side / longer + 0.5)) for side in (width, height))
    return across, down


def _leased(desk: Desk, found: Session) -> PageSpec | None:
    settings, now = desk.campaign.settings, desk.clock()
    lease_s, most = 60.0 * settings.lease_minutes, settings.hits_per_person
    page = desk.write(lambda c: leases.take_page(c, found.id, now=now, lease_s=lease_s, most=most))
    if page is None:
        return None
    with desk.store.read() as c:
        bodies = chunks.of_page(c, page.id) if page.segment else []
        spec = page_spec(desk, c, found, page.plan, {"id": page.id, "number": page.number, "of": page.of})
    entries = (entry for body in bodies for entry in decode(body).entries)
    log = tuple(entry for entry in entries if isinstance(entry, DONE_ON_PAGE))
    return msgspec.structs.replace(spec, log=log, segment=page.segment)


def _practice(desk: Desk, found: Session) -> PageSpec:
    nth = desk.practised.get(found.id, 0)
    plan = desk.campaign.practice.pages[nth].plan
    place = {"id": f"{PRACTICE}{nth}", "number": nth + 1, "of": desk.practice_pages, "practice": True}
    with desk.store.read() as c:
        return page_spec(desk, c, found, plan, place)


def _looked_at(desk: Desk, found: Session) -> PageSpec | None:
    with desk.store.read() as c:
        plans = hits.first(c)
        if not plans:
            return None
        return page_spec(desk, c, found, plans[0], {"id": LOOKED_AT, "number": 1, "of": len(plans)})


def page_spec(desk: Desk, c: Connection, found: Session, plan: Plan, place: dict[str, object]) -> PageSpec:
    """A page, from its plan.

    Args:
        desk: of the campaign.
        c: a connection.
        found: the session that sees it.
        plan: what it shows.
        place: fields that say which page it is.
    """
    settings = desk.campaign.settings
    known = pictures.get(c, plan.pictures)
    shown = tuple(
        Picture(one, _address(desk, found, one), known[one].width, known[one].height, f"Image {n}")
        for n, one in enumerate(plan.pictures, start=1)
    )
    only = known[plan.pictures[0]]
    return PageSpec(
        task=settings.task,
        pictures=shown,
        wording=desk.campaign.wording(plan, found.condition),
        condition=found.condition,
        panels=settings.class_panels() if settings.task == "tag" else (),
        classes=settings.options() if settings.task == "paint" else (),
        grid=grid_of(settings.grid, only.width, only.height) if settings.task == "paint" else (0, 0),
        **place,  # type: ignore[arg-type]
    )


def _address(desk: Desk, found: Session, picture: str) -> str:
    return f"image/{desk.tokens.picture(found.id, picture)}"
