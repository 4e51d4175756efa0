"""The command in a process of its own, as people run it."""

import re
import signal
import subprocess
import sys
import time

import httpx
import pytest
from tests.collect.service.visits import front_end, make_campaign

from sidelight.cli import collect_serve
from sidelight.records.errors import UserFault

RUN = """
import sys
from pathlib import Path
from sidelight.cli import collect_serve
collect_serve.static_folder = lambda: Path(sys.argv[1])
sys.exit(collect_serve.main(sys.argv[2:]))
"""


@pytest.fixture
def folder(tmp_path):
    front_end(tmp_path / "static")
    return make_campaign(tmp_path, time.time).folder


@pytest.fixture
def serve(folder, tmp_path):
    """Starts the command; gives its process and what it said until it was ready."""
    started = []

    def start(*words):
        command = [sys.executable, "-c", RUN, str(tmp_path / "static"), str(folder), "--port", "0", *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        started.append(process)
        said = ""
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        return process, said

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def address(said):
    return re.search(r"annotators +(http://\S+)", said)[1]


def get(url, path):
    for _ in range(200):
        try:
            return httpx.get(url + path)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("no answer")


def test_the_service_starts_says_where_it_is_and_ends_in_order(serve):
    process, said = serve()
    assert "Look (browse)" in said
    url = address(said)
    assert url.startswith("http://127.0.0.1:")
    assert f"{url}admin" in said
    assert get(url, "healthz").status_code == 200
    assert "<title>sidelight" in get(url, "").text
    assert b"sidelight_chunks" in get(url, "metrics").content
    httpx.post(f"{url}api/arrive", json={"parameters": {"worker": "W77"}})
    process.send_signal(signal.SIGTERM)
    rest = process.communicate(timeout=30)[0]
    assert process.returncode == 0
    assert "on the disk" in rest
    assert "W77" not in rest
    assert "127.0.0.1" not in rest, "no address in the log"


def test_the_password_is_told_at_the_first_start_only(serve):
    process, said = serve()
    password = re.search(r"password +(\S{24})", said)[1]
    headers = {"Sec-Fetch-Site": "same-origin"}
    get(address(said), "healthz")
    entered = httpx.post(f"{address(said)}admin/api/login", json={"password": password}, headers=headers)
    assert entered.status_code == 200
    process.send_signal(signal.SIGINT)
    process.wait(30)
    _, again = serve()
    assert "password" not in again


def test_a_lost_password_is_made_anew_and_ends_the_logins_with_the_old_one(serve):
    process, said = serve()
    old = re.search(r"password +(\S{24})", said)[1]
    with httpx.Client(base_url=address(said), headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        get(address(said), "healthz")
        assert browser.post("admin/api/login", json={"password": old}).status_code == 200
        kept = dict(browser.cookies)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    _, again = serve("--new-password")
    new = re.search(r"password +(\S{24})", again)[1]
    assert new != old
    get(address(again), "healthz")
    with httpx.Client(base_url=address(again), headers={"Sec-Fetch-Site": "same-origin"}, cookies=kept) as browser:
        assert browser.get("admin/api/me").status_code == 401
        assert browser.post("admin/api/login", json={"password": old}).status_code == 401
        assert browser.post("admin/api/login", json={"password": new}).status_code == 200


def test_a_second_service_on_the_same_file_is_refused(serve, folder):
    serve()
    with pytest.raises(UserFault, match="another service has it open"):
        collect_serve.main([str(folder), "--port", "0"])


def test_others_who_can_reach_it_are_warned_of(serve):
    assert "TLS" in serve("--host", "0.0.0.0")[1]


def test_several_processes_need_another_database(folder, monkeypatch, tmp_path):
    monkeypatch.setattr(collect_serve, "static_folder", lambda: tmp_path / "static")
    with pytest.raises(UserFault, match="--db") as refused:
        collect_serve.main([str(folder), "--workers", "2"])
    assert "\n" not in str(refused.value)
    with pytest.raises(UserFault, match="1 or more"):
        collect_serve.main([str(folder), "--workers", "0"])
