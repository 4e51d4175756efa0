"""Who is logged in: a signed cookie that says the role, since when, and for which password."""

import hashlib
from collections.abc import Mapping

import msgspec
from itsdangerous import BadSignature, URLSafeSerializer

from sidelight.collect.requester.password import Role

LASTS_S = 12 * 3600.0
"""How long a login lasts: a working day."""


class Login(msgspec.Struct, frozen=True):
    """A login, as the cookie carries it.

    Attributes:
        role: admin or viewer.
        since: seconds since 1970.
        nonce: random; names the login, so that it can be ended.
        of: fingerprint of the password's hash: a new password ends all logins with the old one.
    """

    role: Role
    since: float
    nonce: str
    of: str


def fingerprint(hashed: str) -> str:
    """What tells one password's hash from another's, and nothing else."""
    return hashlib.sha256(hashed.encode()).hexdigest()[:16]


def cookie_name(key: bytes) -> str:
    """The cookie's name, another for each campaign: browsers do not keep cookies of two ports of one host apart."""
    return f"sidelight_admin_{hashlib.sha256(b'name' + key).hexdigest()[:8]}"


def sign(login: Login, key: bytes) -> str:
    """The cookie's value."""
    return URLSafeSerializer(key, salt="sidelight.admin").dumps(msgspec.to_builtins(login))


def read(value: str, key: bytes, *, hashes: Mapping[Role, str], now: float) -> Login | None:
    """The login that a cookie's value proves.

    Args:
        value: of the cookie.
        key: of the campaign.
        hashes: role -> its password's hash, as it is now.
        now: seconds since 1970.

    Returns:
        None if the value is forged, too old, or its password is no longer the role's.
    """
    try:
        login = msgspec.convert(URLSafeSerializer(key, salt="sidelight.admin").loads(value), Login)
    except (BadSignature, msgspec.ValidationError):
        return None
    hashed = hashes.get(login.role, "")
    alive = 0 <= now - login.since < LASTS_S
    return login if alive and hashed and login.of == fingerprint(hashed) else None
