"""Ids that say nothing and cannot be guessed, short enough to stand in every row."""

import hashlib
import secrets

BYTES = 12
"""96 bits, 16 letters: no two alike in any campaign, and nobody finds one by trying."""

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of completion codes: no letter looks like another (0 O, 1 I L)."""

CODE_LENGTH = 14
"""31^14 > 2^69: a code cannot be guessed."""


def is_id(text: str) -> bool:
    r"""Whether a text that somebody sent may be looked for: printable, short, without blanks (PostgreSQL refuses NUL).

    >>> is_id("aZ_-09"), is_id("a\0"), is_id("")
    (True, False, False)
    """
    return 0 < len(text) <= 64 and all("!" <= letter <= "~" for letter in text)


def make_id() -> str:
    """A new id.

    >>> len(make_id())
    16
    """
    return secrets.token_urlsafe(BYTES)


def make_code() -> str:
    """A new completion code, 69 bits of chance, easy to copy by hand."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def hash_token(token: str) -> str:
    """What is kept of a withdrawal token. A plain hash will do: the token is 128 random bits.

    Letters' case, blanks and dashes do not count: people copy tokens by hand.

    >>> hash_token("abcd-efgh ") == hash_token("ABCDEFGH")
    True
    """
    plain = "".join(letter for letter in token.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
