"""Passwords of the two roles: made by us, long, shown once, kept only as a slow hash."""

import secrets
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

Role = Literal["admin", "viewer"]
"""An admin does everything. A viewer looks: changes nothing, gets no raw traces and no panel ids."""

BYTES = 18
"""Of randomness in a password: 144 bits, 24 letters. Nobody guesses that; the hash is slow all the same."""

HASHER = PasswordHasher()
"""Argon2id at the cost that the library recommends (RFC 9106, second choice: 64 MiB)."""

LONGEST = 200
"""Letters of a password that are worth hashing; longer ones are refused unread."""


def make_password() -> str:
    """A new password, safe to copy by hand.

    >>> len(make_password())
    24
    """
    return secrets.token_urlsafe(BYTES)


def hash_password(password: str) -> str:
    """What is kept of a password: a slow hash with its salt and its cost."""
    return HASHER.hash(password)


def matches(password: str, hashed: str) -> bool:
    """Whether a password is the one that was hashed; an empty or broken hash matches nothing.

    >>> matches("", "")
    False
    """
    if not hashed or len(password) > LONGEST:
        return False
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
