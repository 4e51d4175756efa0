"""What the annotators' routes work with, and the questions that all of them ask."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import Request
from joserfc.jwk import KeySet
from sqlalchemy.engine import Connection
from starlette.concurrency import run_in_threadpool

from sidelight.collect.campaign.folder import Campaign
from sidelight.collect.panel.prolific_hook import Hook
from sidelight.collect.panel.table import Panel, panel_of
from sidelight.collect.service.intake import Intake
from sidelight.collect.service.metrics import Metrics
from sidelight.collect.service.pace import KEYS, Pace
from sidelight.collect.service.problem import Trouble
from sidelight.collect.service.tokens import Tokens
from sidelight.collect.store import people
from sidelight.collect.store.engine import Store
from sidelight.collect.store.people import Session, State
from sidelight.collect.store.vault import Vault
from sidelight.collect.store.writer import T, Work
from sidelight.collect.wire.page import Stage

STAGES: dict[State, Stage] = {
    "arrived": "consent",
    "agreed": "practice",
    "work": "work",
    "done": "done",
    "refused": "closed",
    "returned": "closed",
    "withdrawn": "closed",
    "erased": "closed",
}
"""What comes next for a session, by its state."""


@dataclass
class Paces:
    """How much each sender may send; far above what any person or recorder does.

    Attributes:
        bytes: of chunks, by session: 4 MiB at once (ten minutes offline), then 64 KiB/s.
        samples: of the pointer, by session: a 1000 Hz mouse sends 1000/s.
        requests: of any other kind, by session.
        arrivals: by address; a university or an office may share one.
        guesses: of wrong tokens, by address.
    """

    bytes: Pace
    samples: Pace
    requests: Pace
    arrivals: Pace
    guesses: Pace


def usual_paces(clock: Callable[[], float]) -> Paces:
    """The paces of a campaign."""
    return Paces(
        bytes=Pace(burst=4 << 20, rate=64 << 10, clock=clock),
        samples=Pace(burst=1_000_000, rate=4_000, clock=clock),
        requests=Pace(burst=300, rate=10, clock=clock),
        arrivals=Pace(burst=3_000, rate=30, clock=clock),
        guesses=Pace(burst=60, rate=1, clock=clock),
    )


@dataclass
class Desk:
    """A running campaign, as its routes see it.

    Attributes:
        campaign: settings, secrets and texts.
        store: of the campaign.
        vault: who is who.
        clock: seconds since 1970.
        tokens: signs and checks.
        panel: where people come from.
        metrics: counts.
        paces: how fast anyone may send.
        intake: keeps chunks.
        keys: public keys of the panel; None while they are not known.
        hook: takes the panel's webhooks; None if there is no secret for them.
        practised: session -> practice pages passed, in this process only: practice is kept nowhere.
    """

    campaign: Campaign
    store: Store
    vault: Vault
    clock: Callable[[], float]
    tokens: Tokens
    panel: Panel
    metrics: Metrics
    paces: Paces
    intake: Intake
    keys: KeySet | None = None
    hook: Hook | None = None
    practised: dict[str, int] = field(default_factory=dict)

    @property
    def practice_pages(self) -> int:
        """How many pages are practised before work begins."""
        return len(self.campaign.practice.pages)

    def passed(self, session: str, nth: int) -> None:
        """Remember that a practice page was passed; who is forgotten, since many came after her, begins again."""
        if nth == self.practised.get(session, 0):
            self.practised.pop(session, None)
            if nth + 1 < self.practice_pages:
                self.practised[session] = nth + 1
        if len(self.practised) > KEYS:
            self.practised.pop(next(iter(self.practised)))

    def write(self, work: Work[T]) -> T:
        """Do a piece of work and wait for its commit; for routes that run in a thread."""
        return self.store.write(work).result()

    def session(self, c: Connection, id: str) -> Session:  # noqa: A002 (as in the store)
        """The session that a token proves.

        Raises:
            Trouble: it is no more.
        """
        found = people.session(c, id)
        if found is None:
            raise Trouble(401)
        return found

    def stage(self, found: Session) -> Stage:
        """What comes next for a session."""
        return STAGES[found.state]

    def holder(self, request: Request) -> str:
        """The session that a request's bearer token proves: the only way in which routes learn of a session.

        Raises:
            Trouble: there is no good token; or too many bad ones came from this address.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        session = self.tokens.session(token.strip()) if scheme.lower() == "bearer" else ""
        if not session:
            self.wait(self.paces.guesses.take(address(request)))
            raise Trouble(401)
        return session

    def wait(self, seconds: float) -> None:
        """Refuse for so long; 0 lets pass.

        Raises:
            Trouble: 429 with the seconds to wait.
        """
        if seconds:
            self.metrics.refused.inc()
            raise Trouble(429, wait=seconds)


def make_desk(campaign: Campaign, store: Store, *, clock: Callable[[], float]) -> Desk:
    """Open what the routes need.

    Raises:
        UserFault: the campaign's panel cannot be used with its options.
    """
    settings, secrets = campaign.settings, campaign.secrets
    secret = secrets.panel.get("webhook_secret", "")
    return Desk(
        campaign=campaign,
        store=store,
        vault=Vault(campaign.vault_place, secrets.vault_key()),
        clock=clock,
        tokens=Tokens(secrets.signing_key()),
        panel=panel_of(settings.panel, settings.panel_options),
        metrics=Metrics(),
        paces=usual_paces(clock),
        intake=Intake(store),
        hook=Hook(secret) if secret and settings.panel == "prolific" else None,
    )


def address(request: Request) -> str:
    """Where a request comes from; used for pace, never written down."""
    return request.client.host if request.client else ""


async def threaded(work: Callable[[], T]) -> T:
    """Do something that waits for the database or computes, beside the loop."""
    return await run_in_threadpool(work)
