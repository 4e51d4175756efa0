import pytest
import sqlalchemy as sa

from sidelight.collect.store import answers, completion, leases
from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import CODE_LENGTH, CODE_LETTERS
from sidelight.collect.store.refusals import Refused
from sidelight.collect.wire.answer import BrowseAnswer


def page_row(desk, page: str):
    return desk.see(lambda c: c.execute(sa.select(t.page).where(t.page.c.id == page)).one())


def test_an_answer_is_kept_with_all_that_is_known_of_it(desk):
    desk.fill(1)
    who = desk.worker()
    page = desk.take(who)
    assert desk.submit(who, page.id, complete=False, agrees=False) is False
    row = page_row(desk, page.id)
    assert row.answer == {"task": "browse", "selected": {"p0": [0.5, 0.25]}}
    assert (row.state, row.complete, row.agrees, row.late) == ("submitted", False, False, False)
    assert (row.active_ms, row.idle_ms, row.hidden_ms) == (1000.0, 200.0, 0.0)
    assert row.submitted_at == desk.clock()


def test_the_first_answer_counts_however_often_it_is_sent(desk):
    desk.fill(1)
    who = desk.worker()
    page = desk.take(who)
    desk.submit(who, page.id)
    before = page_row(desk, page.id)
    desk.clock.forward(5)
    desk.submit(who, page.id, answer=BrowseAnswer({}), complete=False)
    assert page_row(desk, page.id) == before


def test_late_answers_are_accepted_and_marked(desk):
    desk.fill(1, pages=1)
    who = desk.worker()
    page = desk.take(who)
    desk.clock.forward(601)
    assert desk.submit(who, page.id) is True
    assert page_row(desk, page.id).late
    assert desk.submit(who, page.id) is True
    assert desk.finish(who)


def test_an_answer_after_the_place_was_given_away_counts_beyond_the_number(desk):
    desk.fill(1, pages=1)
    slow, quick = desk.worker(), desk.worker()
    page = desk.take(slow)
    desk.clock.forward(601)
    other = desk.take(quick)
    assert desk.submit(slow, page.id)
    assert not desk.submit(quick, other.id)
    rows = desk.see(lambda c: c.execute(sa.select(t.assignment.c.session, t.assignment.c.late)).all())
    assert dict(map(tuple, rows)) == {slow: True, quick: False}
    assert desk.see(lambda c: c.execute(sa.select(t.hit.c.taken)).scalar()) == 1


def test_nobody_submits_anothers_page_or_before_consent(desk):
    desk.fill(1)
    who = desk.worker()
    page = desk.take(who)
    with pytest.raises(Refused, match="not_yours"):
        desk.submit(desk.worker(), page.id)
    with pytest.raises(Refused, match="no_consent"):
        desk.submit(desk.arrive(), page.id)
    with pytest.raises(Refused, match="not_yours"):
        desk.submit(who, "\0")
    assert page_row(desk, page.id).state == "shown"


def test_the_first_try_to_submit_is_remembered(desk):
    desk.fill(1)
    who = desk.worker()
    page = desk.take(who).id
    first = desk.do(answers.tried, who, page, now=desk.clock())
    assert desk.do(answers.tried, who, page, now=desk.clock.forward(31)) == first
    with pytest.raises(Refused, match="not_yours"):
        desk.do(answers.tried, desk.worker(), page, now=desk.clock())


def test_the_code_comes_when_all_pages_are_in_and_is_always_the_same(desk):
    desk.fill(1, pages=2)
    who = desk.worker()
    assert desk.finish(who) is None
    page = desk.take(who)
    desk.submit(who, page.id)
    assert desk.finish(who) is None
    desk.submit(who, desk.take(who).id, complete=False)
    code = desk.finish(who)
    assert desk.finish(who) == code
    assert len(code) == CODE_LENGTH
    assert set(code) <= set(CODE_LETTERS)
    assert len(CODE_LETTERS) ** CODE_LENGTH > 2**60


def test_a_code_is_used_once(desk):
    desk.fill(1, pages=1)
    who = desk.worker()
    desk.work_through(who)
    code = desk.finish(who)
    assert [desk.do(completion.redeem, code, now=desk.clock()) for _ in range(2)] == [True, False]
    assert not desk.do(completion.redeem, "AAAAAAAAAAAAAA", now=desk.clock())
    assert not desk.do(completion.redeem, "\0", now=desk.clock())


def test_what_was_given_back_brings_no_code_but_what_was_done_before_does(desk):
    desk.fill(2, pages=1)
    gave_up, did_one = desk.worker(), desk.worker()
    desk.take(gave_up)
    desk.do(leases.give_back, gave_up, now=desk.clock())
    assert desk.finish(gave_up) is None
    desk.submit(did_one, desk.take(did_one, most=2).id)
    desk.take(did_one, most=2)
    desk.do(leases.give_back, did_one, now=desk.clock())
    assert desk.finish(did_one)


def test_nothing_is_taken_after_the_end(desk):
    desk.fill(2, pages=1)
    who = desk.worker()
    desk.submit(who, desk.take(who, most=2).id)
    desk.finish(who)
    with pytest.raises(Refused, match="closed"):
        desk.take(who, most=2)
