"""Pages of other sites cannot act with the requester's cookie."""

import pytest

from sidelight.collect.requester.origin import may_act


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site", "host": "a.example", "origin": "https://a.example"}, False),
        ({"sec-fetch-site": "cross-site", "host": "a.example", "origin": "https://a.example"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"host": "a.example", "origin": "https://a.example"}, True),
        ({"host": "a.example:8000", "origin": "http://A.example:8000"}, True),
        ({"host": "a.example:8000", "origin": "http://a.example:9000"}, False),
        ({"host": "a.example", "origin": "https://a.example.evil.example"}, False),
        ({"host": "a.example", "origin": "https://evil.example/a.example"}, False),
        ({"host": "a.example", "origin": "null"}, False),
        ({"host": "", "origin": "null"}, False),
        ({"host": "a.example"}, False),
        ({}, False),
    ],
)
def test_what_changes_something_needs_proof_of_its_origin(method, headers, good):
    assert may_act(method, headers) is good


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, True),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, False),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"}, False),
    ],
)
def test_other_sites_may_link_here_but_not_embed(method, headers, good):
    assert may_act(method, headers) is good
