"""The calls to Prolific's REST API that paying people needs.

One fixed host, no redirects, a time limit. After Prolific's public documentation (docs.prolific.com, API reference:
"List submissions", "Approve or reject a submission", "Bulk approve submissions", "Set up bonuses", "Pay bonuses"; read
in November 2026); there is no sandbox to try it on.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import httpx

from sidelight.records.errors import UserFault

HOST = "https://api.prolific.com"
SHORTEST_REASON = 100
"""Letters that Prolific asks of a message of rejection."""

MOST_APPROVED = 1000
"""Submissions that Prolific advises to approve in one call."""

PAGE = 100
"""Submissions that are asked for at a time."""

Category = Literal[
    "TOO_QUICKLY", "TOO_SLOWLY", "FAILED_INSTRUCTIONS", "INCOMP_LONGITUDINAL", "FAILED_CHECK", "LOW_EFFORT",
    "MALINGERING", "NO_CODE", "BAD_CODE", "NO_DATA", "UNSUPP_DEVICE", "OTHER",
]  # fmt: skip
"""Why a submission is rejected, in Prolific's words: `rejection_category` of "Approve or reject a submission". The same
list stands in Prolific's own command line (github.com/prolific-oss/cli)."""


class ProlificFault(UserFault):
    """Prolific refused a call, or did not answer.

    Attributes:
        refused: it said no, so that nothing was done. Otherwise nobody here knows whether it was.
    """

    refused = False


class ProlificApi:
    """Calls with one requester's token.

    Args:
        token: of the requester, from the campaign's secrets; "" makes calls that need none.
        transport: how requests travel; None is the network.
    """

    def __init__(self, token: str, *, transport: httpx.BaseTransport | None = None) -> None:
        check_token(token)
        headers = {"Authorization": f"Token {token}"} if token else {}
        self._client = httpx.Client(
            base_url=HOST, headers=headers, transport=transport, timeout=20.0, follow_redirects=False
        )

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def key_set(self) -> dict[str, Any]:
        """The public keys that study tokens are signed with."""
        return self._call("GET", "/.well-known/study/jwks.json")

    def submissions(self, study: str) -> list[dict[str, Any]]:
        """All submissions of a study, page by page: `id`, `participant_id`, `status` and more of each."""
        found: list[dict[str, Any]] = []
        for page in range(1, 1001):
            query = {"study": _id(study), "page": page, "page_size": PAGE}
            said = self._call("GET", "/api/v1/submissions/", params=query)
            rows = said.get("results", [])
            found += rows
            following = said["_links"].get("next", {}).get("href") if "_links" in said else len(rows) == PAGE
            if not following:
                break
        return found

    def bulk_approve(self, submissions: Sequence[str]) -> None:
        """Approve submissions: the people are paid. Asked twice, the second changes nothing."""
        body = {"submission_ids": [_id(one) for one in submissions]}
        self._send("POST", "/api/v1/submissions/bulk-approve/", json=body)

    def reject(self, submission: str, *, category: Category, message: str) -> None:
        """Reject a submission: the person is not paid, and told why. Never done by the service itself.

        Raises:
            UserFault: the message is shorter than Prolific takes.
        """
        if len(message.strip()) < SHORTEST_REASON:
            raise UserFault(
                f"rejection of {submission}",
                seen=f"a message of {len(message.strip())} letters",
                allowed=f"at least {SHORTEST_REASON}",
                remedy="Tell the person what was wrong, and how you know",
            )
        body = {"action": "REJECT", "rejection_category": category, "message": message.strip()}
        self._send("POST", f"/api/v1/submissions/{_id(submission)}/transition/", json=body)

    def set_up_bonus(self, study: str, amounts: Mapping[str, int]) -> str:
        """Prepare bonuses; nothing is paid yet.

        Args:
            study: its id.
            amounts: submission's id -> amount in hundredths of the study's currency.

        Returns:
            Id of the bulk payment, for `pay_bonus`.
        """
        rows = "\n".join(f"{_id(who)},{cents // 100}.{cents % 100:02d}" for who, cents in amounts.items())
        body = {"study_id": _id(study), "csv_bonuses": rows}
        return _id(str(self._call("POST", "/api/v1/submissions/bonus-payments/", json=body).get("id", "")))

    def pay_bonus(self, bulk: str) -> None:
        """Pay prepared bonuses. Asked twice, Prolific pays twice: it is never repeated after a failure."""
        self._send("POST", f"/api/v1/bulk-bonus-payments/{_id(bulk)}/pay/")

    def _call(self, method: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        """What a call answers."""
        try:
            said = self._send(method, path, **more).json()
        except ValueError as failed:
            raise _fault(method, path, "an answer that is no JSON") from failed
        if not isinstance(said, dict):
            raise _fault(method, path, f"an answer that is a {type(said).__name__}, not an object")
        return said

    def _send(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        try:
            reply = self._client.request(method, path, **more)
        except httpx.HTTPError as failed:
            raise _fault(method, path, f"no answer ({type(failed).__name__})") from failed
        if not reply.is_success:
            fault = _fault(method, path, f"status {reply.status_code}")
            fault.refused = reply.is_client_error and reply.status_code != httpx.codes.REQUEST_TIMEOUT
            raise fault
        return reply


def check_token(token: str) -> None:
    """Refuse what cannot stand in a header.

    Raises:
        UserFault: it holds blanks or other letters than printable ASCII. It is not repeated.
    """
    if not token.isascii() or any(not "!" <= letter <= "~" for letter in token):
        raise UserFault(
            "token of Prolific's API",
            seen="something else than printable letters without blanks",
            allowed="a token as Prolific shows it when it is made",
            remedy="Copy it again, alone, from your settings at Prolific",
        )


def _id(given: str) -> str:
    """An id that may stand in a path or a table: letters, digits, '-' and '_'.

    Raises:
        UserFault: it holds anything else, and could lead to another address.
    """
    if not given or not given.isascii() or not given.replace("-", "").replace("_", "").isalnum():
        raise UserFault(
            "id for Prolific",
            seen=repr(given),
            allowed="letters, digits, '-' and '_'",
            remedy="Take the id as Prolific gives it",
        )
    return given


def _fault(method: str, path: str, seen: str) -> ProlificFault:
    remedy = "Check the token and the ids, and look at Prolific before you repeat it"
    return ProlificFault(f"Prolific, {method} {path}", seen=seen, allowed="an answer with status 2xx", remedy=remedy)
