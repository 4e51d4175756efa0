"""The wheel, as people install it: the pages are in it, and it serves without Node and without the source tree."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import httpx
import pytest
from PIL import Image

from sidelight.collect.campaign.folder import init_campaign
from sidelight.collect.campaign.prepare import prepare
from sidelight.collect.campaign.settings import Settings
from sidelight.pipeline.collect_clock import wall_clock

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", out]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    (made,) = out.glob("*.whl")
    return made


def test_the_wheel_holds_the_pages_and_stays_small(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for page in ("index.html", "admin.html"):
        assert f"sidelight/collect/static/{page}" in names
    assert any(re.fullmatch(r"sidelight/collect/static/assets/recorder-.*\.js", name) for name in names)
    assert not [name for name in names if name.startswith(("tests/", "frontend/")) or "node_modules" in name]
    assert wheel.stat().st_size < 10_000_000


def test_what_the_wheel_holds_serves_a_campaign_with_nothing_else_of_ours(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    for label in ("cup", "owl"):
        (tmp_path / "photos" / label).mkdir(parents=True)
        Image.new("RGB", (8, 6)).save(tmp_path / "photos" / label / "1.png")
    found = prepare(Settings(task="paint", title="Look", images=str(tmp_path / "photos")), classes=None, gold=None)
    init_campaign(tmp_path / "campaign", found.settings, found.pictures, clock=wall_clock)
    # Without `site` no .pth file is read, so that an editable install cannot lend its source tree; no Node on the path.
    paths = os.pathsep.join([str(tmp_path / "installed"), sysconfig.get_path("platlib"), sysconfig.get_path("purelib")])
    alone = {**os.environ, "PYTHONPATH": paths, "PATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-S", "-m", "sidelight", "collect", "serve", "campaign", "--port", "0"]
    with subprocess.Popen(words, cwd=tmp_path, env=alone, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as service:
        try:
            said = b""
            for line in service.stdout:
                said += line
                if b"Ctrl-C" in line:
                    break
            url = re.search(r"annotators +(http://\S+)", said.decode())[1]
            _look_at(url)
        finally:
            service.kill()


def _look_at(url):
    with httpx.Client(base_url=url, timeout=30.0) as http:
        page = http.get("")
        assets = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', page.text)
        assert len(assets) >= 2
        assert [http.get(one).status_code for one in (*assets, "admin", "healthz")] == [200] * (2 + len(assets))
        token = http.post("api/arrive", json={"parameters": {}}).json()["token"]
        consent = http.get("api/consent", headers={"Authorization": f"Bearer {token}"})
        assert consent.json()["recorded"]
