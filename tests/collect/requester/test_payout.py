"""Who is told what; nothing is sent here."""

import pytest

from sidelight.collect.panel.prolific import PERSON, STUDY, SUBMISSION
from sidelight.collect.requester.payments import Work
from sidelight.collect.requester.payout import Rejection, Submission, Wish, steps
from sidelight.collect.store.payouts import Payout
from sidelight.collect.store.vault import Identity

WHO = Identity("s", "prolific", {PERSON: "p1", STUDY: "st", SUBMISSION: "sub1"})
DONE = Work("done", "CODE", finished=1)
WHY = Rejection("NO_DATA", "x" * 100)


def decided(wish, *, work=DONE, status="AWAITING REVIEW", sent=(), who=(WHO,), person="p1"):
    """(what is done, cents, note) for one person."""
    made = steps({"s": work}, who, {"sub1": Submission(person, status)}, sent, wish)
    return [(step.do, step.cents, step.note) for step in made]


@pytest.mark.parametrize(
    "work",
    [
        Work("done", "CODE", finished=1, pages=3, complete=0),
        Work("withdrawn", "CODE", finished=1),
        Work("work", "", finished=1, share=0.5),
    ],
    ids=["incomplete", "withdrawn", "without a code"],
)
def test_whoever_finished_is_approved_whatever_became_of_the_recording(work):
    assert decided(Wish(approve=True), work=work) == [("approve", 0, "")]


def test_a_step_holds_what_prolific_needs():
    (step,) = steps({"s": DONE}, [WHO], {"sub1": Submission("p1", "AWAITING REVIEW")}, [], Wish(approve=True))
    assert (step.study, step.submission, step.status) == ("st", "sub1", "AWAITING REVIEW")


def test_nothing_is_done_unasked():
    assert decided(Wish()) == [("", 0, "finished: --approve pays")]


def test_who_has_not_finished_is_looked_at_by_a_person():
    (step,) = decided(Wish(approve=True), work=Work("returned", "", share=0.4))
    assert step == ("", 0, "has not finished a hit: look at it yourself")


@pytest.mark.parametrize("status", ["RETURNED", "TIMED-OUT", "ACTIVE", "REJECTED", "SCREENED OUT"])
def test_only_what_awaits_review_is_approved_or_rejected(status):
    assert decided(Wish(approve=True), status=status)[0][0] == ""
    assert decided(Wish(rejections={"s": WHY}), status=status) == [("", 0, "cannot be rejected as it is")]


def test_who_is_approved_there_already_needs_nothing():
    assert decided(Wish(approve=True), status="APPROVED") == [("", 0, "")]


@pytest.mark.parametrize("kind", ["approve", "reject"])
def test_what_was_sent_is_not_sent_again_even_if_prolific_is_slow(kind):
    wish = Wish(approve=True, rejections={"s": WHY})
    assert decided(wish, sent=[Payout("s", kind)]) == [("", 0, f"{kind} was sent")]


def test_who_is_rejected_by_name_is_not_approved():
    (step,) = steps(
        {"s": DONE}, [WHO], {"sub1": Submission("p1", "AWAITING REVIEW")}, [], Wish(approve=True, rejections={"s": WHY})
    )
    assert (step.do, step.why) == ("reject", WHY)


def test_a_bonus_is_what_is_lacking_of_the_amount_asked_for():
    wish = Wish(bonuses={"s": 80})
    assert decided(wish)[1] == ("bonus", 80, "")
    assert decided(wish, status="RETURNED")[1] == ("bonus", 80, "")
    assert decided(wish, sent=[Payout("s", "bonus", 0, 50, "b0")])[1] == ("bonus", 30, "")
    assert decided(wish, sent=[Payout("s", "bonus", 0, 80, "b0")])[1] == ("", 0, "bonus was sent")
    assert decided(wish, sent=[Payout("s", "bonus", 0, 90, "b0")])[1] == ("", 0, "bonus was sent")
    made = steps({"s": DONE}, [WHO], {"sub1": Submission("p1", "")}, [Payout("s", "bonus", 0, 50, "b0")], wish)
    assert made[1].ordinal == 1


def test_as_long_as_a_bonus_is_in_doubt_the_person_gets_no_other():
    doubt = Payout("s", "bonus", 0, 50, "b0", "sending")
    do, cents, note = decided(Wish(bonuses={"s": 80}), sent=[doubt])[1]
    assert (do, cents) == ("", 0)
    assert "payment b0" in note


def test_nobody_is_paid_by_an_id_that_is_another_persons_or_unknown():
    wish = Wish(approve=True, bonuses={"s": 80})
    assert decided(wish, person="p2") == [("", 0, "no such submission at Prolific")]
    assert decided(wish, who=()) == [("", 0, "her ids are deleted")]
