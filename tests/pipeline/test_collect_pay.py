"""Paying at Prolific, whose side is by hand, after its public documentation: nobody is paid twice or forgotten."""

import time

import msgspec
import pytest
from tests.collect.panel.by_hand import IDS, Bank
from tests.collect.service.visits import make_campaign

from sidelight.collect.campaign.secret import Secrets
from sidelight.collect.measure.activity import Activity
from sidelight.collect.panel.prolific import PERSON, STUDY, SUBMISSION
from sidelight.collect.panel.prolific_api import ProlificFault
from sidelight.collect.requester.payout import Rejection, Wish
from sidelight.collect.store import answers, leases, people
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.vault import Vault
from sidelight.collect.store.withdrawal import withdraw
from sidelight.collect.wire.answer import BrowseAnswer
from sidelight.pipeline.collect_pay import Paying
from sidelight.records.errors import FaultsFound, UserFault

NOW = 1_800_000_000.0
PAY = "/pay/"
WHY = Rejection(
    "NO_DATA", "Nothing was selected on any page, although every page shows several pictures of the class. " * 2
)


class Place:
    """A campaign with three people: two finished, one of them with an incomplete record; the third has one page."""

    def __init__(self, folder):
        options = {"panel": "prolific", "panel_options": {"code": "C1"}}
        self.campaign = make_campaign(folder, lambda: NOW, **options)
        write_token(self.campaign.folder, "tok")
        self.store = open_store(self.campaign.store_url, clock=lambda: NOW)
        self.vault = Vault(self.campaign.vault_place, self.campaign.secrets.vault_key())
        self.who = [self.person(n, pages=2 if n < 2 else 1, complete=n != 1) for n in range(3)]
        self.bank = Bank({f"sub{n}": (f"person{n}", "AWAITING REVIEW") for n in range(3)})

    def do(self, what, *arguments, **options):
        return self.store.write(lambda c: what(c, *arguments, **options)).result()

    def person(self, n, *, pages, complete):
        who = self.do(people.create_session, panel="prolific", condition={}, locale="en", preview=False, now=NOW + n)
        self.do(people.agree, who, version="v", publish=False, withdraw_hash=f"h{n}", now=NOW)
        self.do(people.passed_practice, who, now=NOW)
        for _ in range(pages):
            page = self.do(leases.take_page, who, now=NOW, lease_s=60.0)
            spent = Activity(active_ms=1e5, idle_ms=0.0, hidden_ms=0.0)
            kept = {"answer": BrowseAnswer({}), "complete": complete, "agrees": True, "activity": spent}
            self.do(answers.submit, who, page.id, **kept, now=NOW)
        fields = {PERSON: f"person{n}", STUDY: IDS[STUDY], SUBMISSION: f"sub{n}"}
        self.vault.remember(who, panel="prolific", person=f"person{n}", fields=fields, now=NOW)
        return who

    def pay(self, wish, *, send=True):
        """What was to be done, as (number of the person, what, hundredths)."""
        paying = Paying(self.campaign.folder, clock=lambda: NOW, transport=self.bank.transport)
        try:
            made = paying.look(wish)
            if send:
                paying.send(made)
        finally:
            paying.close()
        return [(self.who.index(step.session), step.do, step.cents) for step in made if step.do]

    def settle(self, bulk, *, paid):
        paying = Paying(self.campaign.folder, clock=lambda: NOW, transport=self.bank.transport)
        try:
            return paying.settle(bulk, paid=paid)
        finally:
            paying.close()


def write_token(folder, token):
    file = folder / "secrets.json"
    secrets = msgspec.json.decode(file.read_bytes(), type=Secrets)
    assert secrets.panel == {"api_token": "", "webhook_secret": ""}, "the places are there to be filled in"
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(secrets, panel={"api_token": token})))


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.store.close()
    made.vault.close()


def test_looking_changes_nothing_anywhere(place):
    assert place.pay(Wish(approve=True), send=False) == [(0, "approve", 0), (1, "approve", 0)]
    assert {method for method, _ in place.bank.asked} == {"GET"}
    assert place.pay(Wish(approve=True), send=False) == [(0, "approve", 0), (1, "approve", 0)]


def test_all_who_finished_are_approved_the_incomplete_too_while_the_service_runs(place):
    place.pay(Wish(approve=True))
    assert [at for _, at in place.bank.submissions.values()] == ["APPROVED", "APPROVED", "AWAITING REVIEW"]
    before = len(place.bank.asked)
    assert place.pay(Wish(approve=True)) == []
    assert [method for method, _ in place.bank.asked[before:]] == ["GET"]


