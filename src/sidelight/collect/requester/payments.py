"""What everybody is to be paid: a suggestion, one line a person, for the panel or the bank.

Pay follows work, nothing else: not completeness of the recording, not agreement, not screening, not withdrawal.
"""

from collections.abc import Iterable, Mapping

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.campaign.settings import Pay
from sidelight.collect.requester.cells import csv_text
from sidelight.collect.store import tables as t
from sidelight.collect.store.vault import Identity

HOUR_MS = 3_600_000.0

COLUMNS = ("session", "state", "finished", "pages", "complete", "minutes", "pay", "bonus", "currency", "code")
"""After them come the panel's name and its fields, which pay needs: the person's id there, and the submission's."""


class Work(msgspec.Struct):
    """What one person did.

    Attributes:
        state: of the session.
        code: of completion; "" if none was issued.
        finished: assignments, all pages submitted.
        share: of assignments that were not finished: pages submitted / pages, summed.
        pages: submitted, as far as they are still kept.
        complete: of these, with every chunk.
        spent_ms: active and idle time on them.
    """

    state: str
    code: str
    finished: int = 0
    share: float = 0.0
    pages: int = 0
    complete: int = 0
    spent_ms: float = 0.0

    def pay(self, pay: Pay) -> float:
        """A finished assignment pays all, one that was not finished its share."""
        return round(pay.per_hit * (self.finished + self.share) + 1e-9, 2)

    def bonus(self, pay: Pay) -> float:
        """What lifts the pay to the campaign's hourly floor, for the time spent on the pages."""
        floor = pay.hourly_floor * self.spent_ms / HOUR_MS
        return max(0.0, round(floor - self.pay(pay), 2))


def payments(c: Connection, identities: Iterable[Identity], pay: Pay) -> str:
    """The payments as CSV. Cells that a spreadsheet would take for formulas are made harmless.

    Args:
        c: a connection.
        identities: of the vault; who is forgotten there stands with the pseudonym alone.
        pay: of the campaign.
    """
    known = {one.session: one for one in identities}
    fields = sorted({name for one in known.values() for name in one.fields})
    rows = []
    for session, work in works(c).items():
        who = known.get(session)
        ids = [who.fields.get(name, "") for name in fields] if who else [""] * len(fields)
        rows.append([*_cells(session, work, pay), who.panel if who else "", *ids])
    return csv_text([*COLUMNS, "panel", *fields], rows)


def works(c: Connection) -> Mapping[str, Work]:
    """What everybody did who agreed to take part, by pseudonym."""
    s, a, p = t.session.c, t.assignment.c, t.page.c
    code = t.completion.c.code
    people = sa.select(s.id, s.state, code).join(t.completion, isouter=True)
    rows = c.execute(people.where(~s.preview, s.consent_at.is_not(None)).order_by(s.created_at, s.id)).all()
    found = {row.id: Work(row.state, row.code or "") for row in rows}
    done = p.state == "submitted"
    each = sa.select(
        a.session,
        a.submitted_at,
        sa.func.count(p.id).label("pages"),
        sa.func.count(sa.case((done, 1))).label("done"),
        sa.func.count(sa.case((p.complete.is_(True), 1))).label("complete"),
        sa.func.coalesce(sa.func.sum(p.active_ms + p.idle_ms), 0.0).label("spent_ms"),
    ).join(t.page, isouter=True)
    for row in c.execute(each.group_by(a.id, a.session, a.submitted_at)):
        if row.session in found:
            _add(found[row.session], row)
    return found


def _add(work: Work, row: sa.Row[tuple[object, ...]]) -> None:
    work.pages += row.done
    work.complete += row.complete
    work.spent_ms += float(row.spent_ms)
    if row.submitted_at is not None:
        work.finished += 1
    elif row.pages:
        work.share += row.done / row.pages


def _cells(session: str, work: Work, pay: Pay) -> list[str | float | None]:
    complete = "" if not work.pages else "yes" if work.complete == work.pages else "no"
    minutes = round(work.spent_ms / 60_000, 1)
    amounts = (f"{work.pay(pay):.2f}", f"{work.bonus(pay):.2f}")
    return [session, work.state, work.finished, work.pages, complete, minutes, *amounts, pay.currency, work.code]
