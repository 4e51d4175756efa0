"""The check must find every kind of fault, else a clean run means nothing."""

import pytest

from sidelight.collect.fold.table import fold
from sidelight.collect.simulate.check import PageRow, check
from sidelight.collect.simulate.journal import Acked, Cut, Handed, Journal, digest_of
from sidelight.collect.wire.answer import BrowseAnswer
from sidelight.collect.wire.chunk import Chunk, Samples, encode
from sidelight.collect.wire.log import Select, Shown

ENTRIES = ((Shown(t=0.0, i=0),), (Select(t=2100.0, i=0, image="a", by="mouse", at=(0.5, 0.5)),))
BODIES = tuple(
    encode(Chunk("p", "t", seq, 0, (2000.0, 1e12), True, entries, Samples.none()))
    for seq, entries in enumerate(ENTRIES)
)
ANSWER = fold("browse", [*ENTRIES[0], *ENTRIES[1]])
ROWS = [("t", 0, BODIES[0]), ("t", 1, BODIES[1])]
PAGE = PageRow("p", ANSWER, complete=True, bodies=BODIES)


def journal(acked=(0, 1), answer=ANSWER):
    cut = [Cut("t", seq, "p", digest_of(body), 1, len(body)) for seq, body in enumerate(BODIES)]
    return Journal([*cut, *(Acked("t", seq) for seq in acked), Handed("p", complete=True, late=False, answer=answer)])


def verdict(rows=ROWS, pages=(PAGE,), **more):
    return check(journal(**more), rows, pages, task="browse")


def test_a_store_that_holds_everything_once_is_good():
    found = verdict()
    assert found.good
    assert (found.acknowledged, found.delivered, found.stored, found.pages) == (2, 2, 2, 1)


def test_an_acknowledged_chunk_that_is_gone_is_lost():
    found = verdict(rows=ROWS[:1])
    assert (found.lost, found.good) == (1, False)
    assert "acknowledged and is not there" in found.notes[0]


def test_a_chunk_that_was_never_acknowledged_is_not_lost_but_not_stored():
    found = verdict(rows=ROWS[:1], acked=(0,))
    assert (found.lost, found.stored, found.good) == (0, 1, False)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([*ROWS, ROWS[0]], "doubled"),
        ([ROWS[0], ("t", 1, BODIES[0])], "altered"),
        ([*ROWS, ("t", 2, BODIES[0])], "unknown"),
    ],
)
def test_rows_that_nobody_sent_so_are_found(rows, fault):
    found = verdict(rows=rows)
    assert getattr(found, fault) == 1
    assert not found.good


def test_rows_of_other_browsers_are_passed_over():
    assert verdict(rows=[*ROWS, ("other", 0, b"whatever")]).good


def test_a_submitted_page_without_an_answer_is_missing():
    assert verdict(pages=()).missing_pages == 1
    assert verdict(pages=[PageRow("p", None, complete=True, bodies=BODIES)]).missing_pages == 1


def test_an_answer_that_the_log_does_not_give_disagrees():
    other = BrowseAnswer({})
    assert verdict(pages=[PageRow("p", other, complete=True, bodies=BODIES)]).disagreeing == 1
    assert verdict(answer=other).disagreeing == 1
    assert verdict(pages=[PageRow("p", ANSWER, complete=True, bodies=BODIES[:1])]).disagreeing == 1
