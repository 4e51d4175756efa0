"""What the service tells the requester's pages: the bodies of the admin routes."""

import msgspec

from sidelight.collect.requester.password import Role
from sidelight.collect.wire.answer import Answer
from sidelight.collect.wire.page import ClassOption, Task


class Me(msgspec.Struct, frozen=True):
    """GET /admin/api/me: who is logged in, and to what."""

    role: Role
    campaign: str
    task: Task
    open: bool


class Count(msgspec.Struct, frozen=True):
    """How many there are of a kind."""

    name: str
    n: int


class Hour(msgspec.Struct, frozen=True):
    """Pages submitted within an hour that began `at` (seconds since 1970)."""

    at: int
    pages: int


class TimeSpent(msgspec.Struct, frozen=True):
    """Where the time on submitted pages went, ms: with input, without any for over 30 s, with the page hidden."""

    active_ms: float
    idle_ms: float
    hidden_ms: float


class Leases(msgspec.Struct, frozen=True):
    """Assignments under way: in time, and past their time (they still may submit)."""

    running: int
    overdue: int


class Pay(msgspec.Struct, frozen=True):
    """What annotators of finished assignments earned an hour.

    Attributes:
        currency: three letters.
        per_assignment: fixed pay of an assignment.
        assignments: finished ones that these figures rest on.
        hourly_on_page: median of pay / (active + idle time on pages); None without any.
        hourly_in_all: median of pay / time from arrival to the last submit, breaks and consent included.
    """

    currency: str
    per_assignment: float
    assignments: int
    hourly_on_page: float | None
    hourly_in_all: float | None


class Overview(msgspec.Struct, frozen=True):
    """GET /admin/api/overview.

    Attributes:
        at: seconds since 1970 at which this was counted (figures are a few seconds old at most).
        pages_wanted: pages of all hits times annotators a hit.
        pages_done: pages submitted, of sessions that count.
        pages: by state.
        sessions: by state.
        finished: sessions that submitted all their pages.
        complete: of these, whose every page has every chunk.
        complete_share: complete / finished; None while nobody finished.
        disagreeing: submitted pages whose answer is not what their log comes to.
        late: pages submitted after their lease.
        hours: throughput, oldest first, the last 48 hours, hours without pages included.
        time: on submitted pages.
        leases: under way.
        pay: so far.
        excluded: sessions excluded by screening.
        withdrawn: people who withdrew.
    """

    at: float
    pages_wanted: int
    pages_done: int
    pages: tuple[Count, ...]
    sessions: tuple[Count, ...]
    finished: int
    complete: int
    complete_share: float | None
    disagreeing: int
    late: int
    hours: tuple[Hour, ...]
    time: TimeSpent
    leases: Leases
    pay: Pay
    excluded: int
    withdrawn: int


class Annotator(msgspec.Struct, frozen=True):
    """One row of GET /admin/api/annotators.

    Attributes:
        session: random pseudonym.
        state: of the session.
        created_at: seconds since 1970.
        pages: submitted.
        complete: of these, with every chunk.
        page_ms: median active time a page.
        agreement: share of others' judgements of the same things that were hers too; None where nobody else judged
            them, and of who is excluded.
        excluded: reason of an admin's exclusion; "" if none.
    """

    session: str
    state: str
    created_at: float
    pages: int
    complete: int
    page_ms: float | None
    agreement: float | None
    excluded: str


class Screened(msgspec.Struct, frozen=True):
    """GET /admin/api/annotators/SESSION/screening. Screening only: a reason to look, never a finding.

    Attributes:
        session: random pseudonym.
        pages: that these figures rest on.
        decision_ms: median time over a picture until it was selected, else on a page; None if unknown.
        gold_inside: share of clicks on gold pictures that lie in the object's box; None without any.
        flags: what stands out, in words.
    """

    session: str
    pages: int
    decision_ms: float | None
    gold_inside: float | None
    flags: tuple[str, ...]


class Item(msgspec.Struct, frozen=True):
    """One row of GET /admin/api/items: a picture of the campaign."""

    id: str
    pool: str
    label: str
    gold: bool
    width: int
    height: int


class PageRow(msgspec.Struct, frozen=True):
    """One row of GET /admin/api/pages: a page of an assignment."""

    id: str
    session: str
    hit: str
    number: int
    state: str
    submitted_at: float | None
    complete: bool | None
    agrees: bool | None
    late: bool | None
    active_ms: float | None


class ShownPicture(msgspec.Struct, frozen=True):
    """A picture of a page in detail."""

    id: str
    label: str
    pool: str
    gold: bool
    width: int
    height: int


class PageDetail(msgspec.Struct, frozen=True):
    """GET /admin/api/pages/ID: all that is known of a page but its raw chunks.

    Attributes:
        row: as in the list.
        task: browse, tag or paint.
        label: browse: the class that is looked for; "" otherwise.
        pictures: in the order shown.
        classes: tag and paint: those that can be chosen.
        grid: paint: (width, height) of the mask.
        condition: of the interface.
        answer: None before it is submitted.
        time: spent.
        segments: how often it was shown.
        chunks: stored.
        bytes: that they take.
        samples: of the pointer, in them.
    """

    row: PageRow
    task: Task
    label: str
    pictures: tuple[ShownPicture, ...]
    classes: tuple[ClassOption, ...]
    grid: tuple[int, int]
    condition: dict[str, bool]
    answer: Answer | None
    time: TimeSpent
    segments: int
    chunks: int
    bytes: int
    samples: int


class Consent(msgspec.Struct, frozen=True):
    """One version of the consent text, and who agreed to it."""

    version: str
    current: bool
    agreed: int
    publish: int
    first_at: float | None
    last_at: float | None


class Consents(msgspec.Struct, frozen=True):
    """GET /admin/api/consent: ethics approval, and all versions of the text that anybody agreed to."""

    irb: str
    versions: tuple[Consent, ...]


class CostLine(msgspec.Struct, frozen=True):
    """One figure of the forecast, in words."""

    name: str
    said: str


class Cost(msgspec.Struct, frozen=True):
    """GET /admin/api/cost: the forecast, what to think about before publishing, and what was earned so far."""

    lines: tuple[CostLine, ...]
    warnings: tuple[str, ...]
    pay: Pay


class Preview(msgspec.Struct, frozen=True):
    """POST /admin/api/preview: an address that shows the task and records nothing, good until `until`."""

    url: str
    until: float


class NewPassword(msgspec.Struct, frozen=True):
    """POST /admin/api/passwords/ROLE: the new password, told this once."""

    role: Role
    password: str


class Done(msgspec.Struct, frozen=True):
    """It was done."""
