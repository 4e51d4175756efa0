"""`sidelight collect export` on a campaign in which simulated people have worked."""

import asyncio
import json

import httpx
import pytest

from sidelight.collect.service.app import create_app
from sidelight.collect.simulate.journal import Journal
from sidelight.collect.store.engine import open_store
from sidelight.data.format.reader import Dataset
from sidelight.data.source.progress import silent
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.pipeline.collect_drawn import draw_campaign
from sidelight.pipeline.collect_visit import SimulatedVisit, all_work


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """Folder of a campaign."""
    at = tmp_path_factory.mktemp("labelled")
    campaign, world = draw_campaign(
        at, task="browse", pictures=12, clock=wall_clock, candidates=8, pages_per_hit=3, annotators=2
    )
    store = open_store(campaign.store_url, clock=wall_clock)

    async def work():
        transport = httpx.ASGITransport(create_app(campaign, store, clock=wall_clock, static=at))
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
            await all_work(http, SimulatedVisit(annotators=3), world, Journal(), silent, wait_s=0.0)

    asyncio.run(work())
    store.close()
    return campaign.folder


def test_a_campaign_becomes_a_dataset(sidelight, labelled, tmp_path):
    said = sidelight("collect", "export", labelled, "--as", "sidelight", "--grade", "L1", "--out", tmp_path / "d")
    assert said.code == 0, said.err
    assert f"sidelight, grade L1 -> {tmp_path / 'd'}" in said.out
    assert "pages complete" in said.out
    assert Dataset.open(tmp_path / "d").manifest.source == "campaign"
    assert sidelight("data", "validate", tmp_path / "d").code == 0


def test_a_campaign_becomes_imagenet_ab_and_reads_back(sidelight, labelled, tmp_path):
    words = ["--as", "imagenet_ab", "--grade", "L2", "--semantics", "full", "--out", tmp_path / "ab"]
    assert sidelight("collect", "export", labelled, *words).code == 0
    note = json.loads((tmp_path / "ab" / "export.json").read_bytes())
    assert note["provenance"]["semantics"] == "full"
    back = sidelight("data", "convert", tmp_path / "ab" / "train_xml", "--from", "imagenet_ab", "--out", tmp_path / "d")
    assert back.code == 0
    assert ", 0 faults" in back.out


def test_raw_behaviour_without_a_reason_is_refused_in_one_line(sidelight, labelled, tmp_path):
    said = sidelight("collect", "export", labelled, "--as", "sidelight", "--grade", "L3", "--out", tmp_path / "d")
    assert (said.code, said.out) == (1, "")
    assert said.err.count("\n") == 1
    assert "State it with --reason, or export L2" in said.err


def test_a_grade_must_be_named(sidelight, labelled, tmp_path):
    assert sidelight("collect", "export", labelled, "--as", "sidelight", "--out", tmp_path / "d").code == 2


def test_help_says_what_each_grade_keeps(sidelight):
    said = sidelight("collect", "export", "--help").out
    assert all(word in said for word in ("L0: labels alone", "imagenet_ab", "saliency_maps", "release", "--reason"))


def test_simulating_without_a_service_says_what_to_start(sidelight, labelled):
    said = sidelight("collect", "simulate", labelled, "--annotators", "1")
    assert said.code == 1
    assert "sidelight collect serve" in said.err
