"""The store's submitted pages, one after the other, with who did them and where they belong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from sidelight.collect.annotate import StoredPage
from sidelight.collect.campaign.settings import Settings
from sidelight.collect.export.grade import Grade
from sidelight.collect.store import chunks, hits
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import Store
from sidelight.collect.store.plan import Plan
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.chunk import Chunk, decode


@dataclass(frozen=True)
class DonePage:
    """A submitted page.

    Attributes:
        stored: as `annotate` wants it.
        chunks: of its log.
        assignment: id in the store.
        hit: id in the store.
        submitted_at: s since 1970.
        late: after its lease.
    """

    stored: StoredPage
    chunks: tuple[Chunk, ...]
    assignment: str
    hit: str
    submitted_at: float
    late: bool


def done_pages(store: Store, settings: Settings, *, grade: Grade, counts: Counter[str]) -> Iterator[DonePage]:
    """Every submitted page that may be exported, in an order that says nothing.

    Left out and counted: pages of sessions that an admin excluded, and at L3 of those who did not agree to publication.
    Previews record nothing, and what was withdrawn is not in the store any more.

    Args:
        store: of the campaign.
        settings: of the campaign.
        grade: of the export.
        counts: told what is left out, and how pages and conditions are distributed.
    """
    with store.read() as c:
        plans: dict[str, tuple[Plan, ...]] = {}
        for row in c.execute(_question()).mappings():
            if row["excluded"]:
                counts["pages_of_excluded_sessions"] += 1
            elif grade == "L3" and not row["publish"]:
                counts["pages_without_consent_to_publish"] += 1
            else:
                if row["hit"] not in plans:
                    plans = {row["hit"]: hits.plans(c, row["hit"])}
                _count(row, counts)
                bodies = chunks.of_page(c, row["id"])
                yield _done(row, plans[row["hit"]][row["ordinal"]], settings, tuple(map(decode, bodies)))


def _question() -> sa.Select[tuple[object, ...]]:
    p, a, s = t.page.c, t.assignment.c, t.session.c
    page = (p.id, p.ordinal, p.submitted_at, p.complete, p.late, p.agrees, p.answer)
    person = (s.id.label("session"), s.condition, s.publish, s.excluded, s.consent_version)
    asked = sa.select(*page, a.id.label("assignment"), a.hit, *person)
    joined = asked.select_from(t.page.join(t.assignment).join(t.session))
    return joined.where(p.state == "submitted", s.preview.is_(False)).order_by(a.hit, p.id)


def _count(row: sa.RowMapping, counts: Counter[str]) -> None:
    counts["pages"] += 1
    counts["pages_complete" if row["complete"] else "pages_incomplete"] += 1
    counts["pages_late"] += bool(row["late"])
    counts["pages_disagreeing"] += not row["agrees"]
    condition = "+".join(sorted(name for name, on in row["condition"].items() if on)) or "plain"
    counts[f"pages_of_condition_{condition}"] += 1


def _done(row: sa.RowMapping, plan: Plan, settings: Settings, log: tuple[Chunk, ...]) -> DonePage:
    stored = StoredPage(
        id=row["id"],
        pictures=plan.pictures,
        answer=msgspec.convert(row["answer"], Answer),
        session=row["session"],
        classes=tuple(one.name for one in settings.classes),
        asked=plan.label,
        panels=tuple(settings.panels),
        condition=row["condition"],
        number=row["ordinal"],
        consent=row["consent_version"] or "",
        publish=row["publish"],
        complete=bool(row["complete"]),
    )
    return DonePage(stored, log, row["assignment"], row["hit"], row["submitted_at"], bool(row["late"]))
