import pytest

from sidelight.collect.service.running import running_address, running_at
from sidelight.records.errors import UserFault


def test_the_address_is_known_while_the_service_runs(tmp_path):
    with running_at(tmp_path, "http://127.0.0.1:8000/"):
        assert running_address(tmp_path) == "http://127.0.0.1:8000/"
    with pytest.raises(UserFault, match="no service runs"):
        running_address(tmp_path)


def test_it_is_forgotten_when_the_service_fails(tmp_path):
    with pytest.raises(RuntimeError), running_at(tmp_path, "http://127.0.0.1:8000/"):
        raise RuntimeError("broken")
    assert list(tmp_path.iterdir()) == []
