"""Completion codes: issued here, random, one a session, used once."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.store import tables as t
from sidelight.collect.store.ids import is_id, make_code


def issue(c: Connection, session: str, *, now: float) -> str:
    """The session's code, made the first time it is asked for (the session must be locked)."""
    code = c.execute(sa.select(t.completion.c.code).where(t.completion.c.session == session)).scalar()
    if code is None:
        code = make_code()
        c.execute(sa.insert(t.completion), {"code": code, "session": session, "issued_at": now})
    return code


def redeem(c: Connection, code: str, *, now: float) -> bool:
    """Use a code.

    Returns:
        True the first time; False for codes that were used before or never issued.
    """
    if not is_id(code):
        return False
    unused = sa.update(t.completion).where(t.completion.c.code == code, t.completion.c.used_at.is_(None))
    return c.execute(unused.values(used_at=now)).rowcount == 1
