"""Passwords' hashes and ended logins, in the store: all processes of a campaign agree on them."""

from collections.abc import Callable, Mapping
from typing import get_args

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from sidelight.collect.requester.password import Role, hash_password, make_password
from sidelight.collect.store import setting
from sidelight.collect.store import tables as t
from sidelight.collect.store.engine import Store

HASH = "password."
"""Settings of this name + role hold the hash of the role's password."""

ENDED = "ended."
"""Settings of this name + nonce hold until when the cookie of a login that was ended would have been good."""


class Keys:
    """What decides who may come in.

    Args:
        store: of the campaign.
        clock: seconds since 1970.
    """

    def __init__(self, store: Store, *, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock

    def hashes(self) -> Mapping[Role, str]:
        """Role -> hash of its password, as it is now; roles without a password are left out."""
        names = {HASH + role: role for role in get_args(Role)}
        row = t.setting.c
        with self._store.read() as c:
            found = c.execute(sa.select(row.name, row.value).where(row.name.in_(names))).all()
        return {names[name]: value for name, value in found}

    def renew(self, role: Role) -> str:
        """Make a new password for a role; the old one, and all logins with it, are no longer good."""
        password = make_password()
        hashed = hash_password(password)
        self._store.write(lambda c: setting.write(c, HASH + role, hashed)).result()
        return password

    def ended(self, nonce: str) -> bool:
        """Whether a login was ended."""
        with self._store.read() as c:
            return bool(setting.read(c, ENDED + nonce))

    def end(self, nonce: str, *, until: float) -> None:
        """End a login whose cookie is good until then; what would be over by itself is forgotten."""
        now = self._clock()

        def work(c: Connection) -> None:
            row = t.setting.c
            ended = c.execute(sa.select(row.name, row.value).where(row.name.startswith(ENDED, autoescape=True))).all()
            over = [name for name, value in ended if float(value) < now]
            c.execute(sa.delete(t.setting).where(row.name.in_(over)))
            setting.write(c, ENDED + nonce, repr(until))

        self._store.write(work).result()


def first_password(store: Store) -> str | None:
    """The admin's password, made at the first start and told this once.

    Args:
        store: of the campaign.

    Returns:
        None when there is one already.
    """
    password = make_password()
    hashed = hash_password(password)

    def work(c: Connection) -> bool:
        if setting.read(c, f"{HASH}admin"):
            return False
        setting.write(c, f"{HASH}admin", hashed)
        return True

    return password if store.write(work).result() else None
