"""The calls to Prolific's REST API that paying people needs.

One fixed host, no redirects, a time limit. After Prolific's public documentation; there is no sandbox to try it on.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import httpx

from sidelight.records.errors import UserFault

HOST = "https://api.prolific.com"
SHORTEST_REASON = 100
"""Letters that Prolific asks of a message of rejection."""

Category = Literal[
    "TOO_QUICKLY", "TOO_SLOWLY", "FAILED_INSTRUCTIONS", "INCOMP_LONGITUDINAL", "FAILED_CHECK", "LOW_EFFORT",
    "MALINGERING", "NO_CODE", "BAD_CODE", "NO_DATA", "UNSUPP_DEVICE", "OTHER",
]  # fmt: skip
"""Why a submission is rejected, in Prolific's words."""


class ProlificFault(UserFault):
    """Prolific refused a call, or did not answer."""


class ProlificApi:
    """Calls with one requester's token.

    Args:
        token: of the requester, from the campaign's secrets.
        transport: how requests travel; None is the network.
    """

    def __init__(self, token: str, *, transport: httpx.BaseTransport | None = None) -> None:
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

    def study(self, study: str) -> dict[str, Any]:
        """A study, with its places, status and reward."""
        return self._call("GET", f"/api/v1/studies/{_id(study)}/")

    def submissions(self, study: str) -> list[dict[str, Any]]:
        """All submissions of a study, page by page."""
        found: list[dict[str, Any]] = []
        for page in range(1, 1001):
            query = {"study": _id(study), "page": page, "page_size": 100}
            rows = self._call("GET", "/api/v1/submissions/", params=query).get("results", [])
            found += rows
            if len(rows) < 100:
                break
        return found

    def submission(self, submission: str) -> dict[str, Any]:
        """One submission, with its person, study and status."""
        return self._call("GET", f"/api/v1/submissions/{_id(submission)}/")

    def approve(self, submission: str) -> dict[str, Any]:
        """Approve a submission: the person is paid. Asked twice, the second changes nothing."""
        return self._transition(submission, {"action": "APPROVE"})

    def bulk_approve(self, submissions: Sequence[str]) -> dict[str, Any]:
        """Approve many submissions."""
        body = {"submission_ids": [_id(one) for one in submissions]}
        return self._call("POST", "/api/v1/submissions/bulk-approve/", json=body)

    def reject(self, submission: str, *, category: Category, message: str) -> dict[str, Any]:
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
        return self._transition(submission, body)

    def request_return(self, submission: str, *, reasons: Sequence[str]) -> dict[str, Any]:
        """Ask the person to return the submission, which costs neither side anything."""
        body = {"request_return_reasons": list(reasons)}
        return self._call("POST", f"/api/v1/submissions/{_id(submission)}/request-return/", json=body)

    def set_up_bonus(self, study: str, amounts: Mapping[str, float]) -> str:
        """Prepare bonuses; nothing is paid yet.

        Args:
            study: its id.
            amounts: submission's or person's id -> amount in the study's currency.

        Returns:
            Id of the bulk payment, for `pay_bonus`.
        """
        rows = "\n".join(f"{_id(who)},{amount:.2f}" for who, amount in amounts.items())
        body = {"study_id": _id(study), "csv_bonuses": rows}
        return str(self._call("POST", "/api/v1/submissions/bonus-payments/", json=body).get("id", ""))

    def pay_bonus(self, bulk: str) -> None:
        """Pay prepared bonuses. Asked twice, they are paid twice: it is never repeated after a failure."""
        self._call("POST", f"/api/v1/bulk-bonus-payments/{_id(bulk)}/pay/")

    def message(self, person: str, *, study: str, text: str) -> None:
        """Write to a person."""
        body = {"recipient_id": _id(person), "study_id": _id(study), "body": text}
        self._call("POST", "/api/v1/messages/", json=body)

    def _transition(self, submission: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._call("POST", f"/api/v1/submissions/{_id(submission)}/transition/", json=body)

    def _call(self, method: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        try:
            reply = self._client.request(method, path, **more)
            said = reply.json() if reply.content and reply.is_success else {}
        except (httpx.HTTPError, ValueError) as failed:
            raise _fault(method, path, f"no usable answer ({type(failed).__name__})") from failed
        if not reply.is_success:
            raise _fault(method, path, f"status {reply.status_code}")
        return said if isinstance(said, dict) else {"results": said}


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
