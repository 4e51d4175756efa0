"""A campaign's folder: made once by `init_campaign`, opened by everything else with `open_campaign`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from sqlalchemy.engine import Connection

from sidelight.collect.campaign.forecast import Forecast, forecast
from sidelight.collect.campaign.images import locate
from sidelight.collect.campaign.mixing import make_hits
from sidelight.collect.campaign.practice import Practice, make_practice
from sidelight.collect.campaign.secret import Secrets, make_secrets, read_secrets, write_secrets
from sidelight.collect.campaign.settings import Settings, check
from sidelight.collect.campaign.wording import (
    POINTER_INSTRUCTIONS,
    consent_text,
    default_consent,
    default_instructions,
    to_html,
)
from sidelight.collect.store import hits as hits_
from sidelight.collect.store import pictures as pictures_
from sidelight.collect.store.engine import open_store
from sidelight.collect.store.pictures import Picture
from sidelight.collect.store.plan import Plan
from sidelight.collect.wire.page import ConsentText, Wording
from sidelight.records.errors import UserFault

T = TypeVar("T", bound=msgspec.Struct)

MADE = ("secrets.json", "campaign.sqlite", "campaign.sqlite-wal", "campaign.sqlite-shm", "campaign.sqlite.lock")
"""Files that are deleted again when a campaign could not be made."""


@dataclass(frozen=True)
class Campaign:
    """A campaign as its folder has it.

    Attributes:
        folder: of the campaign.
        settings: campaign.json.
        secrets: secrets.json.
        instructions: Markdown.
        pointer_instructions: Markdown, for sessions with a pointer dot.
        consent: as it is shown now.
        consent_markdown: its text.
        practice: practice.json.
    """

    folder: Path
    settings: Settings
    secrets: Secrets
    instructions: str
    pointer_instructions: str
    consent: ConsentText
    consent_markdown: str
    practice: Practice

    @property
    def store_url(self) -> str:
        """Where the data is: an SQLite file in the folder, unless another database was named."""
        return _store_url(self.folder, self.secrets)

    @property
    def vault_place(self) -> Path | str:
        """Where identities are: a file of its own, or a schema of its own in the same PostgreSQL."""
        return self.secrets.store if self.secrets.store.startswith("postgresql") else self.folder / "vault.sqlite"

    def file_of(self, picture: Picture) -> Path:
        """A picture's file.

        Raises:
            NoPicture: it is gone, or lies outside its folder.
        """
        return locate(
            Path(self.settings.distractors if picture.pool == "distractors" else self.settings.images), picture.path
        )

    def wording(self, plan: Plan, condition: dict[str, bool]) -> Wording:
        """What is said on a page."""
        settings = self.settings
        text = self.pointer_instructions if condition.get("pointer_dot") else self.instructions
        if settings.task != "browse":
            return Wording(settings.title, to_html(text), locale=settings.locale)
        about = settings.class_text(plan.label)
        html = to_html(f"{about.description}\n\n{text}")
        return Wording(about.shown or about.name, html, about.synonyms, about.link, settings.locale)

    def withdraw_token(self, session: str) -> str:
        """The token with which a session's person withdraws."""
        return self.secrets.withdraw_token(session)


