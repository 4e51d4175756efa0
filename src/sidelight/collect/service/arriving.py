"""Arriving and agreeing: the way to a session, before anything is recorded."""

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from sidelight.collect.campaign.conditions import draw
from sidelight.collect.panel.visit import Identity
from sidelight.collect.service.desk import Desk
from sidelight.collect.service.problem import Trouble
from sidelight.collect.store import consents, people, setting
from sidelight.collect.store.ids import hash_token
from sidelight.collect.wire.page import Agreement, Session

LOOK = "preview"
"""The address's parameter with the token of a requester's link."""

MOST, LONGEST = 50, 10_000
"""Parameters of an address, and letters of one."""


def arrive(desk: Desk, parameters: Mapping[str, str]) -> Session:
    """Begin a session, or go on with the one that this person has.

    Args:
        desk: of the campaign.
        parameters: of the address that the person came by.

    Raises:
        Trouble: too many parameters, or a preview's token that is not good.
        NotAdmitted: the panel does not know such an arrival.
    """
    if len(parameters) > MOST or any(len(k) + len(v) > LONGEST for k, v in parameters.items()):
        raise Trouble(400)
    now = desk.clock()
    if LOOK in parameters:
        if not desk.tokens.previewed(parameters[LOOK], now=now):
            raise Trouble(403, "This preview link is not good any more.", "Make a new one on the campaign's page.")
        return _begin(desk, preview=True, now=now)
    who = desk.panel.arrive(parameters, keys=desk.keys, now=now)
    if who.preview:
        return _begin(desk, preview=True, now=now)
    known = desk.vault.session_of(desk.campaign.settings.panel, who.person) if who.person else None
    if known is not None:
        return _again(desk, known, who)
    with desk.store.read() as c:
        if not is_open(c):
            return Session("", "closed")
    return _begin(desk, preview=False, now=now, who=who)


def is_open(c: Connection) -> bool:
    """Whether the campaign takes new people."""
    return setting.read(c, "open", "yes") == "yes"


def agree(desk: Desk, session: str, said: Agreement) -> Session:
    """Keep that the person agrees, with the text as it was shown; or that she does not.

    Raises:
        Trouble: she saw another version of the text.
        Refused: the session is over.
    """
    now, consent, token = desk.clock(), desk.campaign.consent, desk.tokens.bearer(session)
    if not said.agreed:
        desk.write(lambda c: people.refuse(c, session, now=now))
    elif said.version != consent.version:
        raise Trouble(409, "The text has changed meanwhile.", "Reload the page and read it again.")
    else:
        desk.write(lambda c: _agreed(desk, c, session, publish=said.publish, now=now))
    with desk.store.read() as c:
        found = desk.session(c, session)
    return Session(token, desk.stage(found), found.preview)


def _agreed(desk: Desk, c: Connection, session: str, *, publish: bool, now: float) -> None:
    consent, text = desk.campaign.consent, desk.campaign.consent_markdown
    consents.keep(c, version=consent.version, locale=consent.locale, text=text, now=now)
    hashed = hash_token(desk.campaign.withdraw_token(session))
    people.agree(c, session, version=consent.version, publish=publish, withdraw_hash=hashed, now=now)
    if not desk.practice_pages:
        people.passed_practice(c, session, now=now)


def _begin(desk: Desk, *, preview: bool, now: float, who: Identity | None = None) -> Session:
    settings = desk.campaign.settings

    def work(c: Connection) -> str:
        condition = draw(settings, people.arrivals(c))
        facts = {"panel": settings.panel, "condition": condition, "locale": settings.locale, "preview": preview}
        return people.create_session(c, **facts, now=now)  # type: ignore[arg-type]

    session = desk.write(work)
    if who is not None and who.person:
        kept = desk.vault.remember(session, panel=settings.panel, person=who.person, fields=who.fields, now=now)
        if kept != session:
            return _again(desk, kept, who)
    desk.metrics.arrivals.inc()
    return Session(desk.tokens.bearer(session), "consent", preview)


def _again(desk: Desk, session: str, who: Identity) -> Session:
    """Somebody whom the campaign knows goes on where she was.

    An id that nobody signed opens a session only together with all the ids that it first came with: who merely knows
    somebody's public id does not get into her session.
    """
    kept = desk.vault.identity(session)
    if not who.verified and (kept is None or kept.fields != who.fields):
        raise Trouble(403, "You have taken part in this already.", "Go back to where you found this task.")
    with desk.store.read() as c:
        found = desk.session(c, session)
    return Session(desk.tokens.bearer(session), desk.stage(found), found.preview)
