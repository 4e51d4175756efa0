"""The command `sidelight collect serve DIR`."""

import atexit
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro

from sidelight.cli.progress import console
from sidelight.collect.campaign.folder import Campaign, open_campaign
from sidelight.collect.requester.keys import Keys, first_password
from sidelight.collect.service.app import create_app
from sidelight.collect.service.guard import Express
from sidelight.collect.service.running import running_at
from sidelight.collect.service.serving import addresses, listen, run, run_workers, static_folder
from sidelight.collect.store.engine import Store, open_store
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.records.errors import UserFault

FOLDER = "SIDELIGHT_CAMPAIGN"
"""Variable of the environment that tells worker processes which campaign they serve."""

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, kw_only=True)
class Serve:
    """Serve a campaign until interrupted: annotators label, requesters watch."""

    folder: tyro.conf.Positional[Path]
    """Folder of the campaign."""
    host: str = "127.0.0.1"
    """Address to listen at. As it is, only this machine itself reaches the service."""
    port: int = 8000
    """Port to listen at; 0 takes a free one."""
    workers: int = 1
    """Processes. More than one need PostgreSQL."""
    new_password: bool = False
    """Make a new password for the admin and show it once; the old one, and all logins with it, are no longer good."""


def main(argv: Sequence[str]) -> int:
    """Serve; print the addresses and the requester's password, if one was made just now."""
    asked = tyro.cli(Serve, args=argv, prog="sidelight collect serve")
    campaign = open_campaign(asked.folder)
    _refuse_workers(asked, campaign)
    static = static_folder()
    store = open_store(campaign.store_url, clock=wall_clock)
    try:
        app = create_app(campaign, store, clock=wall_clock, static=static)
        listening = listen(asked.host, asked.port)
        known_at, admin = addresses(listening)
        _tell(asked, campaign, store, known_at, admin)
        if asked.workers == 1:
            with running_at(campaign.folder, known_at):
                run(app, listening)
    finally:
        store.close()
    if asked.workers > 1:
        port = int(listening.getsockname()[1])
        listening.close()
        os.environ[FOLDER] = str(campaign.folder)
        with running_at(campaign.folder, known_at):
            run_workers(f"{__name__}:worker", asked.host, port, workers=asked.workers)
    console.print("The service has ended; everything that it acknowledged is on the disk.")
    return 0


def worker() -> Express:
    """The app of one of several processes."""
    campaign = open_campaign(Path(os.environ[FOLDER]))
    store = open_store(campaign.store_url, clock=wall_clock)
    atexit.register(store.close)
    return create_app(campaign, store, clock=wall_clock, static=static_folder())


def _refuse_workers(asked: Serve, campaign: Campaign) -> None:
    if asked.workers < 1:
        raise UserFault("--workers", seen=str(asked.workers), allowed="1 or more", remedy="Give a number of processes")
    if asked.workers > 1 and campaign.store_url.startswith("sqlite"):
        raise UserFault(
            "--workers",
            seen=f"{asked.workers} processes on SQLite, which has one writer",
            allowed="1",
            remedy="For more, make the campaign with sidelight collect init --db postgresql://...",
        )


def _tell(asked: Serve, campaign: Campaign, store: Store, annotators: str, requester: str) -> None:
    """Say where everything is. The password is told once, and kept nowhere but as a slow hash."""
    console.print(f"{campaign.settings.title} ({campaign.settings.task})")
    console.print(f"  annotators  {annotators}")
    console.print(f"  requester   {requester}")
    password = Keys(store, clock=wall_clock).renew("admin") if asked.new_password else first_password(store)
    if password is not None:
        console.print(f"  password    {password}   (of the admin; it is not shown again)")
    if asked.host not in LOCAL:
        console.print(
            "note: others can reach this address. Put a server that speaks TLS before it: over plain HTTP passwords can"
            " be read on the way, and browsers keep back part of the pointer's path.",
        )
    console.print("Stop with Ctrl-C.")
