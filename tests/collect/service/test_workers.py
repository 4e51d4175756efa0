"""Several processes on PostgreSQL, started by the command, behind one address."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time

import httpx
from tests.collect.service.visits import make_campaign

from sidelight.collect.store import tables as t

RUN = "import sys; from sidelight.cli import collect_serve; sys.exit(collect_serve.main(sys.argv[1:]))"
PEOPLE, PAGES = 12, 2


async def visit(http):
    """One person's whole way, each request on a connection of its own so that all processes see her."""

    async def ask(method, path, **more):
        for _ in range(100):
            try:
                return await http.request(method, path, **more)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        raise AssertionError("no answer")

    token = (await ask("POST", "/api/arrive", json={"parameters": {}})).json()["token"]
    headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
    version = (await ask("GET", "/api/consent", headers=headers)).json()["version"]
    await ask("POST", "/api/consent", json={"version": version, "agreed": True}, headers=headers)
    while page := (await ask("GET", "/api/page", headers=headers)).json()["page"]:
        answer = {"task": "browse", "selected": {}}
        body = {"page": page["id"], "tab": "t", "last_seq": -1, "answer": answer}
        assert (await ask("POST", "/api/submit", json=body, headers=headers)).status_code == 200
    return (await ask("POST", "/api/finish", json={}, headers=headers)).json()["code"]


async def all_visit(url):
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        return await asyncio.gather(*(visit(http) for _ in range(PEOPLE)))


def test_two_processes_share_one_campaign(tmp_path, postgres_url, open_stores):
    campaign = make_campaign(tmp_path, time.time, store_url=postgres_url, annotators=PEOPLE)
    command = [sys.executable, "-c", RUN, str(campaign.folder), "--port", "0", "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ.copy())
    try:
        said = "".join(iter(process.stdout.readline, "Stop with Ctrl-C.\n"))
        codes = asyncio.run(all_visit(re.search(r"annotators +(http://\S+)", said)[1]))
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=60)[0]
    assert process.returncode == 0, rest
    assert len(set(codes)) == PEOPLE
    with open_stores(postgres_url).read() as c:
        pages = c.execute(t.page.select()).all()
        assert all(row.taken <= row.wanted for row in c.execute(t.hit.select()))
    assert len(pages) == PEOPLE * PAGES
    assert {row.state for row in pages} == {"submitted"}
