import pytest

from sidelight.collect.service import serving
from sidelight.collect.service.serving import addresses, listen, options, static_folder
from sidelight.records.errors import UserFault


def test_a_free_port_is_taken_and_said():
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        assert addresses(listening) == (f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/admin")


def test_for_all_addresses_the_one_of_this_machine_is_said():
    with listen("0.0.0.0", 0) as listening:
        assert addresses(listening)[0].startswith("http://127.0.0.1:")


def test_a_port_in_use_is_told():
    with listen("127.0.0.1", 0) as listening, pytest.raises(UserFault, match="another program"):
        listen("127.0.0.1", listening.getsockname()[1])


def test_an_address_that_is_not_ours_is_told():
    with pytest.raises(UserFault, match="--host and --port"):
        listen("203.0.113.7", 0)
    with pytest.raises(UserFault, match="0 to 65535"):
        listen("127.0.0.1", 99_999)


def test_nothing_about_people_is_logged_by_the_server():
    said = options()
    assert not said["access_log"]
    assert not said["server_header"]
    assert said["log_level"] == "warning"


def test_a_front_end_that_was_not_built_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "files", lambda _: tmp_path)
    with pytest.raises(UserFault, match="not built"):
        static_folder()
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "index.html").write_text("x")
    assert static_folder() == tmp_path / "static"
