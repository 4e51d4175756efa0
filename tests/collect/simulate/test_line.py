"""The line must do to requests what it says it does, no more and no less."""

import asyncio
from collections import Counter

import httpx
import numpy as np
import pytest

from sidelight.collect.simulate.journal import Journal
from sidelight.collect.simulate.line import CALM, PATIENCE, STORM, GaveUp, Line, Weather


def asked(weather, answer=lambda n: httpx.Response(200), times=400):
    """Post through a line; the journal and how many requests came through."""
    came, journal = Counter(), Journal()

    def service(request):
        came[request.url.path] += 1
        return answer(came.total())

    async def work():
        async with httpx.AsyncClient(transport=httpx.MockTransport(service), base_url="http://service") as http:
            line = Line(http, weather, np.random.default_rng(0), journal, wait_s=0.0, token="secret")
            return [(await line.post_bytes(f"/{n}", b"x")).status_code for n in range(times)]

    return asyncio.run(work()), came, journal


def test_a_calm_line_carries_each_request_once():
    statuses, came, journal = asked(CALM)
    assert statuses == [200] * 400
    assert set(came.values()) == {1}
    assert journal.lines == []


def test_dropped_requests_never_arrive_and_are_sent_again():
    _, came, journal = asked(Weather(dropped=0.3))
    assert set(came.values()) == {1}
    assert 0.2 < journal.count("dropped") / (400 + journal.count("dropped")) < 0.4


def test_lost_answers_were_worked_on():
    _, came, journal = asked(Weather(answer_lost=0.2))
    assert came.total() == 400 + journal.count("answer_lost") > 450


def test_doubled_requests_arrive_twice():
    _, came, journal = asked(Weather(doubled=0.2))
    assert Counter(came.values())[2] == journal.count("doubled") > 40


def test_a_storm_is_all_of_it_and_every_request_gets_through():
    statuses, _, journal = asked(STORM)
    assert statuses == [200] * 400
    assert all(journal.count(what) for what in ("dropped", "answer_lost", "doubled"))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_later_is_asked_again_and_counted(status):
    statuses, _, journal = asked(CALM, lambda n: httpx.Response(status if n < 3 else 200), times=1)
    assert statuses == [200]
    assert journal.count(f"status_{status}") == 2


def test_a_refusal_is_an_answer():
    assert asked(CALM, lambda n: httpx.Response(409), times=1)[0] == [409]


def test_patience_ends():
    with pytest.raises(GaveUp, match="POST /0"):
        asked(CALM, lambda n: httpx.Response(503), times=1)
    assert PATIENCE > 10


def test_a_service_that_is_gone_is_waited_for():
    def answer(n):
        if n < 4:
            raise httpx.ConnectError("refused")
        return httpx.Response(200)

    statuses, _, journal = asked(CALM, answer, times=1)
    assert (statuses, journal.count("unreachable")) == ([200], 3)
