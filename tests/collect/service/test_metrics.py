import pytest
from starlette.requests import Request

from sidelight.collect.service.metrics import Metrics, from_this_machine


def request(client, host):
    scope = {"type": "http", "method": "GET", "path": "/metrics", "query_string": b"", "scheme": "http"}
    return Request(scope | {"client": client and (client, 5), "headers": [(b"host", host.encode())]})


def test_two_apps_count_apart():
    one, other = Metrics(), Metrics()
    one.fresh.inc()
    assert b'sidelight_chunks_total{again="no"} 1.0' in one.text()
    assert b'sidelight_chunks_total{again="no"} 0.0' in other.text()


@pytest.mark.parametrize(
    ("client", "host", "may"),
    [
        ("127.0.0.1", "localhost:8000", True),
        ("127.0.0.1", "127.0.0.1:8000", True),
        ("::1", "[::1]:8000", True),
        ("127.0.0.1", "label.example.org", False),
        ("203.0.113.7", "localhost", False),
        ("testclient", "localhost", False),
        (None, "localhost", False),
    ],
)
def test_only_this_machine_itself_looks_without_a_password(client, host, may):
    assert from_this_machine(request(client, host)) is may
