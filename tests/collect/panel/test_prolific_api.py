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
    done = (200, {"id": "s1", "status": "APPROVED"})
    prolific = api(
        {
            ("POST", "/api/v1/submissions/s1/transition/"): done,
            ("POST", "/api/v1/submissions/bulk-approve/"): (200, {"message": "ok"}),
            ("POST", "/api/v1/submissions/s1/request-return/"): (200, {}),
            ("POST", "/api/v1/messages/"): (201, {}),
            ("GET", "/api/v1/submissions/s1/"): done,
            ("GET", "/api/v1/studies/st/"): (200, {"id": "st"}),
            ("GET", "/.well-known/study/jwks.json"): (200, {"keys": []}),
        },
        asked,
    )
    assert prolific.approve("s1")["status"] == "APPROVED"
    prolific.bulk_approve(["s1", "s2"])
    prolific.reject("s1", category="TOO_QUICKLY", message=REASON)
    prolific.request_return("s1", reasons=["Withdrew consent."])
    prolific.message("p1", study="st", text="Thank you")
    assert prolific.submission("s1")["id"] == "s1"
    assert prolific.study("st") == {"id": "st"}
    assert prolific.key_set() == {"keys": []}
    prolific.close()
    assert all(url.startswith("https://api.prolific.com/") for _, url, _, _ in asked)
    assert {headers["authorization"] for *_, headers in asked} == {"Token tok"}
    bodies = [body for _, _, body, _ in asked]
    assert bodies[0] == {"action": "APPROVE"}
    assert bodies[1] == {"submission_ids": ["s1", "s2"]}
    assert bodies[2] == {"action": "REJECT", "rejection_category": "TOO_QUICKLY", "message": REASON}
    assert bodies[4] == {"recipient_id": "p1", "study_id": "st", "body": "Thank you"}


def test_all_pages_of_submissions_are_read():
    def answer(request):
        page = int(request.url.params["page"])
        return httpx.Response(200, json={"results": [{"id": f"{page}-{i}"} for i in range(100 if page < 3 else 7)]})

    assert len(ProlificApi("t", transport=httpx.MockTransport(answer)).submissions("st")) == 207


def test_a_rejection_needs_a_reason_that_prolific_takes():
    asked = []
    with pytest.raises(UserFault, match="at least 100"):
        api({}, asked).reject("s1", category="OTHER", message="too fast" + " " * 100)
    assert asked == []


def test_bonuses_are_set_up_and_paid_in_two_steps():
    asked = []
    prolific = api(
        {
            ("POST", "/api/v1/submissions/bonus-payments/"): (200, {"id": "b1", "total_amount": 575}),
            ("POST", "/api/v1/bulk-bonus-payments/b1/pay/"): (202, {}),
        },
        asked,
    )
    prolific.pay_bonus(prolific.set_up_bonus("st", {"s1": 4.25, "s2": 1.5}))
    assert asked[0][2] == {"study_id": "st", "csv_bonuses": "s1,4.25\ns2,1.50"}
    assert len(asked) == 2


@pytest.mark.parametrize("evil", ["", "../../users/me", "s1/../s2", "s1?x", "s1,5.00\ns2", "s 1", "ü"])
def test_an_id_cannot_lead_elsewhere(evil):
    asked = []
    with pytest.raises(UserFault, match="letters, digits"):
        api({}, asked).approve(evil)
    with pytest.raises(UserFault, match="letters, digits"):
        api({}, asked).set_up_bonus("st", {evil: 1.0})
    assert asked == []


def test_refusals_and_rubbish_are_faults_that_do_not_show_the_token():
    def rubbish(request):
        return httpx.Response(200, content=b"<html>")

    with pytest.raises(ProlificFault, match="status 404") as refused:
        api({}, []).approve("s1")
    assert "tok" not in str(refused.value).replace("token", "")
    with pytest.raises(ProlificFault, match="no usable answer"):
        ProlificApi("t", transport=httpx.MockTransport(rubbish)).study("st")


def test_a_redirect_is_not_followed():
    def away(request):
        assert request.url.host == "api.prolific.com"
        return httpx.Response(302, headers={"location": "http://169.254.169.254/latest"})

    with pytest.raises(ProlificFault, match="302"):
        ProlificApi("t", transport=httpx.MockTransport(away)).study("st")
