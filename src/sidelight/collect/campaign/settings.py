"""What a requester decides about a campaign: `campaign.json`, checked when it is read."""

from typing import Literal, get_args

import msgspec

from sidelight.collect.wire.log import Name
from sidelight.collect.wire.page import ClassOption, ClassPanel, Task
from sidelight.records.errors import Fault, FaultsFound

PAGES_PER_HIT: dict[Task, int] = {"browse": 10, "tag": 20, "paint": 10}
"""As in the published campaigns (browse, tag)."""

MINUTES: dict[Task, float] = {"browse": 15.0, "tag": 15.0, "paint": 12.0}
"""Guess of how long a hit takes, until it was measured."""

LONGEST_NAME: int = get_args(Name)[1].max_length
"""Letters of a class's name that the log of a page takes."""

Panel = Literal["link", "prolific", "generic"]
"""Where people come from, and how they are paid (`collect.panel`)."""


class ClassText(msgspec.Struct, frozen=True, omit_defaults=True):
    """A class, and what people read of it.

    Attributes:
        name: in the data.
        shown: to people; "" shows the name.
        description: Markdown (browse).
        synonyms: other words for it (browse).
        link: https address with more about it; "" if none (browse).
    """

    name: str
    shown: str = ""
    description: str = ""
    synonyms: tuple[str, ...] = ()
    link: str = ""

    def option(self) -> ClassOption:
        """The class as pages show it."""
        return ClassOption(self.name, self.shown or self.name)


class Condition(msgspec.Struct, frozen=True):
    """A variant of the browse page.

    Attributes:
        pointer_dot: a dot follows the pointer and stays where an image was selected; the published instruction of this
            variant asks to click on the object.
        blurred: images are blurred until the pointer is over them.
        weight: how often it is drawn, against the others.
    """

    pointer_dot: bool = False
    blurred: bool = False
    weight: int = 1

    def recorded(self) -> dict[str, bool]:
        """What pages and sessions hold of it."""
        return {"pointer_dot": self.pointer_dot, "blurred": self.blurred}


class Pay(msgspec.Struct, frozen=True):
    """What a hit pays.

    Attributes:
        per_hit: fixed pay, in units of the currency.
        currency: three letters.
        expected_minutes: of a hit, consent and gold pages included; the forecast's hourly pay rests on it.
        panel_fee: share that the panel takes on top.
        hourly_floor: the forecast warns below this hourly pay; 0 never warns.
    """

    per_hit: float = 0.0
    currency: str = "EUR"
    expected_minutes: float = 15.0
    panel_fee: float = 0.0
    hourly_floor: float = 0.0


