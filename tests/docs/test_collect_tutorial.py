"""The tutorial's commands, typed one after the other as a reader does, on pictures drawn here."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from sidelight.data.format.reader import Dataset
from sidelight.pipeline.collect_drawn import draw_campaign

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "collect-and-train.md"


def blocks():
    """(what follows ```sh, commands) of every block that a reader types."""
    return re.findall(r"^```sh ?(\w*)\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def words(command):
    """`sidelight ...` by the interpreter that runs the tests."""
    first, *rest = shlex.split(command)
    assert first == "sidelight"
    return [sys.executable, "-m", "sidelight", *rest]


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """The folder after all commands, and what each printed."""
    folder = tmp_path_factory.mktemp("reader")
    draw_campaign(folder / "drawn", task="browse", pictures=48, clock=time.time)
    (folder / "drawn" / "pictures").rename(folder / "photos")
    printed, services = {}, []
    environment = os.environ | {"COLUMNS": "200"}
    try:
        for kind, text in blocks():
            for command in text.strip().splitlines():
                if kind == "serve":
                    services.append(
                        subprocess.Popen(words(command), cwd=folder, env=environment, stdout=subprocess.DEVNULL)
                    )
                    await_service(command)
                    continue
                done = subprocess.run(
                    words(command), cwd=folder, env=environment, capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
                printed[command.split(" --")[0]] = done.stdout
    finally:
        for service in services:
            service.terminate()
            service.wait(20)
    return folder, printed


def await_service(command):
    port = re.search(r"--port (\d+)", command)[1]
    for _ in range(300):
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the service did not start")


def test_every_command_of_the_page_works(typed):
    _, printed = typed
    assert "found: 48 pictures" in printed["sidelight collect init shapes"]
    assert "every promise was kept" in printed["sidelight collect simulate shapes"]
    assert "no fault" in printed["sidelight data validate labelled"]


def test_the_dataset_holds_clicks_and_says_that_they_are_simulated(typed):
    labelled = Dataset.open(typed[0] / "labelled")
    assert labelled.manifest.simulated
    assert any(annotation.points for annotation in labelled.annotations())


def test_the_way_ends_with_a_model_and_its_report(typed):
    run = typed[0] / "runs" / "clicks"
    assert (run / "model.safetensors").is_file()
    assert "not a claim" in (run / "report.html").read_text("utf-8")
