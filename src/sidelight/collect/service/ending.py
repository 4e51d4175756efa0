"""Leaving: giving work back, going home paid, and withdrawing."""

from sidelight.collect.panel.visit import Home
from sidelight.collect.service.desk import Desk
from sidelight.collect.service.problem import Trouble
from sidelight.collect.store import answers, leases
from sidelight.collect.store.ids import hash_token
from sidelight.collect.store.refusals import Refused
from sidelight.collect.store.withdrawal import withdraw as remove
from sidelight.collect.wire.page import Completion, Session


def give_back(desk: Desk, session: str) -> Session:
    """Give the assignment back, unfinished; what was submitted stays, and whoever finished one before is done.

    Raises:
        Refused: the session may not record.
    """
    now = desk.clock()
    with desk.store.read() as c:
        found = desk.session(c, session)
    if found.preview:
        return Session(desk.tokens.bearer(session), "closed", preview=True)
    desk.write(lambda c: leases.give_back(c, session, now=now))
    with desk.store.read() as c:
        return Session(desk.tokens.bearer(session), desk.stage(desk.session(c, session)))


def finish(desk: Desk, session: str) -> Completion:
    """What the person takes home. Nothing but unfinished pages holds it back.

    Raises:
        Trouble: pages are left.
        Refused: the session may not record.
    """
    now = desk.clock()
    with desk.store.read() as c:
        if desk.session(c, session).preview:
            return Completion("")
    code = desk.write(lambda c: answers.finish(c, session, now=now))
    if code is None:
        raise Trouble(409, "There are pages left.", "Go on with them; your work so far is kept.")
    home = _home(desk, session, code)
    return Completion(home.code, home.redirect, home.form, desk.campaign.withdraw_token(session))


def withdraw(desk: Desk, token: str) -> None:
    """Delete all that the holder of a token did, from the files, too.

    Raises:
        Trouble: there is no such token.
    """
    now = desk.clock()
    try:
        removed = desk.write(lambda c: remove(c, hash_token(token), now=now))
    except Refused as refused:
        raise Trouble(404, "There is no such token.", "Copy it again, all letters of it.") from refused
    if removed.chunks or removed.answers:
        desk.store.scrub()
    desk.metrics.withdrawals.inc()


def _home(desk: Desk, session: str, code: str) -> Home:
    """By the panel's way; by the code alone where the panel's ids of the person are deleted already."""
    kept = desk.vault.identity(session)
    if kept is None and desk.campaign.settings.panel != "link":
        return Home(code)
    return desk.panel.home(kept.fields if kept else {}, code=code)
