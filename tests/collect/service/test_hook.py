"""Prolific's webhooks at the service: a person who returned her submission gives her place back."""

import json

import pytest
from tests.collect.panel.by_hand import IDS
from tests.collect.service.visits import make_campaign, rows

from sidelight.collect.campaign.folder import open_campaign
from sidelight.collect.panel.prolific_hook import sign
from sidelight.collect.store import tables as t

SECRET = "hook-secret"


@pytest.fixture
def hooked(tmp_path, clock, serve):
    folder = make_campaign(tmp_path, clock, panel="prolific", panel_options={"code": "C1D2"}).folder
    secrets = json.loads((folder / "secrets.json").read_text())
    (folder / "secrets.json").write_text(json.dumps({**secrets, "panel": {"webhook_secret": SECRET}}))
    return serve(campaign=open_campaign(folder))


def tell(service, status, *, secret=SECRET, event="e1", submission=IDS["SESSION_ID"]):
    body = json.dumps({"event_type": "submission.status.change", "resource_id": submission, "status": status}).encode()
    sent = str(int(service.clock()))
    headers = {"X-Prolific-Request-Timestamp": sent, "X-Event-ID": event}
    headers["X-Prolific-Request-Signature"] = sign(secret.encode(), sent, body)
    return service.http.post("/hook/prolific", content=body, headers=headers).status_code


def states(service):
    return [row.state for row in rows(service, t.assignment)]


def test_a_returned_submission_frees_its_place(hooked):
    person = hooked.worker(**IDS)
    person.page()
    assert tell(hooked, "RETURNED") == 200
    assert states(hooked) == ["returned"]
    assert tell(hooked, "RETURNED") == 200, "sent again, it changes nothing"


def test_other_statuses_and_other_peoples_submissions_change_nothing(hooked):
    hooked.worker(**IDS).page()
    assert tell(hooked, "AWAITING REVIEW") == 200
    assert tell(hooked, "RETURNED", event="e2", submission="5f00000000000000000000ee") == 200
    assert states(hooked) == ["leased"]


def test_a_forged_webhook_changes_nothing(hooked):
    hooked.worker(**IDS).page()
    assert tell(hooked, "RETURNED", secret="guess") == 403
    assert states(hooked) == ["leased"]


def test_without_a_secret_there_is_no_such_address(service):
    assert service.http.post("/hook/prolific", content=b"{}").status_code == 404
