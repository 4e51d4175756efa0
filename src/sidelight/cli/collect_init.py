"""The command `sidelight collect init DIR --task TASK --images PATH`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import tyro

from sidelight.cli.progress import console, list_faults
from sidelight.collect.campaign.folder import Campaign, init_campaign, refuse_campaign
from sidelight.collect.campaign.forecast import Forecast, warnings
from sidelight.collect.campaign.prepare import Prepared, prepare
from sidelight.collect.campaign.settings import MINUTES, PAGES_PER_HIT, Condition, Panel, Pay, Privacy, Settings
from sidelight.collect.panel.prolific_api import check_token
from sidelight.collect.panel.table import panel_of
from sidelight.collect.wire.page import Task
from sidelight.pipeline.collect_clock import wall_clock
from sidelight.records.errors import UserFault

CONDITIONS = {
    "plain": Condition(),
    "pointer_dot": Condition(pointer_dot=True),
    "blurred": Condition(blurred=True),
    "pointer_dot_blurred": Condition(pointer_dot=True, blurred=True),
}
"""The four published variants of browse."""


@dataclass(frozen=True, kw_only=True)
class Init:
    """Make a campaign: look at the pictures, put pages together, and say what it will cost.

    Everything can be changed in the folder afterwards, before the first person comes: campaign.json, instructions.md,
    consent.md and practice.json.
    """

    folder: tyro.conf.Positional[Path]
    """Folder to make."""
    task: Task
    """browse: select the images of a class. tag: put icons onto objects. paint: decide, and paint why."""
    images: Path
    """Folder of pictures (JPEG, PNG, WebP); for browse and paint, folders within it name the classes."""
    distractors: Path | None = None
    """Folder of pictures to mix in (browse); without it, other classes' pictures are mixed in."""
    classes: Path | None = None
    """File that names the classes: one a line, or JSON with descriptions and panels (see the reference)."""
    gold: Path | None = None
    """CSV table of pictures whose truth is known: path,label,x0,y0,x1,y1."""
    gold_share: float = 0.1
    """Share of gold pages, if there are gold pictures."""
    db: str = ""
    """Database: postgresql://USER:PASSWORD@HOST/DATABASE. Without it, a file in the folder."""
    title: str = "Labelling images"
    """What people read at the top."""
    locale: str = "en"
    """Language tag of your texts."""
    annotators: int = 1
    """People for each item."""
    pages_per_hit: int = 0
    """Pages that one person takes at a time; 0 takes 10 (browse, paint) or 20 (tag)."""
    hits_per_person: int = 1
    """How many times one person may take pages."""
    candidates: int = 48
    """Pictures of a browse page."""
    distractor_ratio: float = 3.0
    """Distractors to one true picture (browse)."""
    conditions: tuple[Literal["plain", "pointer_dot", "blurred", "pointer_dot_blurred"], ...] = ("plain",)
    """Variants of the browse page; sessions get them in turn."""
    practice_pages: int = 1
    """Pages for practice, before work begins."""
    pay: float = 0.0
    """Pay for each hit."""
    currency: str = "EUR"
    """Of the pay."""
    minutes: float = 0.0
    """How long you expect a hit to take; 0 takes a guess."""
    panel_fee: float = 0.0
    """Share that the panel takes on top of the pay, for the forecast (0.33 is a third)."""
    hourly_floor: float = 0.0
    """Warn if the pay an hour would be below this."""
    panel: Panel = "link"
    """Where people come from."""
    panel_options: tuple[str, ...] = ()
    """Its options as NAME=VALUE, such as code=C1A2B3 study=5f00...; they stand in campaign.json afterwards."""
    panel_token: Path | None = None
    """File with the token of the panel's API (prolific), for collect pay; it is copied into secrets.json."""
    irb: str = ""
    """Ethics approval, as people shall read it."""
    contact: str = ""
    """Whom people can ask, as they shall read it."""
    retention_days: float = 730.0
    """After so many days what was recorded is deleted."""
    seed: int = 0
    """Of order and mixing."""


def main(argv: Sequence[str]) -> int:
    """Make a campaign; print what was found, what was not used, the forecast, and the next command."""
    asked = tyro.cli(Init, args=argv, prog="sidelight collect init")
    refuse_campaign(asked.folder)
    settings, token = _settings(asked), _token(asked)
    if asked.panel_options:
        panel_of(settings.panel, settings.panel_options)
    prepared = prepare(settings, classes=asked.classes, gold=asked.gold)
    list_faults(prepared.faults)
    where = {"store_url": asked.db, "panel_token": token}
    campaign, figures = init_campaign(asked.folder, prepared.settings, prepared.pictures, **where, clock=wall_clock)
    _tell(asked.folder, campaign, prepared, figures)
    return 0


def _settings(asked: Init) -> Settings:
    minutes = asked.minutes or MINUTES[asked.task]
    return Settings(
        task=asked.task,
        title=asked.title,
        locale=asked.locale,
        images=str(asked.images),
        distractors=str(asked.distractors or ""),
        annotators=asked.annotators,
        pages_per_hit=asked.pages_per_hit or PAGES_PER_HIT[asked.task],
        candidates=asked.candidates,
        distractor_ratio=asked.distractor_ratio,
        conditions=tuple(CONDITIONS[name] for name in asked.conditions),
        hits_per_person=asked.hits_per_person,
        practice_pages=asked.practice_pages,
        gold_share=asked.gold_share if asked.gold else 0.0,
        seed=asked.seed,
        panel=asked.panel,
        panel_options=dict(map(_option, asked.panel_options)),
        pay=Pay(
            per_hit=asked.pay,
            currency=asked.currency,
            expected_minutes=minutes,
            panel_fee=asked.panel_fee,
            hourly_floor=asked.hourly_floor,
        ),
        privacy=Privacy(retention_days=asked.retention_days, contact=asked.contact),
        irb=asked.irb,
    )


def _option(said: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    if not (name and equals):
        raise UserFault("--panel-options", seen=repr(said), allowed="NAME=VALUE", remedy="Write each option so")
    return name, value


def _token(asked: Init) -> str:
    """The token in the file, which is never printed."""
    if asked.panel_token is None:
        return ""
    if asked.panel != "prolific":
        seen = f"a token for the panel {asked.panel!r}"
        raise UserFault(
            "--panel-token", seen=seen, allowed="one for prolific", remedy="Leave it out, or add --panel prolific"
        )
    try:
        token = asked.panel_token.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        remedy = "Name a file that holds the token and nothing else"
        raise UserFault("--panel-token", seen=type(fault).__name__, allowed="a readable file", remedy=remedy) from fault
    check_token(token)
    return token


def _tell(folder: Path, campaign: Campaign, prepared: Prepared, figures: Forecast) -> None:
    counts = {
        "pictures": sum(one.pool == "images" for one in prepared.pictures),
        "distractors": sum(one.pool == "distractors" for one in prepared.pictures),
        "gold": sum(one.gold for one in prepared.pictures),
        "classes": len(campaign.settings.classes),
        "faults": len(prepared.faults),
    }
    console.print("found: " + ", ".join(f"{n:,} {what}" for what, n in counts.items()))
    for name, said in figures.lines():
        console.print(f"  {name:<12} {said}")
    for said in warnings(campaign.settings, figures):
        console.print(f"note: {said}")
    console.print(f"Read {folder}/instructions.md and {folder}/consent.md: people will. Then start it:")
    console.print(f"  sidelight collect serve {folder}")
