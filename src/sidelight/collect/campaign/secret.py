"""`secrets.json`: keys made by chance when the campaign is made, for its owner's eyes only."""

import hashlib
import hmac
import os
import re
import secrets as chance
from base64 import b32encode
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sidelight.records.errors import UserFault

KEY_BYTES = 32
TOKEN_BYTES = 16
"""128 bits: a withdrawal token cannot be guessed."""

MOST_ALIKE = 10
"""So few different digits in a key were typed, not drawn."""


class Secrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The campaign's secrets; never printed, never in a log.

    Attributes:
        signing: signs tokens, cookies and images' addresses.
        withdrawing: withdrawal tokens are made from it.
        vault: encrypts identities.
        store: the database's URL, which may hold a password; "" is the file beside.
        panel: what only the panel and we know; prolific: `api_token` of its API, `webhook_secret` of its hooks, each ""
            as long as there is none.
    """

    signing: str
    withdrawing: str
    vault: str
    store: str = ""
    panel: dict[str, str] = {}

    def __repr__(self) -> str:
        return "Secrets(...)"

    def signing_key(self) -> bytes:
        """Key for signatures."""
        return bytes.fromhex(self.signing)

    def vault_key(self) -> bytes:
        """Key of the vault."""
        return bytes.fromhex(self.vault)

    def withdraw_token(self, session: str) -> str:
        """The token with which a session's person withdraws: the same whenever it is shown, and kept nowhere.

        >>> Secrets("", "00" * 32, "").withdraw_token("s").count("-")
        6
        """
        digest = hmac.digest(bytes.fromhex(self.withdrawing), session.encode(), hashlib.sha256)[:TOKEN_BYTES]
        letters = b32encode(digest).decode().rstrip("=")
        return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def make_secrets(*, store: str = "", panel: Mapping[str, str] | None = None) -> Secrets:
    """New ones."""
    signing, withdrawing, vault = (chance.token_hex(KEY_BYTES) for _ in range(3))
    return Secrets(signing, withdrawing, vault, store, dict(panel or {}))


def write_secrets(file: Path, secrets: Secrets) -> None:
    """Write them into a new file that nobody else can read, from the first byte on."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(msgspec.json.format(msgspec.json.encode(secrets)))


def read_secrets(file: Path) -> Secrets:
    """Read them.

    Raises:
        UserFault: others can read the file, or a key in it was not made by chance.
    """
    try:
        mode, text = file.stat().st_mode, file.read_bytes()
        secrets = msgspec.json.decode(text, type=Secrets)
    except (OSError, msgspec.MsgspecError) as fault:
        # What a decoder says may quote the file: it is not passed on.
        raise UserFault(
            f"secrets {file}",
            seen="missing, or not as sidelight writes it",
            allowed="the file that was made with the campaign",
            remedy="Restore it; without its keys nobody can go on or withdraw",
        ) from (fault if isinstance(fault, OSError) else None)
    if os.name == "posix" and mode & 0o077:
        raise UserFault(
            f"secrets {file}",
            seen=f"mode {mode & 0o777:04o}, others can read it",
            allowed="0600",
            remedy=f"chmod 600 {file.name}, and think of who may have read it",
        )
    for name in ("signing", "withdrawing", "vault"):
        key = getattr(secrets, name)
        if not re.fullmatch(r"[0-9a-f]{64}", key) or len(set(key)) < MOST_ALIKE:
            raise UserFault(
                f"secrets {file}, {name}",
                seen="a key that was not made by chance",
                allowed="64 hexadecimal digits as sidelight makes them",
                remedy="Make the campaign anew",
            )
    return secrets
