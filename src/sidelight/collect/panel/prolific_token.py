"""The token that Prolific signs for a visit: RS256, its public keys at a fixed address.

After Prolific's public documentation ("Retrieve JSON Web Key Set"): authentic by the key that the header names, not
expired, meant for this service (`aud`), and with the ids of the visit in the claim `prolific`.
"""

from typing import Any
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

LEEWAY_S = 30
"""Clocks differ."""

LONGEST = 8192
"""Letters of a token that are worth reading."""


def signed_ids(token: str, keys: KeySet, *, audience: str, now: float) -> dict[str, str] | None:
    """What a token proves.

    Args:
        token: of the address.
        keys: Prolific's public keys.
        audience: host that the token must be meant for.
        now: seconds since 1970.

    Returns:
        The claim `prolific`; None when the token proves nothing: forged, expired, or meant for another service.
    """
    if len(token) > LONGEST:
        return None
    try:
        claims: dict[str, Any] = jwt.decode(token, keys, algorithms=["RS256"]).claims
        jwt.JWTClaimsRegistry(int(now), leeway=LEEWAY_S, exp={"essential": True}).validate(claims)
    except (JoseError, ValueError, TypeError):
        return None
    said = claims.get("prolific")
    if not _meant_for(claims.get("aud"), audience) or not isinstance(said, dict):
        return None
    return {name: value for name, value in said.items() if isinstance(name, str) and isinstance(value, str)}


def key_set(published: dict[str, Any]) -> KeySet:
    """Public keys as Prolific publishes them; anything but an RSA key for signatures is left out."""
    usable = [key for key in published.get("keys", []) if key.get("kty") == "RSA" and key.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": usable}) if usable else KeySet([])


def _meant_for(aud: object, host: str) -> bool:
    """Whether one of the audiences is our host, be it written as a host or as an address on it."""
    named = [aud] if isinstance(aud, str) else aud if isinstance(aud, list) else []
    hosts = [urlsplit(one if "//" in one else f"//{one}").hostname for one in named if isinstance(one, str)]
    return host.lower() in hosts
