"""The overview's numbers, against stores counted by hand."""

import pytest
import sqlalchemy as sa

from sidelight.collect.requester.dashboard import FRESH_S, HOURS, Dashboard, Size, count, size
from sidelight.collect.store import tables as t

HOUR = 3600


@pytest.fixture
def counted(store, clock):
    def now():
        with store.read() as c:
            return count(c, wanted=size(c, Size()).wanted, pay=3.0, currency="EUR", now=clock.now)

    return now


def test_an_empty_campaign_has_no_shares_and_no_pay(counted):
    view = counted()
    assert (view.pages_wanted, view.pages_done, view.finished, view.complete) == (0, 0, 0, 0)
    assert view.complete_share is None
    assert (view.pay.hourly_on_page, view.pay.hourly_in_all) == (None, None)
    assert [hour.pages for hour in view.hours] == [0] * HOURS


def test_pages_are_told_apart_by_what_became_of_them(counted, hand):
    """3 hits of 2 pages: one wanted twice, so 8 pages in all."""
    twice, once, free = hand.hit(2, wanted=2, taken=2), hand.hit(2, taken=1), hand.hit(2)
    done = hand.assignment(twice, hand.session())
    hand.page(done, 0), hand.page(done, 1)
    at_work = hand.assignment(twice, hand.session(state="work"), "leased")
    hand.page(at_work, 0), hand.page(at_work, 1, "shown")
    gave_back = hand.assignment(once, hand.session(state="returned"), "returned")
    hand.page(gave_back, 0), hand.page(gave_back, 1, "waiting")
    too_late = hand.assignment(once, hand.session(), late=True)
    hand.page(too_late, 0), hand.page(too_late, 1)
    view = counted()
    assert free
    assert view.pages_wanted == 8
    assert {one.name: one.n for one in view.pages} == {"submitted": 3, "open": 1, "left": 4, "beyond": 3}
    assert view.pages_done == 3


def test_sessions_are_counted_by_stage_in_the_order_of_the_way_and_previews_are_nobody(counted, hand):
    for state in ("work", "arrived", "work", "done", "refused"):
        hand.session(state=state)
    hand.session(state="work", preview=True)
    assert [(one.name, one.n) for one in counted().sessions] == [
        ("arrived", 1),
        ("work", 2),
        ("done", 1),
        ("refused", 1),
    ]


def test_a_session_is_complete_when_no_page_of_it_lacks_a_chunk(counted, hand):
    hit = hand.hit(2, wanted=3)
    for complete in ((True, True), (True, False), (False, False)):
        assignment = hand.assignment(hit, hand.session())
        for ordinal, whole in enumerate(complete):
            hand.page(assignment, ordinal, complete=whole)
    unfinished = hand.assignment(hit, hand.session(state="work"), "leased")
    hand.page(unfinished, complete=False)
    view = counted()
    assert (view.finished, view.complete) == (3, 1)
    assert view.complete_share == pytest.approx(1 / 3)


def test_time_and_troubles_are_summed_over_submitted_pages(counted, hand):
    assignment = hand.assignment(hand.hit(3), hand.session())
    hand.page(assignment, 0, active_ms=1000.0, idle_ms=200.0, hidden_ms=30.0, agrees=False)
    hand.page(assignment, 1, active_ms=500.0, idle_ms=0.0, hidden_ms=4.0, late=True)
    hand.page(assignment, 2, "shown")
    view = counted()
    assert (view.time.active_ms, view.time.idle_ms, view.time.hidden_ms) == (1500.0, 200.0, 34.0)
    assert (view.disagreeing, view.late) == (1, 1)


def test_throughput_counts_the_hours_of_the_last_two_days(counted, hand, clock):
    clock.now += 1800
    this_hour = clock.now - 1800
    assignment = hand.assignment(hand.hit(5), hand.session())
    times = [
        this_hour,
        this_hour - 1,
        this_hour - HOUR,
        this_hour - (HOURS - 1) * HOUR,
        this_hour - HOURS * HOUR + HOUR - 1,
    ]
    for ordinal, at in enumerate(times):
        hand.page(assignment, ordinal, submitted_at=at)
    hours = counted().hours
    assert [hour.at for hour in hours] == [int(this_hour) - HOUR * back for back in reversed(range(HOURS))]
    assert [hour.pages for hour in hours] == [1, *[0] * (HOURS - 3), 2, 1]


def test_leases_in_time_and_past_it_are_told_apart(counted, hand, clock):
    hit = hand.hit(1, wanted=5)
    for state, until in (("leased", 1), ("leased", -1), ("expired", -100), ("submitted", 50), ("returned", 50)):
        hand.assignment(hit, hand.session(), state, leased_until=clock.now + until)
    leases = counted().leases
    assert (leases.running, leases.overdue) == (1, 2)


def test_pay_an_hour_by_both_clocks(counted, hand, clock):
    """Pay 3: 10 minutes on the pages are 18 an hour, 20 in all are 9; two more people are half and twice as fast."""
    hit = hand.hit(1, wanted=4)
    for minutes in (10, 5, 20):
        session = hand.session(created_at=clock.now - 2 * minutes * 60, finished_at=clock.now)
        page = hand.assignment(hit, session, submitted_at=clock.now)
        hand.page(page, active_ms=minutes * 40_000.0, idle_ms=minutes * 20_000.0, hidden_ms=1e9)
    hand.page(hand.assignment(hit, hand.session(state="work"), "leased"), active_ms=1.0)
    pay = counted().pay
    assert pay.assignments == 3
    assert pay.hourly_on_page == pytest.approx(18.0)
    assert pay.hourly_in_all == pytest.approx(9.0)
    assert (pay.currency, pay.per_assignment) == ("EUR", 3.0)


def test_the_excluded_and_the_withdrawn_are_counted(counted, hand, clock):
    hand.session(excluded="asked us to")
    hand.session(state="withdrawn", withdrawn_at=clock.now)
    view = counted()
    assert (view.excluded, view.withdrawn) == (1, 1)


def test_an_overview_is_shown_again_for_some_seconds_and_then_counted_anew(store, hand, clock):
    board = Dashboard(store, pay=1.0, currency="EUR", clock=clock)
    assert board.overview().finished == 0
    hand.session()
    clock.now += FRESH_S - 1
    assert board.overview().finished == 0
    clock.now += 1
    assert board.overview().finished == 1
    store.write(lambda c: c.execute(sa.delete(t.session))).result()
    clock.now -= 10
    assert board.overview().finished == 0


def test_the_size_of_a_campaign_is_counted_when_hits_were_added(store, hand, clock):
    board = Dashboard(store, pay=1.0, currency="EUR", clock=clock)
    assert board.size() == Size()
    hand.hit(2, wanted=3)
    hand.hit(4)
    for pool, gold in (("images", False), ("images", True), ("distractors", False), ("images", False)):
        hand.picture(pool=pool, gold=gold)
    assert board.size() == Size(hits=2, pages=6, wanted=10, pictures=2)
    assert board.overview().pages_wanted == 10
