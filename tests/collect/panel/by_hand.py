"""Prolific by hand, after its public documentation: no exchange here was recorded from its servers."""

import json

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from sidelight.collect.panel.prolific import PERSON, STUDY, SUBMISSION

NOW = 1_800_000_000.0
IDS = {PERSON: "5f0000000000000000000001", STUDY: "5f00000000000000000000aa", SUBMISSION: "5f00000000000000000000ff"}


class Signer:
    """Signs study tokens as Prolific would, with a key made here."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
        self.published = {"keys": [self.key.as_dict(private=False)]}
        self.keys = KeySet([RSAKey.import_key(self.published["keys"][0])])

    def token(self, *, kid="first", alg="RS256", key=None, **changed):
        claims = {"iss": "https://www.prolific.com", "exp": NOW + 60, "aud": "https://label.example/?x=1"}
        claims |= {"prolific": {**IDS, "workspace_id": "w"}, **changed}
        return jwt.encode({"alg": alg, "kid": kid}, claims, key or self.key, algorithms=[alg])


def canned(replies, asked):
    """A transport that answers from a table and keeps what was asked."""

    def answer(request):
        asked.append((request.method, str(request.url), json.loads(request.content or b"null"), dict(request.headers)))
        status, body = replies.get((request.method, request.url.path), (404, {"error": "no such thing"}))
        return httpx.Response(status, json=body)

    return httpx.MockTransport(answer)
