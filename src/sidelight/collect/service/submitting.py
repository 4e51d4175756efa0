"""A page's end: is everything there, what does its log come to, and is it what the browser says.

Chunks that never came cost nobody's pay: at the third attempt, or half a minute after the first, a page is taken as it
is and marked. The answer that is kept is what the log comes to; only of an incomplete log it is the browser's own.
"""

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.campaign.practice import judge
from sidelight.collect.fold.table import fold
from sidelight.collect.measure.activity import activity
from sidelight.collect.service.desk import Desk
from sidelight.collect.service.paging import LOOKED_AT, PRACTICE, grid_of
from sidelight.collect.service.problem import Trouble
from sidelight.collect.store import answers, chunks, hits, people, pictures
from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import is_id
from sidelight.collect.store.people import Session
from sidelight.collect.store.plan import Plan
from sidelight.collect.store.refusals import Refused
from sidelight.collect.wire.answer import Answer, BrowseAnswer, PaintAnswer, TagAnswer
from sidelight.collect.wire.chunk import decode
from sidelight.collect.wire.page import Gaps, Submit, Submitted

ATTEMPTS, PATIENCE_S = 3, 30.0
"""The attempt that is taken whatever is missing, and the time after the first attempt from which any is."""


class _Page(msgspec.Struct, frozen=True):
    """What is known of a page that somebody submits."""

    submitted: bool
    complete: bool
    late: bool
    plan: Plan
    grid: tuple[int, int]


def submit(desk: Desk, session: str, said: Submit) -> Submitted | Gaps:
    """Take a page's answer, or say which chunks are missing.

    Raises:
        Trouble: the answer speaks of things that are not on the page.
        Refused: the page is not this session's, or it may not record.
    """
    with desk.store.read() as c:
        found = desk.session(c, session)
        if said.page.startswith(PRACTICE):
            return _practised(desk, found, said)
        if found.preview and said.page == LOOKED_AT:
            return Submitted(complete=True)
        page = _page(desk, c, session, said.page)
        if page.submitted:
            return Submitted(complete=page.complete, late=page.late)
        _refuse_strangers(desk, page, said.answer)
        missing = chunks.gaps(c, session, said.tab, said.last_seq)
    if missing and not _given_up(desk, session, said):
        desk.metrics.submits.labels(outcome="gaps").inc()
        return Gaps(missing[:1000])
    late = _take(desk, session, said, page, complete=not missing)
    desk.metrics.submits.labels(outcome="incomplete" if missing else "complete").inc()
    return Submitted(complete=not missing, late=late)


def _given_up(desk: Desk, session: str, said: Submit) -> bool:
    """Whether enough was tried for what is missing."""
    now = desk.clock()
    first = desk.write(lambda c: answers.tried(c, session, said.page, now=now))
    return said.attempt >= ATTEMPTS or now - first >= PATIENCE_S


def _take(desk: Desk, session: str, said: Submit, page: _Page, *, complete: bool) -> bool:
    """Fold the log, compare, and keep the answer."""
    with desk.store.read() as c:
        log = [decode(body) for body in chunks.of_page(c, said.page)]
    entries = (entry for chunk in log for entry in chunk.entries)
    folded = fold(desk.campaign.settings.task, entries, grid=page.grid)
    agrees = folded == said.answer
    kept = folded if complete and not _strangers(desk, page, folded) else said.answer
    spent, now = activity(log), desk.clock()
    return desk.write(
        lambda c: answers.submit(
            c, session, said.page, answer=kept, complete=complete, agrees=agrees, activity=spent, now=now
        )
    )


def _practised(desk: Desk, found: Session, said: Submit) -> Submitted:
    """Judge a practice page; nothing of it is kept but that practice is over."""
    nth = said.page.removeprefix(PRACTICE)
    pages = desk.campaign.practice.pages
    if not (nth.isascii() and nth.isdigit() and int(nth) < len(pages)) or found.consent_at is None:
        raise Refused("not_yours" if found.consent_at else "no_consent")
    _refuse_other_task(desk, said.answer)
    judged = judge(pages[int(nth)], said.answer, desk.campaign.practice.texts)
    if judged.passed:
        desk.passed(found.id, int(nth))
    if judged.passed and int(nth) + 1 == len(pages):
        now = desk.clock()
        desk.write(lambda c: people.passed_practice(c, found.id, now=now))
    return Submitted(complete=True, feedback=judged.feedback, passed=judged.passed)


def _page(desk: Desk, c: Connection, session: str, id: str) -> _Page:  # noqa: A002 (as in the store)
    """The page, if it is the session's own."""
    if not is_id(id):
        raise Refused("not_yours")
    p, a = t.page.c, t.assignment.c
    asked = sa.select(p.state, p.complete, p.late, p.ordinal, a.hit).join(t.assignment)
    row = c.execute(asked.where(p.id == id, a.session == session)).one_or_none()
    if row is None:
        raise Refused("not_yours")
    plan = hits.plans(c, row.hit)[row.ordinal]
    only = pictures.get(c, plan.pictures[:1])[plan.pictures[0]]
    paint = desk.campaign.settings.task == "paint"
    grid = grid_of(desk.campaign.settings.grid, only.width, only.height) if paint else (0, 0)
    return _Page(row.state == "submitted", bool(row.complete), bool(row.late), plan, grid)


def _refuse_other_task(desk: Desk, answer: Answer) -> None:
    kinds = {"browse": BrowseAnswer, "tag": TagAnswer, "paint": PaintAnswer}
    if not isinstance(answer, kinds[desk.campaign.settings.task]):
        raise Trouble(400)


def _refuse_strangers(desk: Desk, page: _Page, answer: Answer) -> None:
    _refuse_other_task(desk, answer)
    if _strangers(desk, page, answer):
        raise Trouble(400)


def _strangers(desk: Desk, page: _Page, answer: Answer) -> bool:
    """Whether an answer speaks of images, classes or cells that are not on the page."""
    if isinstance(answer, BrowseAnswer):
        return not answer.selected.keys() <= set(page.plan.pictures)
    names = {one.name for one in desk.campaign.settings.classes}
    if isinstance(answer, TagAnswer):
        panels = range(len(desk.campaign.settings.panels))
        return not answer.icons.keys() <= names or not set(answer.panels) <= set(panels)
    cells = page.grid[0] * page.grid[1]
    whole = answer.grid == page.grid and sum(answer.runs) == cells and min(answer.runs, default=0) >= 0
    return answer.label not in names | {""} or not whole
