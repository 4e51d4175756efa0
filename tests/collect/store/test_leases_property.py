"""Whatever people do, in whatever order and at the same time: never more than N live leases and answers an item."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidelight.collect.store import leases
from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import hash_token
from sidelight.collect.store.refusals import Refused
from sidelight.collect.store.withdrawal import withdraw

WANTED, HITS, PAGES = 2, 3, 2
DEEDS = ["take", "submit", "submit", "crash", "return", "wait", "reclaim", "withdraw", "finish"]


def counted(c) -> list[tuple[int, int, int]]:
    """(places said to be taken, live leases and answers in time, wanted) of each hit."""
    a = t.assignment.c
    holds = sa.or_(a.state == "leased", sa.and_(a.state == "submitted", ~a.late))
    live = sa.select(sa.func.count()).where(a.hit == t.hit.c.id, holds).scalar_subquery()
    return [tuple(row) for row in c.execute(sa.select(t.hit.c.taken, live, t.hit.c.wanted))]


def assert_sound(desk) -> None:
    for taken, live, wanted in desk.see(counted):
        assert taken == live <= wanted


def empty(c) -> None:
    for table in reversed(t.metadata.sorted_tables):
        c.execute(sa.delete(table))


class Person:
    """Somebody who does one deed after the other; a crash is a new session, whose old one nobody returns to."""

    def __init__(self, desk) -> None:
        self.desk, self.session, self.page = desk, desk.worker(), None

    def do(self, deed: str) -> None:
        with suppress(Refused):
            getattr(self, deed)()

    def take(self) -> None:
        self.page = self.desk.take(self.session, most=2)

    def submit(self) -> None:
        if self.page:
            self.desk.submit(self.session, self.page.id)

    def crash(self) -> None:
        self.session, self.page = self.desk.worker(), None

    def give_back(self) -> None:
        self.desk.do(leases.give_back, self.session, now=self.desk.clock())

    def wait(self) -> None:
        self.desk.clock.forward(400.0)

    def reclaim(self) -> None:
        self.desk.do(leases.reclaim, now=self.desk.clock())

    def withdraw(self) -> None:
        self.desk.do(withdraw, hash_token(self.session), now=self.desk.clock())

    def finish(self) -> None:
        self.desk.finish(self.session)


setattr(Person, "return", Person.give_back)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(deeds=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(DEEDS)), max_size=40))
def test_places_are_never_given_twice_in_any_order_of_deeds(desk, deeds):
    desk.do(empty)
    desk.fill(HITS, pages=PAGES, wanted=WANTED)
    people = [Person(desk) for _ in range(4)]
    for who, deed in deeds:
        people[who].do(deed)
        assert_sound(desk)
    desk.clock.forward(1e6)
    desk.do(leases.reclaim, now=desk.clock())
    assert "leased" not in desk.see(lambda c: c.execute(sa.select(t.assignment.c.state)).scalars().all())


def test_places_are_never_given_twice_to_many_at_once(desks):
    desks[0].fill(20, pages=PAGES, wanted=WANTED)

    def live(i: int) -> None:
        rng, person = np.random.default_rng(i), Person(desks[i % len(desks)])
        for _ in range(20):
            person.do(str(rng.choice(DEEDS, p=[0.35, 0.2, 0.2, 0.05, 0.03, 0.03, 0.08, 0.02, 0.04])))

    with ThreadPoolExecutor(24) as threads:
        for future in [threads.submit(live, i) for i in range(32)]:
            future.result(timeout=120)
    assert_sound(desks[0])
    while (last := Person(desks[-1])) and desks[-1].work_through(last.session):
        pass
    for taken, live_ones, wanted in desks[0].see(counted):
        assert taken == live_ones
        assert taken <= wanted


def test_all_work_gets_done_once_when_many_come_at_once(desks):
    desks[0].fill(12, pages=1, wanted=WANTED)
    people = [(desk, desk.worker()) for _ in range(24 // len(desks) + 6) for desk in desks]
    with ThreadPoolExecutor(24) as threads:
        done = sum(threads.map(lambda one: one[0].work_through(one[1]), people))
    assert done == 12 * WANTED
    assert desks[0].see(counted) == [(WANTED, WANTED, WANTED)] * 12
