import pytest
from tests.collect.panel.by_hand import IDS, NOW

from sidelight.collect.panel.prolific import Prolific
from sidelight.collect.panel.visit import NotAdmitted
from sidelight.records.errors import UserFault

OPEN = Prolific(code="C1D2E3", audience="label.example")
SIGNED = Prolific(code="C1D2E3", audience="label.example", signed=True)


def test_ids_alone_are_taken_but_not_verified(signer):
    who = OPEN.arrive(IDS, keys=signer.keys, now=NOW)
    assert (who.person, who.verified) == (IDS["PROLIFIC_PID"], False)


def test_a_signed_visit_is_verified(signer):
    who = SIGNED.arrive({**IDS, "prolific_token": signer.token()}, keys=signer.keys, now=NOW)
    assert who.verified
    assert who.fields == IDS


def test_a_campaign_that_wants_signatures_refuses_bare_ids(signer):
    with pytest.raises(NotAdmitted, match="absent"):
        SIGNED.arrive(IDS, keys=signer.keys, now=NOW)


@pytest.mark.parametrize("name", list(IDS))
def test_ids_that_the_token_does_not_prove_are_refused(signer, name):
    forged = {**IDS, name: "5f00000000000000000000ee", "prolific_token": signer.token()}
    with pytest.raises(NotAdmitted, match="prove"):
        OPEN.arrive(forged, keys=signer.keys, now=NOW)


def test_without_keys_no_token_passes(signer):
    with pytest.raises(NotAdmitted):
        SIGNED.arrive({**IDS, "prolific_token": signer.token()}, keys=None, now=NOW)


def test_another_study_is_refused():
    with pytest.raises(NotAdmitted, match="another study"):
        Prolific(code="C1", study="5f00000000000000000000bb").arrive(IDS, keys=None, now=NOW)


def test_signatures_need_an_audience():
    with pytest.raises(UserFault, match="audience"):
        Prolific(code="C1", signed=True)


def test_the_way_home_is_prolifics_own():
    home = OPEN.home(IDS, code="our own proof, not shown")
    assert home.code == "C1D2E3"
    assert home.redirect == "https://app.prolific.com/submissions/complete?cc=C1D2E3"
