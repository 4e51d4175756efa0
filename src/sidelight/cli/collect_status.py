"""The command `sidelight collect status DIR`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import tyro
from rich.table import Table

from sidelight.cli.progress import console
from sidelight.collect.campaign.folder import open_campaign
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.progress import Progress, progress
from sidelight.pipeline.collect_clock import wall_clock


@dataclass(frozen=True, kw_only=True)
class Status:
    """Say how far a campaign is; the service may be running."""

    folder: tyro.conf.Positional[Path]
    """Folder of the campaign."""


def main(argv: Sequence[str]) -> int:
    """Print pages, sessions, time and leases as a table."""
    asked = tyro.cli(Status, args=argv, prog="sidelight collect status")
    campaign = open_campaign(asked.folder)
    store = open_store(campaign.store_url, clock=wall_clock, sole=False)
    try:
        with store.read() as c:
            figures = progress(c, now=wall_clock())
    finally:
        store.close()
    table = Table("what", "figure", title=f"{campaign.settings.title} ({campaign.settings.task})", title_justify="left")
    for name, said in rows(figures):
        table.add_row(name, said)
    console.print(table)
    return 0


def rows(figures: Progress) -> list[tuple[str, str]]:
    """Each figure in words."""
    share = figures.complete_share()
    hours = [ms / 3_600_000 for ms in (figures.active_ms, figures.idle_ms, figures.hidden_ms)]
    done = f"{figures.submitted / figures.wanted:.1%}" if figures.wanted else "-"
    each = figures.bytes / figures.samples if figures.samples else 0.0
    return [
        ("pages submitted", f"{figures.submitted:,} of {figures.wanted:,} ({done})"),
        ("complete", "-" if share is None else f"{share:.2%} of them with every chunk"),
        ("late", f"{figures.late:,}"),
        ("disagreeing", f"{figures.disagreeing:,} whose log says another answer"),
        ("sessions", ", ".join(f"{n:,} {state}" for state, n in figures.sessions.items()) or "none yet"),
        ("withdrawn", f"{figures.withdrawn:,}"),
        ("leases", f"{figures.running:,} running, {figures.overdue:,} overdue"),
        ("time", "{:.2f} h active, {:.2f} h idle, {:.2f} h hidden".format(*hours)),
        ("events", f"{figures.samples:,} pointer samples in {figures.bytes:,} bytes ({each:.1f} each)"),
    ]
