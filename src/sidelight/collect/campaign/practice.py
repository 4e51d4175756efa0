"""Practice: pages with known answers, before work begins. What is done on them is judged and not kept."""

from collections.abc import Sequence

import msgspec

from sidelight.collect.campaign.mixing import make_pages
from sidelight.collect.campaign.settings import Settings
from sidelight.collect.campaign.wording import to_html
from sidelight.collect.store.pictures import Picture
from sidelight.collect.store.plan import Plan
from sidelight.collect.wire.answer import Answer, BrowseAnswer, TagAnswer

CANDIDATES = 12
"""Pictures of a browse page for practice: enough to learn it."""


class PracticePage(msgspec.Struct, frozen=True):
    """A page for practice.

    Attributes:
        plan: what it shows.
        yes: browse: pictures to select; tag: classes that are there; paint: the class to decide for.
        no: browse: pictures not to select. What is in neither list is not judged.
    """

    plan: Plan
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


class Texts(msgspec.Struct, frozen=True):
    """What people read after a practice page: Markdown, with {n} for a number; edit them in practice.json."""

    good: str = "Well done. This is how it works."
    missed: str = "You missed {n}. Look again."
    wrong: str = "{n} of those you chose do not belong there. Look again."
    blank: str = "Nothing is painted yet. Paint the parts of the image that made you decide."


class Practice(msgspec.Struct, frozen=True):
    """practice.json."""

    pages: tuple[PracticePage, ...] = ()
    texts: Texts = Texts()


class Judgement(msgspec.Struct, frozen=True):
    """What is said about a practice page: whether the person may go on, and safe HTML."""

    passed: bool
    feedback: str


def make_practice(pictures: Sequence[Picture], settings: Settings) -> Practice:
    """Practice pages of gold pictures where there are enough; else of others, whose folders tell the answer."""
    wanted = settings.practice_pages
    small = msgspec.structs.replace(settings, candidates=min(CANDIDATES, settings.candidates), seed=settings.seed + 1)
    gold = [one for one in pictures if one.gold or one.pool == "distractors"]
    plans = make_pages(gold, small)
    if len(plans) < wanted:
        plans = make_pages(pictures, small)
    step = max(1, len(plans) // wanted) if wanted else 1
    known = {one.id: one for one in pictures}
    return Practice(tuple(_page(plan, known, settings) for plan in plans[::step][:wanted]))


def judge(page: PracticePage, answer: Answer, texts: Texts) -> Judgement:
    """Judge an answer: passed with at least half of what is there, and at most a third wrong.

    Args:
        page: that was practised.
        answer: what was done on it.
        texts: of the campaign.
    """
    if isinstance(answer, BrowseAnswer):
        given = set(answer.selected)
    elif isinstance(answer, TagAnswer):
        given = set(answer.icons)
    else:
        given = {answer.label}
        if len(answer.runs) < 2:
            return Judgement(False, to_html(texts.blank))
    missed, wrong = len(set(page.yes) - given), len(set(page.no) & given)
    said = [texts.missed.replace("{n}", str(missed))] * bool(missed) + [texts.wrong.replace("{n}", str(wrong))] * bool(
        wrong
    )
    passed = 2 * missed <= len(page.yes) and 3 * wrong <= max(1, len(given))
    return Judgement(passed, to_html("\n\n".join(said or [texts.good])))


def _page(plan: Plan, known: dict[str, Picture], settings: Settings) -> PracticePage:
    shown = [known[one] for one in plan.pictures]
    if settings.task == "browse":
        yes = tuple(one.id for one in shown if one.pool == "images" and one.label == plan.label)
        no = tuple(one.id for one in shown if one.label not in ("", plan.label))
        return PracticePage(plan, yes, no)
    names = {one.name for one in settings.classes}
    return PracticePage(plan, tuple(one.label for one in shown if one.label in names))
