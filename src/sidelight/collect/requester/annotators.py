"""Who labels, and how far others say the same."""

import statistics
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.measure.agreement import agreement_by_person
from sidelight.collect.requester.listing import Listed, Listing, page_of
from sidelight.collect.requester.view import Annotator
from sidelight.collect.store import hits
from sidelight.collect.store import tables as t
from sidelight.collect.wire.answer import Answer, BrowseAnswer, TagAnswer


def list_annotators(c: Connection, *, after: str) -> Listed[Annotator]:
    """Everybody who arrived, the last first; previews are nobody.

    Args:
        c: a connection.
        after: `next` of the page before.
    """
    s = t.session.c
    rows = sa.select(s.id, s.state, s.created_at, s.excluded).where(~s.preview)
    found = page_of(c, Listing(rows, ("created_at", "id"), descending=True), after=after, read=dict)
    people = [row["id"] for row in found.rows]
    pages = _pages(c, people)
    agreement = agreement_by_person(_things(c, people))
    shown = (_row(row, pages[row["id"]], agreement) for row in found.rows)
    return Listed(tuple(shown), found.next, found.total, found.more)


def _pages(c: Connection, people: list[str]) -> dict[str, list[sa.RowMapping]]:
    """The submitted pages of people."""
    a, p = t.assignment.c, t.page.c
    asked = sa.select(a.session, p.complete, p.active_ms).join(t.assignment)
    found: dict[str, list[sa.RowMapping]] = {person: [] for person in people}
    for row in c.execute(asked.where(a.session.in_(people), p.submitted_at.is_not(None))).mappings():
        found[row["session"]].append(row)
    return found


def _things(c: Connection, people: list[str]) -> Iterator[Mapping[str, Hashable]]:
    """All that these people judged, with what everybody who is not excluded said of it."""
    a, p, s = t.assignment.c, t.page.c, t.session.c
    theirs = sa.select(a.hit).where(a.session.in_(people))
    asked = (
        sa.select(a.hit, p.ordinal, a.session, p.answer)
        .select_from(t.page.join(t.assignment).join(t.session))
        .where(a.hit.in_(theirs), p.submitted_at.is_not(None), s.excluded == "")
    )
    pages: dict[tuple[str, int], dict[str, Answer]] = defaultdict(dict)
    for hit, ordinal, session, answer in c.execute(asked):
        pages[hit, ordinal][session] = msgspec.convert(answer, Answer)
    shared = {place: said for place, said in pages.items() if len(said) > 1}
    plans = {hit: hits.plans(c, hit) for hit in {hit for hit, _ in shared}}
    for (hit, ordinal), said in shared.items():
        yield from judgements(plans[hit][ordinal].pictures, said)


def judgements(pictures: Iterable[str], said: Mapping[str, Answer]) -> Iterator[Mapping[str, Hashable]]:
    """What people said of each thing on one page.

    Browse: of each picture, whether it was selected. Tag: of each class that anybody placed, whether it was placed (to
    agree on all that is absent would say little). Paint: the class decided.

    Args:
        pictures: of the page.
        said: person -> answer.

    >>> [*judgements("ab", {"ann": BrowseAnswer({"a": None}), "bob": BrowseAnswer({})})]
    [{'ann': True, 'bob': False}, {'ann': False, 'bob': False}]
    """
    first = next(iter(said.values()))
    if isinstance(first, BrowseAnswer):
        for picture in pictures:
            yield {who: picture in answer.selected for who, answer in said.items() if isinstance(answer, BrowseAnswer)}
    elif isinstance(first, TagAnswer):
        icons = {who: answer.icons for who, answer in said.items() if isinstance(answer, TagAnswer)}
        for label in sorted({label for placed in icons.values() for label in placed}):
            yield {who: label in placed for who, placed in icons.items()}
    else:
        yield {who: getattr(answer, "label", "") for who, answer in said.items()}


def _row(row: dict[str, Any], pages: list[sa.RowMapping], agreement: Mapping[str, float]) -> Annotator:
    return Annotator(
        session=row["id"],
        state=row["state"],
        created_at=row["created_at"],
        pages=len(pages),
        complete=sum(bool(page["complete"]) for page in pages),
        page_ms=statistics.median([page["active_ms"] for page in pages]) if pages else None,
        agreement=agreement.get(row["id"]),
        excluded=row["excluded"],
    )
