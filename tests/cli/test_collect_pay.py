"""The command around the paying, which has its own tests in `tests/pipeline/test_collect_pay.py`."""

import pytest
from tests.pipeline.test_collect_pay import Place

from sidelight.cli import collect_pay
from sidelight.pipeline.collect_pay import Paying


@pytest.fixture
def place(tmp_path, monkeypatch):
    made = Place(tmp_path)
    plain = Paying.__init__
    monkeypatch.setattr(Paying, "__init__", lambda self, *a, **k: plain(self, *a, **k, transport=made.bank.transport))
    yield made
    made.store.close()
    made.vault.close()


def pay(place, *words):
    return collect_pay.main([str(place.campaign.folder), *map(str, words)])


def test_it_shows_first_and_sends_when_told_to(place, tmp_path, capsys):
    bonuses = tmp_path / "bonus.csv"
    bonuses.write_text(f"session,bonus\n{place.who[0]},0.35\n{place.who[1]},\n")
    assert pay(place, "--approve", "--bonus", bonuses) == 0
    said = capsys.readouterr().out
    assert "to approve 2, to reject 0, bonuses 1 of 0.35 in all" in said
    assert "Nothing was sent" in said
    assert place.bank.paid == []
    assert pay(place, "--approve", "--bonus", bonuses, "--send") == 0
    assert place.bank.paid == [{"sub0": "0.35"}]
    capsys.readouterr()
    pay(place, "--approve", "--bonus", bonuses, "--send")
    said = capsys.readouterr().out
    assert "to approve 0, to reject 0, bonuses 0 of 0.00" in said
    assert "bonus was sent" in said
    assert len(place.bank.paid) == 1


def test_it_names_people_by_pseudonym_and_never_prints_the_token_or_the_panels_ids(place, capsys):
    pay(place, "--approve")
    said = capsys.readouterr()
    assert place.who[0] in said.out
    assert not [secret for secret in ("tok ", "person0", "sub0") if secret in said.out + said.err]


def test_the_reason_of_a_rejection_is_shown_before_it_is_sent(place, tmp_path, capsys):
    table = tmp_path / "reject.csv"
    table.write_text(f"session,category,message\n{place.who[2]},NO_DATA,{'Nothing was there. ' * 8}\n")
    pay(place, "--reject", table)
    assert "NO_DATA: Nothing was there." in capsys.readouterr().out
    assert place.bank.rejected == {}


def test_a_doubt_is_ended_by_whoever_has_looked(place, tmp_path, capsys):
    bonuses = tmp_path / "bonus.csv"
    bonuses.write_text(f"session,bonus\n{place.who[0]},0.35\n")
    place.bank.fails = {"/pay/": 500}
    with pytest.raises(Exception, match="in doubt"):
        pay(place, "--bonus", bonuses, "--send")
    place.bank.fails = {}
    capsys.readouterr()
    pay(place, "--was-not-paid", "bulk0", "--bonus", bonuses, "--send")
    assert "payment bulk0: 1 bonuses were not paid" in capsys.readouterr().out
    assert len(place.bank.paid) == 1
