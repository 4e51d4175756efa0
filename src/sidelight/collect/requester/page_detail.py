"""All that is known of one page but its raw chunks."""

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.campaign.settings import Settings
from sidelight.collect.requester.items import page_row, page_rows
from sidelight.collect.requester.view import PageDetail, ShownPicture, TimeSpent
from sidelight.collect.service.paging import grid_of
from sidelight.collect.store import chunks, hits, pictures
from sidelight.collect.store import tables as t
from sidelight.collect.wire.answer import Answer


def page_detail(c: Connection, page: str, settings: Settings) -> PageDetail | None:
    """One page in detail; None if there is none by that id.

    Args:
        c: a connection.
        page: its id.
        settings: of the campaign.
    """
    row = c.execute(page_rows().where(t.page.c.id == page)).mappings().one_or_none()
    if row is None:
        return None
    p = t.page.c
    rest = c.execute(
        sa.select(p.answer, p.idle_ms, p.hidden_ms, p.segments, t.session.c.condition)
        .join(t.assignment, p.assignment == t.assignment.c.id)
        .join(t.session)
        .where(p.id == page)
    ).one()
    size = chunks.size(c, page)
    plan = hits.plans(c, row["hit"])[row["ordinal"]]
    shown = _shown(c, plan.pictures)
    answer = None if rest.answer is None else msgspec.convert(rest.answer, Answer)
    return PageDetail(
        row=page_row(row),
        task=settings.task,
        label=plan.label,
        pictures=shown,
        classes=() if settings.task == "browse" else settings.options(),
        grid=_grid(settings, shown),
        condition=rest.condition,
        answer=answer,
        time=TimeSpent(row["active_ms"] or 0.0, rest.idle_ms or 0.0, rest.hidden_ms or 0.0),
        segments=rest.segments,
        chunks=size.chunks,
        bytes=size.bytes,
        samples=size.samples,
    )


def _grid(settings: Settings, shown: tuple[ShownPicture, ...]) -> tuple[int, int]:
    if settings.task != "paint" or not shown:
        return (0, 0)
    return grid_of(settings.grid, shown[0].width, shown[0].height)


def _shown(c: Connection, ids: tuple[str, ...]) -> tuple[ShownPicture, ...]:
    known = pictures.get(c, ids)
    found = [known[id_] for id_ in ids if id_ in known]
    return tuple(ShownPicture(one.id, one.label, one.pool, one.gold, one.width, one.height) for one in found)
