"""Withdrawal: by token, without an account, before and after payment."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.erasure import Removed, erase
from sidelight.collect.store.people import locked
from sidelight.collect.store.refusals import Refused


def withdraw(c: Connection, token_hash: str, *, now: float) -> Removed:
    """Delete all that the holder of a token did. What is paid stays known; a second time removes nothing more.

    Args:
        c: a writing connection.
        token_hash: `ids.hash_token` of the token.
        now: seconds since 1970.

    Raises:
        Refused: no such token.
    """
    id_ = c.execute(sa.select(t.session.c.id).where(t.session.c.withdraw_hash == token_hash)).scalar()
    if id_ is None:
        raise Refused("unknown")
    if locked(c, id_).state in ("withdrawn", "erased"):
        return Removed()
    removed = erase(c, id_, reason="withdrawn", free=True, now=now)
    gone = {"state": "withdrawn", "withdrawn_at": now, "publish": False}
    c.execute(sa.update(t.session).where(t.session.c.id == id_).values(**gone))
    return removed