class Privacy(msgspec.Struct, frozen=True):
    """How what is recorded is kept.

    Attributes:
        retention_days: events and answers are deleted so long after a session began.
        identity_days: panel ids are deleted so long after a session began, if not before, when paid.
        backups: what the consent text says about backups.
        contact: whom people can ask; shown with the consent.
    """

    retention_days: float = 730.0
    identity_days: float = 90.0
    backups: str = ""
    contact: str = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A campaign's settings.

    Attributes:
        task: browse, tag or paint.
        title: what people read at the top.
        locale: language tag of all texts.
        images: folder of the pictures.
        distractors: folder of pictures mixed in (browse); "" takes other classes' pictures.
        classes: browse: those that have pictures; tag: all in the panels; paint: those to decide between.
        panels: tag: panel -> names of its classes, in their order.
        panel_titles: tag: panel -> what people read; a panel that is not in it is shown by its name.
        annotators: of each item.
        pages_per_hit: pages that one annotator takes at a time.
        candidates: pictures of a browse page.
        distractor_ratio: distractors to one true picture.
        conditions: variants of the page, of which each session gets one.
        drawn: in turn, or at random.
        lease_minutes: how long a place is kept without another page being taken.
        hits_per_person: how many one person may do, on one completion code; 1 with prolific.
        practice_pages: before work begins; their answers are judged, not kept.
        gold_share: share of pages with known truth, for screening.
        grid: of a painted mask: cells of its longer side.
        seed: for order and mixing.
        panel: where people come from.
        panel_options: its adapter's own.
        frame_ancestors: sites that may show the pages in a frame; none by default.
        pay: what a hit pays.
        privacy: how long things are kept.
        irb: ethics approval, shown with the consent and written into exports.
        recorded: what the consent page lists as recorded; () takes the English default.
        not_recorded: what it lists as not recorded; () takes the English default.
    """

    task: Task
    title: str
    locale: str = "en"
    images: str
    distractors: str = ""
    classes: tuple[ClassText, ...] = ()
    panels: dict[str, tuple[str, ...]] = {}
    panel_titles: dict[str, str] = {}
    annotators: int = 1
    pages_per_hit: int = 10
    candidates: int = 48
    distractor_ratio: float = 3.0
    conditions: tuple[Condition, ...] = (Condition(),)
    drawn: Literal["in_turn", "at_random"] = "in_turn"
    lease_minutes: float = 60.0
    hits_per_person: int = 1
    practice_pages: int = 1
    gold_share: float = 0.0
    grid: int = 128
    seed: int = 0
    panel: Panel = "link"
    panel_options: dict[str, str] = {}
    frame_ancestors: tuple[str, ...] = ()
    pay: Pay = Pay()
    privacy: Privacy = Privacy()
    irb: str = ""
    recorded: tuple[str, ...] = ()
    not_recorded: tuple[str, ...] = ()

    def options(self) -> tuple[ClassOption, ...]:
        """Classes to decide between."""
        return tuple(one.option() for one in self.classes)

    def class_panels(self) -> tuple[ClassPanel, ...]:
        """The panels of a tag page."""
        known = {one.name: one.option() for one in self.classes}
        titles = self.panel_titles
        return tuple(
            ClassPanel(titles.get(name, name), tuple(known[one] for one in names))
            for name, names in self.panels.items()
        )

    def class_text(self, name: str) -> ClassText:
        """What people read of a class; only its name if nothing was given."""
        return next((one for one in self.classes if one.name == name), ClassText(name))


def check(settings: Settings) -> Settings:
    """The settings, if they can be followed.

    Raises:
        FaultsFound: all that is wrong with them.
    """
    wrong = [Fault(f"campaign.json, {where}", what) for where, what, bad in _rules(settings) if bad]
    if wrong:
        raise FaultsFound("the campaign's settings", wrong, remedy="Mend campaign.json, or the command's options")
    return settings


def _rules(s: Settings) -> list[tuple[str, str, bool]]:
    names = [one.name for one in s.classes]
    listed = [name for names_ in s.panels.values() for name in names_]
    lost = sorted(set(listed) ^ set(names)) if s.task == "tag" else []
    links = [one.link for one in s.classes if one.link and not one.link.startswith("https://")]
    frames = [site for site in s.frame_ancestors if not site.startswith("https://") or set(site) & set(" ;,'\"")]
    weights = [one.weight for one in s.conditions]
    long = [f"{name[:20]}... ({len(name)} letters)" for name in names if len(name) > LONGEST_NAME]
    return [
        ("annotators", f"{s.annotators}; at least 1", s.annotators < 1),
        ("pages_per_hit", f"{s.pages_per_hit}; 1 to 200", not 1 <= s.pages_per_hit <= 200),
        ("candidates", f"{s.candidates}; 2 to 200", not 2 <= s.candidates <= 200),
        ("distractor_ratio", f"{s.distractor_ratio}; 0 to 50", not 0 <= s.distractor_ratio <= 50),
        ("conditions", "none, or a weight below 1; one or more", not weights or min(weights, default=0) < 1),
        ("lease_minutes", f"{s.lease_minutes}; at least 1", not s.lease_minutes >= 1),
        ("hits_per_person", f"{s.hits_per_person}; at least 1", s.hits_per_person < 1),
        (
            "hits_per_person",
            f"{s.hits_per_person} with prolific, which pays a submission once; 1 (pages_per_hit makes a hit longer)",
            s.panel == "prolific" and s.hits_per_person > 1,
        ),
        ("practice_pages", f"{s.practice_pages}; 0 to 20", not 0 <= s.practice_pages <= 20),
        ("gold_share", f"{s.gold_share}; 0 to 0.5", not 0 <= s.gold_share <= 0.5),
        ("grid", f"{s.grid}; 8 to 256 cells", not 8 <= s.grid <= 256),
        ("pay.per_hit", f"{s.pay.per_hit}; 0 or more", not 0 <= s.pay.per_hit < 1e6),
        ("pay.panel_fee", f"{s.pay.panel_fee}; a share from 0 to 1", not 0 <= s.pay.panel_fee <= 1),
        ("pay.expected_minutes", f"{s.pay.expected_minutes}; above 0", not s.pay.expected_minutes > 0),
        (
            "pay.currency",
            f"{s.pay.currency!r}; three capitals",
            not (len(s.pay.currency) == 3 and s.pay.currency.isupper()),
        ),
        ("privacy.retention_days", f"{s.privacy.retention_days}; above 0", not s.privacy.retention_days > 0),
        ("privacy.identity_days", f"{s.privacy.identity_days}; above 0", not s.privacy.identity_days > 0),
        ("classes", f"{_twice(names)} more than once; each once", bool(_twice(names))),
        ("classes", f"names {long[:3]}; at most {LONGEST_NAME} letters (give the long text as 'shown')", bool(long)),
        ("classes", f"links {links[:3]}; https addresses only", bool(links)),
        ("classes", "fewer than 2 to decide between; 2 or more", s.task == "paint" and len(names) < 2),
        ("panels", "none; a tag campaign needs one or more", s.task == "tag" and not s.panels),
        ("panels", f"{lost[:3]} not in both panels and classes; each in both", bool(lost)),
        ("panels", f"{_twice(listed)} more than once; each once", bool(_twice(listed))),
        ("frame_ancestors", f"{frames[:3]}; https origins only", bool(frames)),
    ]


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})[:3]