def test_what_was_sent_is_known_here_even_if_prolific_still_says_otherwise(place):
    place.pay(Wish(approve=True))
    for row in place.bank.submissions.values():
        row[1] = "AWAITING REVIEW"
    assert place.pay(Wish(approve=True)) == []


def test_after_a_failure_the_same_command_goes_on_where_it_stopped(place):
    wish = Wish(approve=True, rejections={place.who[2]: WHY}, bonuses={place.who[0]: 35})
    place.bank.fails = {"/bulk-approve/": 503}
    with pytest.raises(ProlificFault, match="503"):
        place.pay(wish)
    assert place.bank.rejected == {"sub2": "NO_DATA"}
    place.bank.fails = {}
    assert place.pay(wish) == [(0, "approve", 0), (0, "bonus", 35), (1, "approve", 0)]
    assert (len(place.bank.rejected), place.bank.paid) == (1, [{"sub0": "0.35"}])
    assert place.pay(wish) == []


def test_of_a_bonus_only_what_is_lacking_is_paid(place):
    place.pay(Wish(bonuses={place.who[0]: 35, place.who[1]: 1}))
    assert place.pay(Wish(bonuses={place.who[0]: 50, place.who[1]: 1})) == [(0, "bonus", 15)]
    assert place.bank.paid == [{"sub0": "0.35", "sub1": "0.01"}, {"sub0": "0.15"}]


@pytest.mark.parametrize("fails", [502, ("then", 502)], ids=["before it was paid", "after it was paid"])
def test_a_bonus_of_which_nobody_knows_whether_it_was_paid_is_never_repeated_by_itself(place, fails):
    wish = Wish(bonuses={place.who[0]: 35})
    place.bank.fails = {PAY: fails}
    with pytest.raises(UserFault, match="--was-paid bulk0 or --was-not-paid bulk0"):
        place.pay(wish)
    place.bank.fails, was_paid = {}, bool(place.bank.paid)
    assert place.pay(wish) == []
    assert place.settle("bulk0", paid=was_paid) == 1
    place.pay(wish)
    assert place.bank.paid == [{"sub0": "0.35"}]
    with pytest.raises(UserFault, match="not in doubt"):
        place.settle("bulk0", paid=False)


def test_a_bonus_that_was_refused_is_tried_again(place):
    wish = Wish(bonuses={place.who[0]: 35})
    place.bank.fails = {PAY: 400}
    with pytest.raises(ProlificFault, match="400"):
        place.pay(wish)
    place.bank.fails = {}
    assert place.pay(wish) == [(0, "bonus", 35)]
    assert place.bank.paid == [{"sub0": "0.35"}]


def test_a_process_that_dies_before_the_answer_leaves_the_bonus_in_doubt(place, monkeypatch):
    monkeypatch.setattr(Paying, "settle", lambda *_, **__: pytest.fail("dead"))
    with pytest.raises(pytest.fail.Exception):
        place.pay(Wish(bonuses={place.who[0]: 35}))
    assert place.pay(Wish(bonuses={place.who[0]: 35})) == []
    assert len(place.bank.paid) == 1


def test_two_who_pay_at_the_same_time_pay_once(place):
    first, second = (Paying(place.campaign.folder, clock=time.time, transport=place.bank.transport) for _ in range(2))
    wish = Wish(bonuses={place.who[0]: 35})
    looked = [first.look(wish), second.look(wish)]
    first.send(looked[0])
    with pytest.raises(UserFault, match="somebody else sends the same"):
        second.send(looked[1])
    first.close()
    second.close()
    assert place.bank.paid == [{"sub0": "0.35"}]


def test_a_name_that_nobody_has_stops_everything_before_it_begins(place):
    with pytest.raises(FaultsFound, match="nobody of this campaign"):
        place.pay(Wish(approve=True, bonuses={"sx": 5}))
    assert place.bank.asked == []


def test_who_withdrew_after_the_work_is_paid(place):
    place.do(withdraw, "h0", now=NOW)
    place.pay(Wish(approve=True))
    assert place.bank.submissions["sub0"][1] == "APPROVED"


def test_without_a_token_it_is_said_where_it_belongs(place):
    file = place.campaign.folder / "secrets.json"
    file.write_text(file.read_text().replace('"tok"', '""'))
    with pytest.raises(UserFault, match=r"panel\.api_token: none"):
        place.pay(Wish())


def test_a_campaign_of_another_panel_is_paid_by_hand(tmp_path):
    campaign = make_campaign(tmp_path, lambda: NOW)
    with pytest.raises(UserFault, match=r"'link'.*table of payments"):
        Paying(campaign.folder, clock=lambda: NOW)
