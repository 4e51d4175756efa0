import pytest
from tests.collect.panel.by_hand import NOW

from sidelight.collect.panel.prolific_hook import WINDOW_S, Hook, sign
from sidelight.collect.panel.visit import NotAdmitted

BODY = b'{"event_type": "submission.status.change", "resource_id": "5f01", "status": "RETURNED", "participant_id": "p"}'


def headers(*, sent=str(int(NOW)), event="e1", secret=b"s3cret", body=BODY):
    return {
        "x-prolific-request-signature": sign(secret, sent, body),
        "x-prolific-request-timestamp": sent,
        "x-event-id": event,
    }


def test_a_signed_event_is_taken_once():
    hook = Hook("s3cret")
    assert hook.receive(headers(), BODY, now=NOW).gone == "5f01"
    assert hook.receive(headers(), BODY, now=NOW + 1) is None
    assert hook.receive(headers(event="e2"), BODY, now=NOW).gone == "5f01"


@pytest.mark.parametrize(
    ("sent", "now"),
    [(str(int(NOW)), NOW + WINDOW_S + 1), (str(int(NOW)), NOW - WINDOW_S - 1), ("-5", NOW), ("nan", NOW)],
)
def test_an_event_of_another_time_is_refused(sent, now):
    with pytest.raises(NotAdmitted):
        Hook("s3cret").receive(headers(sent=sent), BODY, now=now)


def test_time_stamps_in_milliseconds_are_understood():
    assert Hook("s3cret").receive(headers(sent=str(int(NOW * 1000))), BODY, now=NOW) is not None


def test_forged_events_are_refused():
    hook = Hook("s3cret")
    for forged in (headers(secret=b"guess"), {}, {**headers(), "x-prolific-request-timestamp": str(int(NOW) + 1)}):
        with pytest.raises(NotAdmitted, match="signature"):
            hook.receive(forged, BODY, now=NOW)
    with pytest.raises(NotAdmitted, match="signature"):
        hook.receive(headers(), BODY.replace(b"5f01", b"5f02"), now=NOW)
    with pytest.raises(NotAdmitted, match="signature"):
        Hook("").receive(headers(secret=b""), BODY, now=NOW)


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"status": 5}', b"\xff"])
def test_a_signed_body_that_is_no_event_is_refused(body):
    with pytest.raises(NotAdmitted, match="no event"):
        Hook("s3cret").receive(headers(body=body), body, now=NOW)


def test_other_events_say_nothing_of_people():
    body = b'{"event_type": "study.status.change", "resource_id": "5f01", "status": "RETURNED"}'
    assert Hook("s").receive(headers(secret=b"s", body=body), body, now=NOW).gone == ""
