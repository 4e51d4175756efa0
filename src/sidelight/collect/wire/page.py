"""What the service tells a page, and what the page asks of it: the bodies of the annotators' routes."""

from typing import Literal

import msgspec

from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.log import Entry

Task = Literal["browse", "tag", "paint"]
Stage = Literal["consent", "practice", "work", "done", "closed"]
"""Where a session is. `closed`: nothing is left to do, or the campaign does not take this person."""


class Picture(msgspec.Struct, frozen=True):
    """An image of a page.

    Attributes:
        id: opaque.
        url: signed for this session.
        width: pixels, upright; the box is reserved before it loads.
        height: pixels.
        title: what a screen reader says; never the class or the file's name.
    """

    id: str
    url: str
    width: int
    height: int
    title: str


class ClassOption(msgspec.Struct, frozen=True):
    """A class that can be tagged or decided: its name in the data, and what people read."""

    name: str
    shown: str


class ClassPanel(msgspec.Struct, frozen=True):
    """Tag: a superclass with its classes, in their order."""

    name: str
    classes: tuple[ClassOption, ...]


class Wording(msgspec.Struct, frozen=True):
    """Instructions of a page, as safe HTML made from the requester's Markdown.

    Attributes:
        title: plain text.
        html: safe.
        synonyms: of the class (browse).
        link: https address with more about the class; "" if none.
        locale: language tag of the texts.
    """

    title: str
    html: str
    synonyms: tuple[str, ...] = ()
    link: str = ""
    locale: str = "en"


class PageSpec(msgspec.Struct, frozen=True):
    """One page to label.

    Attributes:
        id: of the page within the session's assignment; sent back with chunks and answer.
        task: browse, tag or paint.
        number: from 1.
        of: pages of the assignment.
        pictures: in the order shown; one for tag and paint.
        wording: instructions.
        practice: nothing is recorded, and feedback is given.
        condition: of the interface: pointer_dot and blurred for browse; recorded with the page.
        panels: tag only.
        classes: paint only.
        grid: paint only: (width, height) of the mask.
        log: task entries of the page that the service already has, in order (after a reload).
        segment: number that this showing of the page takes.
    """

    id: str
    task: Task
    number: int
    of: int
    pictures: tuple[Picture, ...]
    wording: Wording
    practice: bool = False
    condition: dict[str, bool] = {}
    panels: tuple[ClassPanel, ...] = ()
    classes: tuple[ClassOption, ...] = ()
    grid: tuple[int, int] = (0, 0)
    log: tuple[Entry, ...] = ()
    segment: int = 0


class Arrival(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/arrive: the address's parameters, as they are; the page then removes them from the address bar."""

    parameters: dict[str, str]


class Session(msgspec.Struct, frozen=True):
    """Answer to an arrival: a bearer token, and where the person is.

    Attributes:
        token: for the Authorization header; kept in sessionStorage.
        stage: what comes next.
        preview: nothing is recorded (a requester looks at the task).
    """

    token: str
    stage: Stage
    preview: bool = False


class ConsentText(msgspec.Struct, frozen=True):
    """GET /api/consent.

    Attributes:
        version: SHA-256 of the text, sent back with the agreement.
        html: safe.
        locale: language tag.
        recorded: plain list of what is recorded.
        not_recorded: plain list of what is not.
    """

    version: str
    html: str
    locale: str
    recorded: tuple[str, ...]
    not_recorded: tuple[str, ...]


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/consent: agreed or not; publication of the byproducts is a choice of its own."""

    version: str
    agreed: bool
    publish: bool = False


class Next(msgspec.Struct, frozen=True):
    """GET /api/page: the page to label now, or where the session is instead.

    Attributes:
        stage: of the session; a page comes with `practice` and `work`.
        page: None otherwise.
        withdraw_token: lets the person withdraw at any time, without an account.
    """

    stage: Stage
    page: PageSpec | None = None
    withdraw_token: str = ""


class Submit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /api/submit.

    Attributes:
        page: id of the page.
        tab: of the browser tab.
        last_seq: number of the tab's last chunk; -1 when it sent none.
        answer: the client's own fold.
        attempt: from 1; the third is taken even with gaps, as is one 30 s after the first.
    """

    page: str
    tab: str
    last_seq: int
    answer: Answer
    attempt: int = 1


class Submitted(msgspec.Struct, frozen=True):
    """200 to a submit.

    Attributes:
        complete: every chunk is there.
        late: the lease had ended; accepted all the same.
        feedback: practice pages: safe HTML; "" otherwise.
        passed: practice pages: whether it may go on.
    """

    complete: bool
    late: bool = False
    feedback: str = ""
    passed: bool = True


class Gaps(msgspec.Struct, frozen=True):
    """409 to a submit: runs [first, last] of chunk numbers that are missing, to be sent before the next attempt."""

    gaps: tuple[tuple[int, int], ...]


class Acknowledged(msgspec.Struct, frozen=True):
    """200 to a chunk: it is on the disk. `again` says that it was there before."""

    tab: str
    seq: int
    again: bool = False


class Completion(msgspec.Struct, frozen=True):
    """POST /api/finish: what the person takes home.

    Attributes:
        code: issued by the service, single-use; "" when the panel wants none.
        redirect: address to go back to; "" if none.
        form: address and fields to post instead; None if none.
        withdraw_token: works after payment, too.
    """

    code: str
    redirect: str = ""
    form: tuple[str, dict[str, str]] | None = None
    withdraw_token: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Body of every error: what happened, and what to do, in words for the person."""

    problem: str
    remedy: str = ""
