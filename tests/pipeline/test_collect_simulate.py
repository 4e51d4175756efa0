"""Simulated people at a service that listens at a real address."""

import threading

import pytest
import uvicorn

from sidelight.collect.service.app import create_app
from sidelight.collect.service.running import running_at
from sidelight.collect.service.serving import addresses, listen, options
from sidelight.collect.store.engine import open_store
from sidelight.data.source.progress import silent
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.pipeline.collect_provenance import simulated_statement
from sidelight.pipeline.collect_simulate import simulate_visit
from sidelight.pipeline.collect_visit import SimulatedVisit
from sidelight.records.errors import UserFault


@pytest.fixture
def campaign(tmp_path):
    made, _ = draw_campaign(tmp_path, task="paint", pictures=12, clock=wall_clock, pages_per_hit=3, annotators=2)
    return made


@pytest.fixture
def running(campaign):
    """The campaign's service, for the length of a test."""
    store = open_store(campaign.store_url, clock=wall_clock)
    app = create_app(campaign, store, clock=wall_clock, static=campaign.folder)
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, **options()))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    with running_at(campaign.folder, addresses(listening)[0]):
        thread.start()
        yield campaign
        server.should_exit = True
        thread.join()
    listening.close()
    store.close()


def test_people_find_the_service_by_the_campaign_s_folder(running):
    lines, good = simulate_visit(running.folder, SimulatedVisit(annotators=4, at_once=4), url="", progress=silent)
    assert good, lines
    assert lines[0].startswith("12 pages submitted")
    assert lines[-1] == "every promise was kept"


def test_a_second_visit_adds_to_the_first_and_exports_say_so(running):
    for _ in range(2):
        simulate_visit(running.folder, SimulatedVisit(annotators=1), url="", progress=silent)
    store = open_store(running.store_url, clock=wall_clock, sole=False)
    assert simulated_statement(store).startswith("2 simulated people took part")
    store.close()


def test_people_who_find_nobody_say_so(campaign):
    with pytest.raises(UserFault, match="no service runs on this machine"):
        simulate_visit(campaign.folder, SimulatedVisit(annotators=1), url="", progress=silent)
    with pytest.raises(UserFault, match=r"no answer \(ConnectError\)"):
        simulate_visit(campaign.folder, SimulatedVisit(annotators=1), url="http://127.0.0.1:9", progress=silent)


def test_a_real_campaign_is_not_said_to_be_simulated(campaign):
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    assert simulated_statement(store) == ""
    store.close()
