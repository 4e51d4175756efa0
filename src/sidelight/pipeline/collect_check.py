"""The store of a campaign held against a journal of simulated people."""

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa

from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.simulate.check import ChunkRow, PageRow, Verdict, check
from sidelight.collect.simulate.journal import Handed, Journal
from sidelight.collect.store import chunks
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import Store
from sidelight.collect.wire.answer import Answer


def check_store(store: Store, campaign: Campaign, journal: Journal) -> Verdict:
    """Whether everything that was acknowledged is there once, and every page's log gives its answer.

    Args:
        store: of the campaign.
        campaign: whose task it is.
        journal: of all simulated people, of this or earlier runs.
    """
    handed = [line.page for line in journal.lines if isinstance(line, Handed)]
    return check(journal, _chunks(store), _pages(store, handed), task=campaign.settings.task)


def _chunks(store: Store) -> Iterator[ChunkRow]:
    with store.read() as c:
        yield from chunks.every(c)


def _pages(store: Store, ids: list[str]) -> Iterator[PageRow]:
    p = t.page.c
    with store.read() as c:
        for page in ids:
            row = c.execute(sa.select(p.answer, p.complete).where(p.id == page)).one_or_none()
            if row is not None:
                answer = None if row.answer is None else msgspec.convert(row.answer, Answer)
                yield PageRow(page, answer, bool(row.complete), tuple(chunks.of_page(c, page)))
