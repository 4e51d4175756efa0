"""The contract that every panel's adapter keeps, run over all of them."""

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from sidelight.collect.panel.generic import NOT_ACCEPTED, Generic
from sidelight.collect.panel.link import Link
from sidelight.collect.panel.prolific import Prolific
from sidelight.collect.panel.table import PANELS, panel_of
from sidelight.collect.panel.visit import NotAdmitted, https_host
from sidelight.records.errors import UserFault

PROLIFIC = {"PROLIFIC_PID": "p1", "STUDY_ID": "s1", "SESSION_ID": "v1"}
MTURK = {"workerId": "w1", "assignmentId": "a1", "hitId": "h1", "turkSubmitTo": "https://panel.example"}
ROWS = [
    (Link(), {}),
    (Prolific(code="C1D2"), PROLIFIC),
    (Generic(), MTURK),
    (Generic(completion="redirect", address="https://panel.example/done?lang=en"), MTURK),
    (Generic(completion="form", hosts=("panel.example",)), MTURK),
    (Generic(person="participantId", visit="", others=()), {"participantId": "w1"}),
]
EVERY = pytest.mark.parametrize(("panel", "parameters"), ROWS, ids=lambda row: type(row).__name__)
TELLING = [row for row in ROWS if row[1]]


def test_every_panel_of_the_table_keeps_the_contract():
    assert {type(panel) for panel, _ in ROWS} == set(PANELS.values())


@EVERY
def test_an_arrival_is_somebody_and_unsigned_ones_are_not_verified(panel, parameters):
    who = panel.arrive(parameters, keys=None, now=0.0)
    assert not who.verified
    assert not who.preview
    assert bool(who.person) == bool(parameters)
    assert who.fields.items() <= parameters.items()


@EVERY
def test_parameters_that_are_not_the_panels_are_not_kept(panel, parameters):
    who = panel.arrive({**parameters, "email": "ada@example.org", "utm_source": "x"}, keys=None, now=0.0)
    assert not {"email", "utm_source"} & set(who.fields)


@EVERY
def test_the_same_person_is_the_same_and_another_is_another(panel, parameters):
    if not parameters:
        return
    name = next(iter(parameters))
    first, again = (panel.arrive(parameters, keys=None, now=float(t)).person for t in (0, 99))
    other = panel.arrive({**parameters, name: "somebody-else"}, keys=None, now=0.0).person
    assert first == again != other


@EVERY
def test_everybody_who_finished_gets_home(panel, parameters):
    who = panel.arrive(parameters, keys=None, now=0.0)
    home = panel.home(who.fields, code="OWN-CODE")
    assert home.code
    for address in (home.redirect, home.form and home.form[0]):
        assert not address or https_host(address)
    if home.form:
        assert https_host(home.form[0]) in panel.form_hosts()
    else:
        assert panel.form_hosts() == ()


@pytest.mark.parametrize(("panel", "parameters"), TELLING, ids=lambda row: type(row).__name__)
@pytest.mark.parametrize("broken", ["", "x" * 201, "a\nb", "a\0b"])
def test_an_id_that_is_none_is_refused_without_repeating_it(panel, parameters, broken):
    name = next(iter(parameters))
    with pytest.raises(NotAdmitted) as refused:
        panel.arrive({**parameters, name: broken}, keys=None, now=0.0)
    assert not broken or broken not in str(refused.value)


@pytest.mark.parametrize(("panel", "parameters"), TELLING, ids=lambda row: type(row).__name__)
def test_an_absent_id_is_refused(panel, parameters):
    name = next(iter(parameters))
    with pytest.raises(NotAdmitted, match=name):
        panel.arrive({k: v for k, v in parameters.items() if k != name}, keys=None, now=0.0)


@EVERY
def test_settings_bring_every_panel_back(panel, parameters):
    fields = msgspec.to_builtins(panel)
    options = {
        k: ",".join(v) if isinstance(v, list | tuple) else str(v).lower() if v is True else str(v)
        for k, v in fields.items()
    }
    assert panel_of(options.pop("name"), options) == panel


@EVERY
def test_what_a_person_sends_cannot_break_out_of_the_way_home(panel, parameters):
    name = next(iter(parameters), "")
    evil = 'https://evil.example/"><script>{{7*7}}&code=FORGED#'
    who = panel.arrive({**parameters, name: evil} if name else {}, keys=None, now=0.0)
    home = panel.home(who.fields, code="OWN")
    if home.redirect:
        parts = urlsplit(home.redirect)
        assert parts.hostname in ("panel.example", "app.prolific.com")
        assert "FORGED" not in parse_qs(parts.query).get("code", [])
        assert not parts.fragment
        assert "<" not in home.redirect
    if home.form:
        assert home.form[1].get("code") == "OWN"
        assert urlsplit(home.form[0]).hostname == "panel.example"


def test_unknown_panels_and_wrong_options_are_told():
    with pytest.raises(UserFault, match="link, prolific"):
        panel_of("prolifik", {})
    with pytest.raises(UserFault, match="allowed: no options"):
        panel_of("link", {"code": "x"})
    with pytest.raises(UserFault, match="letters and digits"):
        panel_of("prolific", {"code": ""})


def test_a_look_at_the_task_is_no_visit():
    who = Generic().arrive({"assignmentId": NOT_ACCEPTED, "hitId": "h"}, keys=None, now=0.0)
    assert who.preview
    assert who.fields == {}
