import pytest

from sidelight.collect.panel.generic import Generic
from sidelight.collect.panel.visit import NotAdmitted
from sidelight.records.errors import UserFault

IDS = {"workerId": "w1", "assignmentId": "a1", "hitId": "h1"}


def test_a_redirect_carries_the_ids_and_the_code():
    panel = Generic(completion="redirect", address="https://panel.example/done?study=7")
    home = panel.home(panel.arrive(IDS, keys=None, now=0.0).fields, code="K3")
    assert home.redirect == "https://panel.example/done?study=7&workerId=w1&assignmentId=a1&hitId=h1&code=K3"
    assert home.form is None


def test_an_mturk_style_form_is_posted_where_the_link_says():
    panel = Generic(completion="form", hosts=("www.panel.example",))
    fields = panel.arrive({**IDS, "turkSubmitTo": "https://www.panel.example/"}, keys=None, now=0.0).fields
    assert panel.home(fields, code="K3").form == (
        "https://www.panel.example/mturk/externalSubmit",
        {"workerId": "w1", "assignmentId": "a1", "hitId": "h1", "code": "K3"},
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://panel.example",
        "https://evil.example",
        "https://panel.example.evil.example",
        "https://panel.example@evil.example",
        "https://evil.example/panel.example",
        "https://panel.example:8443",
        "https://panel.example\\@evil.example",
        "//panel.example",
        "javascript:alert(1)//panel.example",
        "https://[panel.example",
    ],
)
def test_people_are_sent_nowhere_but_to_the_listed_hosts(address):
    panel = Generic(completion="form", hosts=("panel.example",))
    with pytest.raises(NotAdmitted):
        panel.arrive({**IDS, "turkSubmitTo": address}, keys=None, now=0.0)


def test_a_panel_that_could_send_nobody_home_is_refused_at_once():
    with pytest.raises(UserFault, match="hosts"):
        Generic(completion="redirect")
    with pytest.raises(UserFault, match="https"):
        Generic(completion="form", address="http://panel.example")


def test_a_code_is_sent_along_only_under_a_name():
    panel = Generic(completion="redirect", address="https://panel.example/", code_as="", others=(), visit="")
    assert panel.home({"workerId": "w"}, code="K3").redirect == "https://panel.example/?workerId=w"
