"""Pay follows work, and nothing else."""

import csv
import io

import pytest

from sidelight.collect.campaign.settings import Pay
from sidelight.collect.requester.payments import payments
from sidelight.collect.store import tables as t
from sidelight.collect.store.vault import Identity

PAY = Pay(per_hit=3.0, currency="EUR")


@pytest.fixture
def paid(store):
    def rows(identities=(), pay=PAY):
        with store.read() as c:
            return list(csv.DictReader(io.StringIO(payments(c, identities, pay), newline="")))

    return rows


def test_a_finished_assignment_pays_in_full_with_the_panels_id_and_the_code(paid, hand, clock):
    session = hand.session("s")
    hand.page(hand.assignment(hand.hit(1), session), active_ms=120_000.0, idle_ms=30_000.0)
    hand.row(t.completion, code="CODE", session=session, issued_at=clock.now)
    (row,) = paid([Identity("s", "prolific", {"PROLIFIC_PID": "5f3a"})])
    assert row == {
        "session": "s",
        "state": "done",
        "finished": "1",
        "pages": "1",
        "complete": "yes",
        "minutes": "2.5",
        "pay": "3.00",
        "bonus": "0.00",
        "currency": "EUR",
        "code": "CODE",
        "panel": "prolific",
        "PROLIFIC_PID": "5f3a",
    }


@pytest.mark.parametrize("more", [{"excluded": "screening"}, {"publish": True}, {"state": "done"}])
def test_screening_changes_no_pay(paid, hand, more):
    hand.page(hand.assignment(hand.hit(1), hand.session(**more)), agrees=False)
    assert paid()[0]["pay"] == "3.00"


def test_an_incomplete_recording_and_a_late_page_are_paid(paid, hand):
    hand.page(hand.assignment(hand.hit(1), hand.session(), late=True), complete=False, late=True)
    assert (paid()[0]["pay"], paid()[0]["complete"]) == ("3.00", "no")


def test_who_gave_back_is_paid_her_share(paid, hand):
    assignment = hand.assignment(hand.hit(3), hand.session(state="returned"), "returned")
    hand.page(assignment, 0)
    hand.page(assignment, 1, "shown")
    hand.page(assignment, 2, "waiting")
    assert (paid()[0]["finished"], paid()[0]["pay"]) == ("0", "1.00")


def test_who_withdrew_after_finishing_is_paid_though_nothing_of_the_work_is_left(paid, hand, clock):
    session = hand.session(state="withdrawn", withdrawn_at=clock.now)
    hand.assignment(hand.hit(1), session, "withdrawn", submitted_at=clock.now)
    (row,) = paid()
    assert (row["state"], row["finished"], row["pages"], row["complete"], row["pay"]) == (
        "withdrawn",
        "1",
        "0",
        "",
        "3.00",
    )


def test_the_bonus_lifts_slow_work_to_the_hourly_floor(paid, hand):
    hand.page(hand.assignment(hand.hit(1), hand.session()), active_ms=1_800_000.0, idle_ms=0.0, hidden_ms=9e9)
    assert paid(pay=Pay(per_hit=3.0, hourly_floor=12.0))[0]["bonus"] == "3.00"
    assert paid(pay=Pay(per_hit=9.0, hourly_floor=12.0))[0]["bonus"] == "0.00"


def test_several_assignments_add_up(paid, hand):
    session = hand.session()
    for _ in range(3):
        hand.page(hand.assignment(hand.hit(1), session))
    assert (len(paid()), paid()[0]["finished"], paid()[0]["pay"]) == (1, "3", "9.00")


def test_previews_and_those_who_never_agreed_are_not_listed(paid, hand):
    hand.session(preview=True)
    hand.session(state="arrived", consent_at=None)
    hand.session(state="refused", consent_at=None)
    assert paid() == []


def test_no_id_of_a_panel_and_no_name_of_a_field_is_a_formula(paid, hand):
    hand.session("s")
    (row,) = paid([Identity("s", "generic", {"=cmd|'/c calc'!A0": '=HYPERLINK("//evil")', "id": "+49"})])
    assert row["'=cmd|'/c calc'!A0"] == '\'=HYPERLINK("//evil")'
    assert row["id"] == "'+49"


def test_people_of_different_panels_share_the_table(paid, hand):
    hand.session("s"), hand.session("u"), hand.session("v")
    rows = paid([Identity("s", "prolific", {"pid": "1"}), Identity("u", "generic", {"worker": "2"})])
    assert [(row["session"], row["panel"], row["pid"], row["worker"]) for row in rows] == [
        ("s", "prolific", "1", ""),
        ("u", "generic", "", "2"),
        ("v", "", "", ""),
    ]
