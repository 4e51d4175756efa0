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


class Bank:
    """Prolific's side of paying, as far as its documentation says what happens: it pays whatever it is told, twice if
    it is told twice.

    Args:
        submissions: id -> (person, status), all of one study.
    """

    def __init__(self, submissions):
        self.submissions = {one: list(row) for one, row in submissions.items()}
        self.asked = []
        self.rejected, self.prepared, self.paid = {}, {}, []
        self.fails = {}
        """End of a path -> what happens there instead: a status, or ("then", status) after the work was done."""

    @property
    def transport(self):
        return httpx.MockTransport(self._answer)

    def _answer(self, request):
        path, body = request.url.path, json.loads(request.content or b"null")
        self.asked.append((request.method, path))
        assert request.url.host == "api.prolific.com"
        assert request.headers["authorization"] == "Token tok"
        fails = next((what for end, what in self.fails.items() if path.endswith(end)), None)
        if isinstance(fails, int):
            return httpx.Response(fails, json={"error": {"detail": "no"}})
        reply = self._work(path, request.url.params, body)
        return httpx.Response(fails[1]) if fails else reply

    def _work(self, path, query, body):
        if path == "/api/v1/submissions/":
            rows = [{"id": one, "participant_id": who, "status": at} for one, (who, at) in self.submissions.items()]
            return httpx.Response(200, json={"results": rows if query["study"] == IDS[STUDY] else []})
        if path.endswith("/bulk-approve/"):
            for one in body["submission_ids"]:
                self.submissions[one][1] = "APPROVED"
            return httpx.Response(200, json="The request to bulk approve has been made successfully.")
        if path.endswith("/transition/"):
            one = path.split("/")[-3]
            self.submissions[one][1] = "REJECTED"
            self.rejected[one] = body["rejection_category"]
            return httpx.Response(200, json={"id": one, "status": "REJECTED"})
        if path.endswith("/bonus-payments/"):
            bulk = f"bulk{len(self.prepared)}"
            self.prepared[bulk] = dict(row.split(",") for row in body["csv_bonuses"].split("\n"))
            return httpx.Response(201, json={"id": bulk, "study": body["study_id"]})
        self.paid.append(self.prepared[path.split("/")[-3]])
        return httpx.Response(202, json="Payments will be completed shortly.")
