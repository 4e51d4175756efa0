"""What was sent is written down, and by nobody twice."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from sidelight.collect.store import people
from sidelight.collect.store import tables as t
from sidelight.collect.store.payouts import Payout, keep, payouts, settle
from sidelight.collect.store.withdrawal import withdraw


@pytest.fixture
def who(store):
    """Somebody who may be paid."""
    arrived = {"panel": "prolific", "condition": {}, "locale": "en", "preview": False, "now": 0.0}
    session = store.write(lambda c: people.create_session(c, **arrived)).result()
    agreed = {"version": "v", "publish": True, "withdraw_hash": "h", "now": 0.0}
    store.write(lambda c: people.agree(c, session, **agreed)).result()
    return session


def kept(store):
    with store.read() as c:
        return payouts(c)


def test_what_was_written_down_comes_back(store, who):
    rows = [Payout(who, "approve", at=5.0), Payout(who, "bonus", cents=35, bulk="b", state="sending", at=6.0)]
    store.write(lambda c: keep(c, rows)).result()
    assert kept(store) == rows


def test_two_who_send_the_same_at_a_time_do_not_both_get_to(store, who):
    store.write(lambda c: keep(c, [Payout(who, "bonus", cents=35)])).result()
    with pytest.raises(IntegrityError):
        store.write(lambda c: keep(c, [Payout(who, "approve"), Payout(who, "bonus", cents=35)])).result()
    assert [one.kind for one in kept(store)] == ["bonus"]


@pytest.mark.parametrize("paid", [True, False])
def test_a_payment_in_doubt_is_settled_once(store, who, paid):
    rows = [Payout(who, "bonus", 0, 35, "b1", "sent"), Payout(who, "bonus", 1, 10, "b2", "sending")]
    store.write(lambda c: keep(c, rows)).result()
    assert store.write(lambda c: settle(c, "b1", paid=False)).result() == 0
    assert store.write(lambda c: settle(c, "b2", paid=paid)).result() == 1
    assert [(one.bulk, one.state) for one in kept(store)] == [("b1", "sent"), ("b2", "sent")][: 1 + paid]


def test_that_somebody_was_paid_stays_known_after_she_withdrew(store, who):
    store.write(lambda c: keep(c, [Payout(who, "approve")])).result()
    store.write(lambda c: withdraw(c, "h", now=9.0)).result()
    assert [one.kind for one in kept(store)] == ["approve"]
    with store.read() as c:
        assert c.execute(sa.select(t.session.c.state)).scalar_one() == "withdrawn"
