import contextlib

import pytest
from tests.collect.service.visits import front_end, make_campaign, open_service


@pytest.fixture
def serve(tmp_path, clock, open_stores):
    """Makes a campaign (or takes one) and serves it in this process, its housekeeping included."""
    static = front_end(tmp_path / "static")
    with contextlib.ExitStack() as running:

        def make(task="browse", **changed):
            campaign = changed.pop("campaign", None) or make_campaign(tmp_path, clock, task, **changed)
            service = open_service(campaign, open_stores(campaign.store_url), clock, static)
            running.enter_context(service.http)
            return service

        yield make


@pytest.fixture
def service(serve):
    return serve()
