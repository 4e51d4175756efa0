"""Exchanges with Prolific, written by hand from its public documentation; none was recorded from its servers."""

import httpx
import pytest
from tests.collect.panel.by_hand import canned

from sidelight.collect.panel.prolific_api import ProlificApi, ProlificFault
from sidelight.records.errors import UserFault

REASON = (
    "You answered all forty-eight pictures within four seconds, too fast to have looked at any of them, on all pages"
)


def api(replies, asked):
    return ProlificApi("tok", transport=canned(replies, asked))


def test_calls_go_to_one_host_with_the_token_and_say_what_they_must():
    asked = []
    prolific = api(
        {
            ("POST", "/api/v1/submissions/s1/transition/"): (200, {"id": "s1", "status": "REJECTED"}),
            ("POST", "/api/v1/submissions/bulk-approve/"): (200, "The request has been made."),
            ("GET", "/.well-known/study/jwks.json"): (200, {"keys": []}),
        },
        asked,
    )
    prolific.bulk_approve(["s1", "s2"])
    prolific.reject("s1", category="TOO_QUICKLY", message=REASON)
    assert prolific.key_set() == {"keys": []}
    prolific.close()
    assert all(url.startswith("https://api.prolific.com/") for _, url, _, _ in asked)
    assert {headers["authorization"] for *_, headers in asked} == {"Token tok"}
    bodies = [body for _, _, body, _ in asked]
    assert bodies[0] == {"submission_ids": ["s1", "s2"]}
    assert bodies[1] == {"action": "REJECT", "rejection_category": "TOO_QUICKLY", "message": REASON}


def test_all_pages_of_submissions_are_read():
    def answer(request):
        page = int(request.url.params["page"])
        return httpx.Response(200, json={"results": [{"id": f"{page}-{i}"} for i in range(100 if page < 3 else 7)]})

    assert len(ProlificApi("t", transport=httpx.MockTransport(answer)).submissions("st")) == 207


@pytest.mark.parametrize(("length", "asked_for"), [(20, 60), (7, 7)])
def test_pages_may_be_shorter_than_asked_for_as_long_as_a_next_one_is_named(length, asked_for):
    def answer(request):
        page = int(request.url.params["page"])
        assert page <= 3, "a page beyond the last is an error there"
        following = f"{request.url}&next" if page * length < asked_for else None
        rows = [{"id": f"{page}-{i}"} for i in range(length)]
        return httpx.Response(200, json={"results": rows, "_links": {"next": {"href": following}}})

    found = ProlificApi("t", transport=httpx.MockTransport(answer)).submissions("st")
    assert len({one["id"] for one in found}) == asked_for


def test_a_rejection_needs_a_reason_that_prolific_takes():
    asked = []
    with pytest.raises(UserFault, match="at least 100"):
        api({}, asked).reject("s1", category="OTHER", message="too fast" + " " * 100)
    assert asked == []


def test_bonuses_are_set_up_and_paid_in_two_steps():
    asked = []
    prolific = api(
        {
            ("POST", "/api/v1/submissions/bonus-payments/"): (201, {"id": "b1", "total_amount": 575}),
            ("POST", "/api/v1/bulk-bonus-payments/b1/pay/"): (202, "Bulk bonus payment b1 is being processed."),
        },
        asked,
    )
    prolific.pay_bonus(prolific.set_up_bonus("st", {"s1": 425, "s2": 5}))
    assert asked[0][2] == {"study_id": "st", "csv_bonuses": "s1,4.25\ns2,0.05"}
    assert len(asked) == 2


@pytest.mark.parametrize("evil", ["", "../../users/me", "s1/../s2", "s1?x", "s1,5.00\ns2", "s 1", "ü"])
def test_an_id_cannot_lead_elsewhere(evil):
    asked = []
    with pytest.raises(UserFault, match="letters, digits"):
        api({}, asked).bulk_approve(["s1", evil])
    with pytest.raises(UserFault, match="letters, digits"):
        api({}, asked).set_up_bonus("st", {evil: 100})
    assert asked == []


def test_refusals_and_rubbish_are_faults_that_do_not_show_the_token():
    def rubbish(request):
        return httpx.Response(200, content=b"<html>")

    with pytest.raises(ProlificFault, match="status 404") as refused:
        api({}, []).bulk_approve(["s1"])
    assert "tok" not in str(refused.value).replace("token", "")
    with pytest.raises(ProlificFault, match="no JSON"):
        ProlificApi("t", transport=httpx.MockTransport(rubbish)).submissions("st")


@pytest.mark.parametrize(("status", "refused"), [(400, True), (402, True), (429, True), (408, False), (502, False)])
def test_a_refusal_is_told_from_a_failure_of_which_nobody_knows_what_was_done(status, refused):
    with pytest.raises(ProlificFault) as fault:
        api({("POST", "/api/v1/bulk-bonus-payments/b1/pay/"): (status, {})}, []).pay_bonus("b1")
    assert fault.value.refused is refused


def test_no_answer_at_all_is_no_refusal():
    def cut(request):
        raise httpx.ReadTimeout("too slow")

    with pytest.raises(ProlificFault, match="ReadTimeout") as fault:
        ProlificApi("t", transport=httpx.MockTransport(cut)).pay_bonus("b1")
    assert not fault.value.refused


@pytest.mark.parametrize("token", ["se cret", "secret\n", "sécret"])
def test_a_token_that_cannot_be_one_is_refused_and_not_repeated(token):
    with pytest.raises(UserFault, match="without blanks") as fault:
        ProlificApi(token)
    assert "cret" not in str(fault.value).replace("secrets", "")


def test_a_redirect_is_not_followed():
    def away(request):
        assert request.url.host == "api.prolific.com"
        return httpx.Response(302, headers={"location": "http://169.254.169.254/latest"})

    with pytest.raises(ProlificFault, match="302"):
        ProlificApi("t", transport=httpx.MockTransport(away)).submissions("st")