def init_campaign(
    folder: Path,
    settings: Settings,
    pictures: list[Picture],
    *,
    store_url: str = "",
    panel_token: str = "",
    clock: Callable[[], float],
) -> tuple[Campaign, Forecast]:
    """Make a campaign's folder and fill its store.

    Args:
        folder: to be made; it may exist, but hold no campaign.
        settings: of the campaign.
        pictures: that were found (`images.scan`), gold ones marked.
        store_url: database; "" is a file in the folder.
        panel_token: of the panel's API (prolific); it can be written into secrets.json later.
        clock: seconds since 1970.

    Returns:
        The campaign, and what it will cost.

    Raises:
        UserFault: there is a campaign already, or the settings cannot be followed.
    """
    check(settings)
    refuse_campaign(folder)
    hits = make_hits(pictures, settings)
    if not hits:
        raise UserFault(
            f"images of {folder}",
            seen=f"no page could be made of {len(pictures)} pictures",
            allowed="a folder for each class (browse), or pictures (tag, paint)",
            remedy="See the faults listed, and the folder's form",
        )
    folder.mkdir(parents=True, exist_ok=True)
    panel = {"api_token": panel_token, "webhook_secret": ""} if settings.panel == "prolific" else {}
    secrets = make_secrets(store=store_url, panel=panel)
    write_secrets(folder / "secrets.json", secrets)
    try:
        _fill(_store_url(folder, secrets), pictures, hits, settings, clock=clock)
    except BaseException:
        for name in MADE:
            (folder / name).unlink(missing_ok=True)
        raise
    _write_texts(folder, settings)
    _write(folder / "practice.json", make_practice(pictures, settings))
    _write(folder / "campaign.json", settings)
    campaign = open_campaign(folder)
    labelled = sum(one.pool == "images" and not one.gold for one in pictures)
    return campaign, forecast(settings, pictures=labelled, pages=sum(map(len, hits)), hits=len(hits))


def open_campaign(folder: Path) -> Campaign:
    """Open a campaign's folder.

    Raises:
        UserFault: there is none, or something in it cannot be read or followed.
    """
    if not (folder / "campaign.json").is_file():
        raise UserFault(
            f"folder {folder}",
            seen="no campaign in it",
            allowed="a folder made by sidelight collect init",
            remedy="Mend the path, or make one",
        )
    settings = check(_read(folder / "campaign.json", Settings))
    consent = _text(folder / "consent.md")
    instructions = _text(folder / "instructions.md")
    pointer = folder / "instructions-pointer.md"
    return Campaign(
        folder=folder.resolve(),
        settings=settings,
        secrets=read_secrets(folder / "secrets.json"),
        instructions=instructions,
        pointer_instructions=_text(pointer) if pointer.exists() else instructions,
        consent=consent_text(consent, settings),
        consent_markdown=consent,
        practice=_read(folder / "practice.json", Practice),
    )


def refuse_campaign(folder: Path) -> None:
    """Raise if a folder holds a campaign: none is ever overwritten."""
    if any((folder / name).exists() for name in ("campaign.json", "secrets.json", "campaign.sqlite")):
        raise UserFault(
            f"folder {folder}",
            seen="a campaign is in it",
            allowed="a new folder",
            remedy="Name another; delete the old one yourself if you are sure",
        )


def _write_texts(folder: Path, settings: Settings) -> None:
    texts = {"instructions.md": default_instructions(settings.task), "consent.md": default_consent(settings)}
    if any(one.pointer_dot for one in settings.conditions):
        texts["instructions-pointer.md"] = POINTER_INSTRUCTIONS
    for name, text in texts.items():
        if not (folder / name).exists():
            (folder / name).write_text(f"{text.rstrip()}\n", "utf-8")


def _store_url(folder: Path, secrets: Secrets) -> str:
    return secrets.store or f"sqlite:///{(folder / 'campaign.sqlite').resolve()}"


def _fill(
    url: str, pictures: list[Picture], hits: list[tuple[Plan, ...]], settings: Settings, *, clock: Callable[[], float]
) -> None:
    """Put all into the store, or nothing."""

    def work(c: Connection) -> bool:
        if hits_.first(c):
            return False
        pictures_.add(c, pictures)
        hits_.add(c, hits, wanted=settings.annotators)
        return True

    store = open_store(url, clock=clock)
    try:
        empty = store.write(work).result()
    finally:
        store.close()
    if not empty:
        remedy = "Name a database of this campaign's own"
        raise UserFault("--db", seen="a database that holds a campaign", allowed="an empty one", remedy=remedy)


def _write(file: Path, value: msgspec.Struct) -> None:
    file.write_bytes(msgspec.json.format(msgspec.json.encode(value)) + b"\n")


def _read(file: Path, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as fault:
        raise UserFault(
            str(file), seen=str(fault), allowed="what sidelight collect init writes", remedy="Mend the file"
        ) from fault


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise UserFault(str(file), seen=str(fault), allowed="a text in UTF-8", remedy="Write one there") from fault
