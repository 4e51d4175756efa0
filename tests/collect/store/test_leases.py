import pytest
import sqlalchemy as sa

from sidelight.collect.store import leases
from sidelight.collect.store import tables as t
from sidelight.collect.store.refusals import Refused

LEASE_S = 600.0


def held(c) -> list[tuple[int, int]]:
    """(taken, live leases and answers in time) of each hit."""
    a = t.assignment.c
    holds = sa.or_(a.state == "leased", sa.and_(a.state == "submitted", ~a.late))
    count = sa.select(sa.func.count()).where(a.hit == t.hit.c.id, holds).scalar_subquery()
    return [tuple(row) for row in c.execute(sa.select(t.hit.c.taken, count).order_by(t.hit.c.ordinal))]


def states(c) -> list[str]:
    return sorted(c.execute(sa.select(t.assignment.c.state)).scalars())


def test_pages_come_one_after_the_other_with_their_plans(desk):
    desk.fill(1, pages=2)
    who = desk.worker()
    first = desk.take(who)
    assert (first.number, first.of, first.plan.pictures, first.segment) == (1, 2, ("p0",), 0)
    assert first.leased_until == desk.clock() + LEASE_S
    desk.submit(who, first.id)
    second = desk.take(who)
    assert (second.number, second.plan.pictures) == (2, ("p1",))
    desk.submit(who, second.id)
    assert desk.take(who) is None


def test_a_page_under_way_comes_again_as_another_showing(desk):
    desk.fill(1)
    who = desk.worker()
    first, again = desk.take(who), desk.take(who)
    assert (first.id, first.segment) == (again.id, 0)
    assert again.segment == 1


def test_a_segment_that_the_browser_took_by_itself_is_not_given_again(desk):
    desk.fill(1)
    who = desk.worker()
    page = desk.take(who).id
    desk.send(who, page, segment=1)
    assert [desk.take(who).segment for _ in range(2)] == [2, 3]


def test_an_item_goes_to_as_many_people_as_are_wanted(desk):
    desk.fill(1, wanted=2)
    people = [desk.worker() for _ in range(3)]
    assert [desk.take(who) is not None for who in people] == [True, True, False]


def test_one_person_gets_an_item_once_and_as_many_hits_as_she_may(desk):
    desk.fill(3, pages=1, wanted=2)
    who = desk.worker()
    hits = []
    while page := desk.take(who, most=2):
        hits.append(page.hit)
        desk.submit(who, page.id)
    assert len(set(hits)) == len(hits) == 2


def test_a_lease_that_ran_out_gives_its_place_to_the_next(desk):
    desk.fill(1)
    slow, next_one = desk.worker(), desk.worker()
    desk.take(slow)
    assert desk.take(next_one) is None
    desk.clock.forward(LEASE_S + 1)
    assert desk.take(next_one) is not None
    assert desk.see(states) == ["expired", "leased"]


def test_every_page_begins_the_lease_anew(desk):
    desk.fill(1, pages=3)
    who, other = desk.worker(), desk.worker()
    for _ in range(3):
        page = desk.take(who)
        desk.clock.forward(LEASE_S - 1)
        assert not desk.submit(who, page.id)
    assert desk.take(other) is None


def test_who_comes_back_late_goes_on_and_takes_a_free_place_again(desk):
    desk.fill(1)
    who = desk.worker()
    page = desk.take(who)
    desk.clock.forward(LEASE_S + 1)
    assert desk.do(leases.reclaim, now=desk.clock()) == 1
    assert desk.see(held) == [(0, 0)]
    assert desk.take(who).id == page.id
    assert desk.see(held) == [(1, 1)]


def test_who_comes_back_to_a_place_that_is_taken_works_beyond_the_number(desk):
    desk.fill(1, pages=2)
    slow, quick = desk.worker(), desk.worker()
    desk.take(slow)
    desk.clock.forward(LEASE_S + 1)
    assert desk.work_through(quick) == 2
    assert desk.work_through(slow) == 2
    assert desk.see(held) == [(1, 1)]
    late = sa.select(t.assignment.c.late).order_by(t.assignment.c.submitted_at, t.assignment.c.leased_at)
    assert sorted(desk.see(lambda c: c.execute(late).scalars().all())) == [False, True]
    assert desk.finish(slow)


def test_every_lease_ends(desk):
    desk.fill(3)
    for _ in range(3):
        desk.take(desk.worker())
    desk.clock.forward(LEASE_S + 1)
    assert desk.do(leases.reclaim, now=desk.clock()) == 3
    assert desk.do(leases.reclaim, now=desk.clock()) == 0
    assert desk.see(states) == ["expired"] * 3
    assert desk.see(held) == [(0, 0)] * 3


def test_what_is_given_back_is_free_at_once_and_what_was_submitted_stays(desk):
    desk.fill(1, pages=2)
    who, other = desk.worker(), desk.worker()
    page = desk.take(who)
    desk.submit(who, page.id)
    desk.do(leases.give_back, who, now=desk.clock())
    assert desk.take(other) is not None
    submitted = sa.select(sa.func.count()).where(t.page.c.state == "submitted")
    assert desk.see(lambda c: c.execute(submitted).scalar()) == 1
    with pytest.raises(Refused, match="closed"):
        desk.take(who)


def test_nobody_works_without_consent_or_practice_nor_in_a_preview(desk):
    desk.fill(1)
    with pytest.raises(Refused, match="no_consent"):
        desk.take(desk.arrive())
    with pytest.raises(Refused, match="no_consent"):
        desk.take(desk.arrive(preview=True))
    with pytest.raises(Refused, match="unknown"):
        desk.take("nobody")


def test_the_database_itself_refuses_a_place_too_many(desk):
    desk.fill(1)
    with pytest.raises(sa.exc.IntegrityError):
        desk.do(lambda c: c.execute(sa.update(t.hit).values(taken=2)))
