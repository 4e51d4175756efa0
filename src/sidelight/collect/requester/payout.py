"""What Prolific is to be told of everybody: approve, reject, a bonus, or nothing and why. Decided here, sent elsewhere.

Whoever finished a hit is approved: late, incomplete and excluded work pays, and so does that of people who withdrew.
Nobody is rejected but by name, in a file that the requester wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from sidelight.collect.panel.prolific import PERSON, STUDY, SUBMISSION
from sidelight.collect.panel.prolific_api import Category
from sidelight.collect.requester.payments import Work
from sidelight.collect.store.payouts import Kind, Payout
from sidelight.collect.store.vault import Identity

WAITING = "AWAITING REVIEW"
"""Status of a submission that can be approved or rejected."""


class Rejection(msgspec.Struct, frozen=True):
    """Why somebody is not paid, as she will read it."""

    category: Category
    message: str


class Wish(msgspec.Struct, frozen=True):
    """What a requester asks for.

    Attributes:
        approve: everybody who finished a hit, but those in `rejections`.
        rejections: pseudonym -> why.
        bonuses: pseudonym -> what the person is to have on top in all, in hundredths of the study's currency.
    """

    approve: bool = False
    rejections: Mapping[str, Rejection] = {}
    bonuses: Mapping[str, int] = {}


class Submission(msgspec.Struct, frozen=True):
    """A submission as Prolific has it.

    Attributes:
        person: who made it.
        status: such as "AWAITING REVIEW".
    """

    person: str
    status: str


class Step(msgspec.Struct, frozen=True):
    """What is to be done for a person, or why nothing is.

    Attributes:
        session: her pseudonym.
        do: "" is nothing.
        note: why nothing; or what was sent before.
        status: of her submission at Prolific; "" if there is none.
        study: at Prolific.
        submission: at Prolific.
        ordinal: of the payout that this becomes.
        cents: of a bonus.
        why: of a rejection.
    """

    session: str
    do: Kind | Literal[""] = ""
    note: str = ""
    status: str = ""
    study: str = ""
    submission: str = ""
    ordinal: int = 0
    cents: int = 0
    why: Rejection | None = None


def steps(
    works: Mapping[str, Work],
    identities: Iterable[Identity],
    submissions: Mapping[str, Submission],
    sent: Iterable[Payout],
    wish: Wish,
) -> list[Step]:
    """One step for everybody who agreed to take part, in the order in which they came, and one more for a bonus.

    Args:
        works: what everybody did, by pseudonym.
        identities: of the vault.
        submissions: at Prolific, by id.
        sent: what was sent before, or is in doubt.
        wish: of the requester.
    """
    known = {one.session: one.fields for one in identities}
    before: dict[str, list[Payout]] = {session: [] for session in works}
    for payout in sent:
        before.setdefault(payout.session, []).append(payout)
    made = []
    for session, work in works.items():
        fields = known.get(session, {})
        found = submissions.get(fields.get(SUBMISSION, ""))
        if found is None or found.person != fields[PERSON]:
            made.append(Step(session, note="no such submission at Prolific" if fields else "her ids are deleted"))
            continue
        place = Step(session, status=found.status, study=fields[STUDY], submission=fields[SUBMISSION])
        made.append(_judged(place, work, before[session], wish))
        if wish.bonuses.get(session):
            made.append(_bonus(place, before[session], wish.bonuses[session]))
    return made


def _judged(place: Step, work: Work, before: Sequence[Payout], wish: Wish) -> Step:
    """Approve, reject, or leave a submission as it is."""
    told = next((one for one in before if one.kind != "bonus"), None)
    why = wish.rejections.get(place.session)
    if told is not None:
        return _with(place, note=f"{told.kind} was sent")
    if place.status != WAITING and why is not None:
        return _with(place, note="cannot be rejected as it is")
    if place.status != WAITING:
        return _with(
            place, note="" if place.status == "APPROVED" else "cannot be approved as it is: a bonus can be paid"
        )
    if why is not None:
        return _with(place, do="reject", why=why)
    if not work.finished:
        return _with(place, note="has not finished a hit: look at it yourself")
    return _with(place, do="approve") if wish.approve else _with(place, note="finished: --approve pays")


def _bonus(place: Step, before: Sequence[Payout], wanted: int) -> Step:
    """What is still lacking of a bonus."""
    bonuses = [one for one in before if one.kind == "bonus"]
    doubtful = next((one.bulk for one in bonuses if one.state == "sending"), "")
    if doubtful:
        return _with(place, note=f"bonus in doubt: look for payment {doubtful}, then --was-paid or --was-not-paid")
    lacking = wanted - sum(one.cents for one in bonuses)
    if lacking <= 0:
        return _with(place, note="bonus was sent")
    return _with(place, do="bonus", cents=lacking, ordinal=len(bonuses))


def _with(place: Step, **fields: object) -> Step:
    return msgspec.structs.replace(place, **fields)
