"""Signed strings that the service hands out: who a request is from, a picture's address, a look at the task.

All are signed with the campaign's secret; a salt each keeps one kind from being used as another.
"""

import hashlib
import hmac
from functools import lru_cache

from itsdangerous import BadSignature, Signer
from itsdangerous.encoding import base64_decode, base64_encode

LONGEST = 512
"""Letters of a signed string that are worth checking."""


class Tokens:
    """Makes and checks signed strings.

    Args:
        key: the campaign's secret.

    >>> tokens = Tokens(b"k" * 32)
    >>> tokens.session(tokens.bearer("s1")), tokens.session("s1.forged")
    ('s1', '')
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._bearer = Signer(key, salt="sidelight.session", digest_method=hashlib.sha256)
        self._picture = Signer(key, salt="sidelight.picture", digest_method=hashlib.sha256)
        self._preview = Signer(key, salt="sidelight.preview", digest_method=hashlib.sha256)
        # A session sends hundreds of chunks with one token; the signature of the last ones is not computed again.
        self.session = lru_cache(maxsize=4096)(self._session)

    def bearer(self, session: str) -> str:
        """The bearer token of a session."""
        return self._bearer.sign(session).decode()

    def _session(self, token: str) -> str:
        """The session that a bearer token proves; "" if none."""
        return _unsigned(self._bearer, token)

    def picture(self, session: str, picture: str) -> str:
        """The last part of a picture's address: another one in every session, and nobody can make one.

        It shows neither the session nor anything of the picture: addresses end in caches and in screenshots.
        """
        return self._picture.sign(f"{base64_encode(picture.encode()).decode()}:{self._tag(session)}").decode()

    def pictured(self, signed: str) -> str:
        """The picture that an address names; "" if it is not one of ours."""
        coded = _unsigned(self._picture, signed).partition(":")[0]
        return base64_decode(coded).decode()

    def preview(self, *, until: float) -> str:
        """A token for the address's parameter `preview`: whoever has it may look at the task, for a while.

        Args:
            until: seconds since 1970.
        """
        return self._preview.sign(f"{until:.0f}").decode()

    def previewed(self, token: str, *, now: float) -> bool:
        """Whether somebody may look at the task now."""
        return now < float(_unsigned(self._preview, token) or 0)

    def _tag(self, session: str) -> str:
        """What stands for a session where others may read it."""
        made = hmac.new(self._key, b"sidelight.tag" + session.encode(), hashlib.sha256).digest()
        return base64_encode(made[:9]).decode()


def _unsigned(signer: Signer, value: str) -> str:
    if len(value) > LONGEST:
        return ""
    try:
        return signer.unsign(value.encode("utf-8", "replace")).decode()
    except BadSignature:
        return ""
