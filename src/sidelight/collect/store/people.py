"""Sessions: a person's way through the campaign, under a random pseudonym.

arrived -> agreed -> work -> done; or refused, returned, withdrawn, erased. Nothing of what a person does is kept before
she agreed.
"""

from typing import Literal

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import is_id, make_id
from sidelight.collect.store.refusals import Refused

State = Literal["arrived", "agreed", "work", "done", "refused", "returned", "withdrawn", "erased"]
"""`agreed`: has practice before her; `returned`: gave her work back; `erased`: the time of retention is over."""

RECORDING = ("agreed", "work", "done", "returned")
"""States in which what comes is kept: the last chunks may arrive after the end."""


class Session(msgspec.Struct, frozen=True):
    """A row of `tables.session`, which says what each is."""

    id: str
    panel: str
    state: State
    preview: bool
    locale: str
    condition: dict[str, bool]
    created_at: float
    consent_version: str | None
    consent_at: float | None
    publish: bool
    practised_at: float | None
    finished_at: float | None
    withdraw_hash: str | None
    withdrawn_at: float | None
    excluded: str


def create_session(
    c: Connection, *, panel: str, condition: dict[str, bool], locale: str, preview: bool, now: float
) -> str:
    """Somebody arrived.

    Args:
        c: a writing connection.
        panel: where from.
        condition: of the interface, drawn for this session.
        locale: language tag of the texts.
        preview: a requester looks.
        now: seconds since 1970.

    Returns:
        The session's id, a random pseudonym.
    """
    new = make_id()
    row = {"id": new, "panel": panel, "condition": condition, "locale": locale, "preview": preview}
    more = {"state": "arrived", "created_at": now, "publish": False, "excluded": ""}
    c.execute(sa.insert(t.session), row | more)
    return new


def session(c: Connection, id: str) -> Session | None:  # noqa: A002 (the column's name)
    """The session with an id; None if there is none."""
    if not is_id(id):
        return None
    row = c.execute(sa.select(t.session).where(t.session.c.id == id)).mappings().one_or_none()
    return None if row is None else msgspec.convert(row, Session, strict=False)


def locked(c: Connection, id: str) -> Session:  # noqa: A002
    """The session, which nobody else changes until the transaction ends.

    Everything that changes a person's work begins here, so that two of her requests never cross.

    Raises:
        Refused: no such session.
    """
    row = c.execute(sa.select(t.session).where(t.session.c.id == id).with_for_update()).mappings().one_or_none()
    if row is None:
        raise Refused("unknown")
    return msgspec.convert(row, Session, strict=False)


def recording(found: Session) -> Session:
    """The session, if what it sends is kept.

    Raises:
        Refused: it has not agreed yet, or withdrew.
    """
    if found.state in ("withdrawn", "erased"):
        raise Refused("withdrawn")
    if found.consent_at is None or found.state not in RECORDING:
        raise Refused("no_consent")
    if found.preview:
        raise Refused("closed")
    return found


def agree(c: Connection, id: str, *, version: str, publish: bool, withdraw_hash: str, now: float) -> None:  # noqa: A002
    """The person agreed to a version of the consent text; saying so again changes nothing.

    Args:
        c: a writing connection.
        id: of the session.
        version: SHA-256 of the text.
        publish: agreed to publication, too.
        withdraw_hash: `ids.hash_token` of the token that lets her withdraw.
        now: seconds since 1970.

    Raises:
        Refused: no such session, or it refused before, or withdrew.
    """
    found = locked(c, id)
    if found.state == "arrived":
        given = {"consent_version": version, "consent_at": now, "publish": publish, "withdraw_hash": withdraw_hash}
        _change(c, id, state="agreed", **given)
    elif found.consent_at is None or found.state in ("withdrawn", "erased"):
        raise Refused("closed")


def publish(c: Connection, id: str, *, may: bool) -> None:  # noqa: A002
    """The person changes her mind on publication: what is exported from now on goes by it.

    Raises:
        Refused: no such session, or it has not agreed to take part, or withdrew.
    """
    recording(locked(c, id))
    _change(c, id, publish=may)


def refuse(c: Connection, id: str, *, now: float) -> None:  # noqa: A002
    """The person does not agree; only that is kept."""
    if locked(c, id).state == "arrived":
        _change(c, id, state="refused", finished_at=now)


def passed_practice(c: Connection, id: str, *, now: float) -> None:  # noqa: A002
    """The person may begin to work: practice was passed, or there is none.

    Raises:
        Refused: no such session, or it has not agreed.
    """
    found = locked(c, id)
    if found.state == "agreed":
        _change(c, id, state="work", practised_at=now)
    elif found.consent_at is None:
        raise Refused("no_consent")


def exclude(c: Connection, id: str, *, reason: str) -> None:  # noqa: A002
    """Leave a session out of exports for a stated reason, or ("") take it in again. It is paid all the same."""
    locked(c, id)
    _change(c, id, excluded=reason)


def arrivals(c: Connection) -> int:
    """How many people arrived so far: conditions are drawn in turn."""
    return c.execute(sa.select(sa.func.count()).select_from(t.session).where(~t.session.c.preview)).scalar_one()


def _change(c: Connection, id: str, **columns: object) -> None:  # noqa: A002
    c.execute(sa.update(t.session).where(t.session.c.id == id).values(**columns))
